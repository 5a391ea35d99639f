"""The front page of the admin, and the pages of work; every other address under /admin/ is the admin's own."""

from django.urls import path

from companies.work import views

urlpatterns = [
    path("", views.front, name="front"),
    path("search/", views.search, name="search"),
    path("lists/<slug:key>/", views.listed, name="list"),
    path("figures/", views.figures, name="figures"),
    path("figures/<slug:key>/", views.figure, name="figure"),
]
