"""The settings of the tests: those of production, on the throw-away database."""

import os

from tests import cluster, folders

os.environ.update(
    DATABASE_URL=cluster.url(),
    SECRET_KEY="only-for-tests-" + "0123456789abcdef" * 3,
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    EXPORTS_FOLDER=folders.passing("register-exports-"),
    HTTPS_ONLY="no",  # the test client speaks http
    PUBLIC_REQUESTS_A_MINUTE="100000000",  # all tests come from one address; requests are counted all the same
)

from config.settings import *
from config.settings import STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT = None
WHITENOISE_AUTOREFRESH = True  # looks for a static file only when one is asked for
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Tests read the labels of the code; the other languages are tested where they are asked for.
LANGUAGE_CODE = "en"
# Its own tests set up a second factor; a registrar of the others is led on by none.
SECOND_FACTOR_OF_REGISTRARS = False
