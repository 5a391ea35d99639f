"""Last of the apps' admins: what the parts of others registered is taken back, for it is not built on our base."""

from django.contrib import admin

OWN_APPS = ("registry", "incubators", "companies")

for model in [model for model in admin.site._registry if model._meta.app_label not in OWN_APPS]:
    admin.site.unregister(model)
