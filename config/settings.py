"""Django settings. Everything that differs between machines comes through `config.environment`."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import database, environment

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = environment.read()

# --- The trial: no DATABASE_URL, hence the embedded database and a generated secret.
TRIAL = ENVIRONMENT.is_trial
if ENVIRONMENT.database is not None:
    DATABASE_ADDRESS = ENVIRONMENT.database
    SECRET_KEY = ENVIRONMENT.secret_key
else:
    from config import embedded  # only here: with DATABASE_URL nothing of it may run

    TRIAL_CLUSTER = embedded.trial(BASE_DIR)
    DATABASE_ADDRESS = TRIAL_CLUSTER.address()
    SECRET_KEY = TRIAL_CLUSTER.kept_secret("secret-key")
SECRET_KEY_FALLBACKS: list[str] = []

DEBUG = False
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)

# --- Parts
INSTALLED_APPS = [
    "registry",  # before the admin, whose templates it extends
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "corsheaders",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_tasks",
    "django_tasks_db",
    "incubators",
    "companies",
    "config",
]
MIDDLEWARE = [
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "registry.middleware.StaticFilesMiddleware",
    "csp.middleware.CSPMiddleware",
    "registry.codings.CodingMiddleware",
    "registry.keys.using.KeyUseMiddleware",
    "registry.limits.middleware.LimitMiddleware",
    "registry.refusing.ProblemMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "registry.refusing.TextMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "registry.middleware.ActorMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "registry.accounts.duties.DutiesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.trial",
                "registry.accounts.pages.page",
            ],
        },
    },
]

# --- Database
DATABASES = {"default": database.entry(DATABASE_ADDRESS, pooler=ENVIRONMENT.database_pooler)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People
AUTH_USER_MODEL = "registry.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = [
    "registry.accounts.backends.LockOutBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "account_login"
SECOND_FACTOR_OF_REGISTRARS = not TRIAL

# django-allauth: the pages in `config/accounts.py`; no registration, no mail, no social accounts.
ACCOUNT_ADAPTER = "registry.accounts.adapter.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # a session ends with the browser
ACCOUNT_RATE_LIMITS = False  # they count in each process; django-axes counts in the database
ACCOUNT_FORMS = {
    "login": "registry.accounts.forms.StaffLoginForm",
    "reauthenticate": "registry.accounts.forms.StaffReauthenticateForm",
    "change_password": "registry.accounts.forms.StaffPasswordForm",
}
MFA_ADAPTER = "registry.accounts.adapter.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # one step of 30 seconds before and after: clocks differ
MFA_FORMS = {
    "authenticate": "registry.accounts.forms.LoginCodeForm",
    "reauthenticate": "registry.accounts.forms.ReauthenticateCodeForm",
    "activate_totp": "registry.accounts.forms.StaffActivateForm",
}

# django-axes: by the name alone, so that many addresses get no more attempts than one.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["login", "username", "code", "password", "oldpassword", "password1", "password2"]
SILENCED_SYSTEM_CHECKS = [
    "axes.W002",  # no AxesMiddleware: its answer would tell that an account is closed
    "axes.W006",  # no address among the parameters: see above
]

# --- Languages and days
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English")), ("it", _("Italian"))]
FORMAT_MODULE_PATH = "config.formats"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = database.TIME_ZONE

# --- Kept answers
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 1_000},  # some 20 for a page of figures on one day in one language
    }
}

# --- Files
STATIC_URL = "/static/"
STATIC_ROOT = None if TRIAL else BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = TRIAL  # the trial needs no collectstatic
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TRIAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

FILE_UPLOAD_HANDLERS = [
    "registry.sheets.receiving.LimitedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Work in the background: `manage.py db_worker` does it, docs/settings.md
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- Security
CSRF_TRUSTED_ORIGINS = list(ENVIRONMENT.csrf_trusted_origins)
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies
CORS_ALLOWED_ORIGINS = list(ENVIRONMENT.cors_origins)
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PATCH", "DELETE"]
CORS_ALLOW_HEADERS = [
    *("accept-language", "authorization", "content-type", "idempotency-key"),
    *("if-match", "if-none-match", "if-range", "range"),
]
CORS_EXPOSE_HEADERS = [
    *("Accept-Ranges", "Content-Disposition", "Content-Range", "ETag", "Idempotency-Replayed", "Link", "Location"),
    *("RateLimit", "RateLimit-Policy", "Repr-Digest", "Retry-After", "X-Request-Id"),
]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_SSL_REDIRECT = ENVIRONMENT.is_https_only
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.is_https_only else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENVIRONMENT.is_https_only
SECURE_HSTS_PRELOAD = ENVIRONMENT.is_https_only
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = ENVIRONMENT.is_https_only
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SECURE = ENVIRONMENT.is_https_only
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- API; what DRF needs of the apps is named by dotted path
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["registry.api.renderers.RegisterJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["registry.api.parsers.StrictJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "registry.keys.authentication.KeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_SCHEMA_CLASS": "registry.api.openapi.RegisterSchema",
    "EXCEPTION_HANDLER": "registry.api.problems.exception_handler",
    "URL_FORMAT_OVERRIDE": None,
}
LICENCE = {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
"""Of the data that everyone may read: docs/decisions/0015-downloads.md."""
SPECTACULAR_SETTINGS = {
    "LICENSE": LICENCE,
    "DEFAULT_GENERATOR_CLASS": "config.openapi.generator.RegisterGenerator",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVERS": [{"url": "/"}],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [],  # its own lifts choices into schemas, and loses the empty choice on the way
    "SORT_OPERATION_PARAMETERS": False,
}

# --- The register
PUBLIC_REQUESTS_A_MINUTE = ENVIRONMENT.public_requests
KEY_REQUESTS_A_MINUTE = ENVIRONMENT.key_requests
TRIAL_KEY_REQUESTS_A_MINUTE = ENVIRONMENT.trial_key_requests
MOST_ROWS_OF_A_FILE = 50_000
EXPORTS_FOLDER = ENVIRONMENT.exports_folder or str((TRIAL_CLUSTER.home if TRIAL else BASE_DIR) / "exports")
"""Where whole sets are published; one for all processes and hosts."""
WRITABLE_DAYS_AFTER_LEAVING = 90
"""For how long an incubator may still correct a firm that left it; to read, it keeps it."""
ADJACENCY_RADIUS_METRES = 3_000
"""How near to a campus a firm's seat makes it adjacent; no official distance exists."""

# --- Log
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"axes": {"level": "WARNING"}},
    "root": {"handlers": ["stderr"], "level": ENVIRONMENT.log_level},
}
