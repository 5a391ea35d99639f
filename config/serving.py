"""The settings of the served process: those of `config.settings`, with a pool and time limits."""

from config import database
from config.settings import *
from config.settings import DATABASE_ADDRESS, ENVIRONMENT
from config.settings import INSTALLED_APPS as PARTS

DATABASES = {
    "default": database.served_entry(
        DATABASE_ADDRESS, ENVIRONMENT.database_pool_size, pooler=ENVIRONMENT.database_pooler
    )
}

# The admin is loaded with its pages, see `config.administration`.
INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig" if part == "django.contrib.admin" else part for part in PARTS
]
