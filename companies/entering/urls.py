"""Help at the field, under /admin/help/."""

from django.urls import path

from companies.entering import views

urlpatterns = [
    path("", views.helping(views.index), name="index"),
    path("code/", views.helping(views.code), name="code"),
    path("unit/", views.helping(views.unit), name="unit"),
    path("ending/", views.helping(views.ending), name="ending"),
    path("renewed/", views.helping(views.renewed), name="renewed"),
    path("twins/", views.helping(views.same), name="twins"),
]
