"""Firms, their dated facts, financing and published figures in the admin."""

from django.contrib import admin
from django_tasks_db.models import DBTaskResult

from companies import scope, words
from companies.admin import certifications, companies, figures, financing, findings

__all__ = ["certifications", "companies", "figures", "financing", "findings", "scope", "words"]

if admin.site.is_registered(DBTaskResult):
    admin.site.unregister(DBTaskResult)  # what is worked on shows on the pages of uploads, within their scope
