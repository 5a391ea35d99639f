"""The pages of official notices, under /admin/notices/: each goes through `views.page`, which asks the scope."""

from django.urls import path

from companies.notices import views

urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.show, name="notice"),
    path("<int:pk>/match/", views.match, name="match"),
    path("<int:pk>/choose/", views.choose, name="choose"),
    path("<int:pk>/remove/", views.remove, name="remove"),
]
