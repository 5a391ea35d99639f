"""The pages of uploads, all of them, under /admin/uploads/: each goes through `views.page`, which asks the scope."""

from django.urls import path

from companies.uploads import views

urlpatterns = [
    path("", views.index, name="index"),
    path("template.xlsx", views.template, name="template"),
    path("<int:pk>/", views.show, name="upload"),
    path("<int:pk>/columns/", views.columns, name="columns"),
    path("<int:pk>/correct/", views.correct, name="correct"),
    path("<int:pk>/commit/", views.commit, name="commit"),
    path("<int:pk>/undo/", views.undo, name="undo"),
    path("<int:pk>/again/", views.again, name="again"),
    path("<int:pk>/progress/", views.progress, name="progress"),
    path("<int:pk>/reasons.xlsx", views.reasons, name="reasons"),
]
