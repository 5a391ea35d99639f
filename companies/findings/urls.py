"""The pages of findings, all of them, under /admin/findings/."""

from django.urls import path

from companies.findings import views

urlpatterns = [
    path("", views.overview, name="overview"),
    path("<slug:code>/", views.of_rule, name="rule"),
    path("<slug:code>/<int:pk>/", views.explain, name="explain"),
]
