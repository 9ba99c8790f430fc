"""The one settings file: everything an operator may change comes from the environment.

docs/operations.md lists the variables.
"""

from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
import dj_email_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from workbench import environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(environment.text("WORKBENCH_VAR_DIR") or BASE_DIR / "var")

DEBUG = environment.flag("WORKBENCH_DEBUG")
BASE_URL = environment.text("WORKBENCH_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
HTTPS = BASE_URL.startswith("https://")
EVIDENCE_HOST = environment.text("WORKBENCH_EVIDENCE_HOST")

SECRET_KEY = environment.secret(
    "WORKBENCH_SECRET_KEY", development_file=VAR_DIR / "secret-key" if DEBUG else None
)
KEY_ENCRYPTION_KEY = environment.encryption_key(
    "WORKBENCH_KEY_ENCRYPTION_KEY",
    environment.secret(
        "WORKBENCH_KEY_ENCRYPTION_KEY", development_file=VAR_DIR / "key-encryption-key" if DEBUG else None
    ),
)
# The former one, while `rewrap_keys` is still to run: what it sealed opens until then.
_former_key = environment.text("WORKBENCH_KEY_ENCRYPTION_KEY_OLD")
KEY_ENCRYPTION_KEY_OLD = (
    environment.encryption_key("WORKBENCH_KEY_ENCRYPTION_KEY_OLD", _former_key) if _former_key else b""
)
# Where new signing keys are kept: empty for the database, else a security module.
SIGNER = environment.signer("WORKBENCH_SIGNER")
SIGNER_PIN = environment.text("WORKBENCH_SIGNER_PIN")

_host = urlsplit(BASE_URL).hostname or ""
ALLOWED_HOSTS = [host for host in (_host, EVIDENCE_HOST.split(":")[0]) if host]
if DEBUG:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "workbench",
    "assessments",
    "badges",
    "reviews",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "guardian",
    "lucide",
]

MIDDLEWARE = [
    "badges.signing.signs_nothing",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "workbench.headers.permissions_policy",
    "workbench.evidence_host.only_evidence",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "workbench.languages.user_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "workbench.errors.AnswerErrors",
]

ROOT_URLCONF = "workbench.urls"
WSGI_APPLICATION = "workbench.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "workbench.navigation.navigation",
                "workbench.navigation.bell",
            ],
            "builtins": ["workbench.templatetags.access", "workbench.templatetags.languages"],
        },
    }
]

# --- Data ------------------------------------------------------------------------------------------

VAR_DIR.mkdir(parents=True, exist_ok=True)
DATABASES = {
    "default": dj_database_url.parse(
        environment.text("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'workbench.sqlite3'}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE takes the write lock at BEGIN, so two writers queue instead of failing half-way;
    # FULL keeps the promise that what was answered 2xx survives a power cut.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
# Counts what one address asks for. Django's usual 300 entries are forgotten while one school signs in.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STORAGES = {
    "default": environment.storage(
        environment.text("WORKBENCH_STORAGE_URL", "file:"), root=VAR_DIR / "storage"
    ),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"

FILE_UPLOAD_HANDLERS = ["workbench.uploads.DigestingUploadHandler"]
MAX_EVIDENCE_BYTES = environment.number("WORKBENCH_MAX_EVIDENCE_BYTES", 64 * 1024 * 1024)
MAX_EVIDENCE_ITEMS = environment.number("WORKBENCH_MAX_EVIDENCE_ITEMS", 20)
MAX_LEARNER_BYTES = environment.number("WORKBENCH_MAX_LEARNER_BYTES", 1024 * 1024 * 1024)
# Whether verifying a badge may ask the website that the badge names (see badges/fetching.py).
VERIFIER_FETCHES = environment.flag("WORKBENCH_VERIFIER_FETCHES")
# A clamd daemon; with one, nobody opens a file before it is cleared.
CLAMD_URL = environment.clamd("WORKBENCH_CLAMD_URL")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

EMAIL_URL = environment.text("EMAIL_URL") or ("console:" if DEBUG else "")
if EMAIL_URL:
    vars().update(dj_email_url.parse(EMAIL_URL))
DEFAULT_FROM_EMAIL = environment.text("WORKBENCH_FROM_EMAIL") or f"Open Badges for IT <workbench@{_host}>"

# --- People ----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "workbench.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "workbench.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"

SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_SSL_REDIRECT = environment.flag("WORKBENCH_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
if environment.flag("WORKBENCH_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # allauth counts wrong passwords by address: without this all people behind the proxy would share one.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

# --- Headers ---------------------------------------------------------------------------------------

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- Languages -------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("fr", _("French")), ("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "workbench" / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = ["workbench.formats"]
USE_TZ = True
TIME_ZONE = "Europe/Brussels"

# --- Logs: request lines and tracebacks, never names, tokens, evidence or secrets --------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {
        # Whoever asks whether the product is ready hears the answer; each "not yet" is no error of its own.
        "no_probe": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: getattr(getattr(record, "request", None), "path", "") != "/readyz",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": environment.text("WORKBENCH_LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": []},  # Django's own console, which would print every line a second time
        "django.request": {"filters": ["no_probe"]},
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
        "django.db.backends": {"level": "INFO"},
    },
}

SILENCED_SYSTEM_CHECKS = [
    "security.W021",  # HSTS preload is the operator's decision, for a whole domain
    "auth.W004",  # addresses are unique by a constraint that ignores case
]
