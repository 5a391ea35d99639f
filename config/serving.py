"""The settings of the served process: those of `config.settings`, with a pool and time limits."""

from config import database
from config.settings import *
from config.settings import DATABASE_ADDRESS, ENVIRONMENT

DATABASES = {
    "default": database.served_entry(
        DATABASE_ADDRESS, ENVIRONMENT.database_pool_size, pooler=ENVIRONMENT.database_pooler
    )
}
