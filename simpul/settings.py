"""Settings: what an installation may set comes from its data folder and a few environment variables; the rest is fixed here.

| Variable | Meaning |
|---|---|
| SIMPUL_DATA | data folder (database, keys, files); default ``data`` beside the program |
| DATABASE_URL | ``postgresql://user:password@host/name`` for PostgreSQL; unset: SQLite in the data folder |
| SIMPUL_HOSTS | host names that may be asked for, by commas |
| SIMPUL_PROXIES | addresses or networks of the reverse proxy, by commas; default: this machine when https is on, else nobody |
| SIMPUL_WEBHOOK_NETWORKS | networks inside the office to which events may be sent, by commas; default: none |
| SIMPUL_FIELD | off: phones drop their kept copy of the field app (never its data) and load it anew; default on |
| SIMPUL_HTTPS | 1 when residents come over https (secure ``__Host-`` cookies, HSTS) |
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

import simpul.lib.sqlite_backend  # noqa: F401 - before anything opens a database: one SQLite library in a process

BASE_DIR = Path(__file__).resolve().parent
ROOT = BASE_DIR.parent
TESTING = "pytest" in sys.modules or os.environ.get("SIMPUL_TESTING") == "1"

SIMPUL_DATA = Path(os.environ.get("SIMPUL_DATA", ROOT / "data")).resolve()
SIMPUL_KEYS = SIMPUL_DATA / "keys"
SIMPUL_FILES = SIMPUL_DATA / "files"
SIMPUL_INSTALLATION = SIMPUL_DATA / "installation.json"
"""Written by ``simpul init`` or ``simpul demo``: {"kind": "real" | "demo", "secret_key": ..., "hosts": [...], "https": ...}."""


def _installation() -> dict[str, Any]:
    """What the installation's own file says; empty before ``init`` or ``demo``."""
    if SIMPUL_INSTALLATION.exists():
        return dict(json.loads(SIMPUL_INSTALLATION.read_text(encoding="utf-8")))
    return {}


INSTALLATION = _installation()
SIMPUL_NODE = bool(INSTALLATION.get("parent"))
"""A village node: a laptop that works alone and belongs to a server above it."""
SIMPUL_MAKE_KEYS = TESTING
SIMPUL_KIND = INSTALLATION.get("kind", "test" if TESTING else "none")

DEBUG = False
SECRET_KEY = INSTALLATION.get("secret_key") or ("for-tests-only-" * 4 if TESTING else "not-set-up-yet-" * 4)
HTTPS = os.environ.get("SIMPUL_HTTPS", "1" if INSTALLATION.get("https") else "0") == "1"
TLS_AT_PROXY = os.environ.get("SIMPUL_TLS_AT_PROXY", "1") == "1"
SIMPUL_PROXIES = [
    place
    for place in os.environ.get(
        "SIMPUL_PROXIES", ",".join(INSTALLATION.get("proxies", ["127.0.0.0/8", "::1"] if HTTPS else []))
    ).split(",")
    if place
]
"""Who is believed about the resident's address and about https; the word of anybody else is dropped."""
ALLOWED_HOSTS = [
    *INSTALLATION.get("hosts", []),
    *[host for host in os.environ.get("SIMPUL_HOSTS", "").split(",") if host],
    "127.0.0.1",
    "localhost",
    "[::1]",
    *(["testserver"] if TESTING else []),
]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in INSTALLATION.get("hosts", [])] if HTTPS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "simpul.journal",
    "simpul.regions",
    "simpul.accounts",
    "simpul.desks",
    "simpul.people",
    "simpul.messages",
    "simpul.cases",
    "simpul.meetings",
    "simpul.letters",
    "simpul.mediation",
    "simpul.community",
    "simpul.village_post",
    "simpul.posyandu",
    "simpul.programmes",
    "simpul.exchange",
    "simpul.feedback",
    "simpul.outreach",
    "simpul.reports",
    "simpul.sync",
    "simpul.upkeep",
    "simpul.web",
]

MIDDLEWARE = [
    "simpul.web.edge.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # a page over 2G; it pads at random, so lengths tell nothing (BREACH)
    "csp.middleware.CSPMiddleware",
    "simpul.web.middleware.FaultMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "simpul.web.middleware.LanguageMiddleware",
    "simpul.web.edge.PageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "simpul.web.middleware.ActorMiddleware",
]

ROOT_URLCONF = "simpul.urls"
WSGI_APPLICATION = "simpul.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "simpul.web.context.page",
            ],
        },
    },
]
FORM_RENDERER = "simpul.web.forms.SimpulRenderer"


def _database() -> dict[str, Any]:
    """One database: PostgreSQL when ``DATABASE_URL`` names one, else SQLite in the data folder."""
    url = os.environ.get("DATABASE_URL") or INSTALLATION.get("database_url", "")
    if url:
        parts = urlparse(url)
        options: dict[str, Any] = {} if TESTING else {"pool": {"min_size": 2, "max_size": 16, "timeout": 5}}
        host = parts.hostname or ""
        if parts.query.startswith("host="):
            host = unquote(parts.query.removeprefix("host="))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": host,
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 0,
            "CONN_HEALTH_CHECKS": True,  # after a restart of the server the pool holds dead lines
            "OPTIONS": options,
        }
    return {
        "ENGINE": "simpul.lib.sqlite_backend",
        "NAME": SIMPUL_DATA / "simpul.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", **({"synchronous": "OFF"} if TESTING else {})},
        "TEST": {"NAME": os.environ.get("SIMPUL_TEST_SQLITE") or None},
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
_SEVERAL_PROCESSES = DATABASES["default"]["ENGINE"].endswith("postgresql") and not TESTING
CACHES = {
    "default": {
        "BACKEND": "simpul.lib.shared_cache.SharedCache"
        if _SEVERAL_PROCESSES
        else "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "shared_cache" if _SEVERAL_PROCESSES else "simpul",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
"""Limits and used codes live here. On PostgreSQL several processes serve, and each must know what the others counted; a small
cache would throw counters out under a flood, which is when they are needed."""

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [
    BASE_DIR / "locale",
    BASE_DIR / "lib" / "locale",
    BASE_DIR / "cli" / "locale",
    BASE_DIR / "api" / "locale",
    BASE_DIR / "web" / "portal" / "locale",
    *sorted((BASE_DIR / "web" / "portal").glob("*/locale")),
    BASE_DIR / "web" / "desk" / "locale",
    *sorted((BASE_DIR / "web" / "desk").glob("*/locale")),
    BASE_DIR / "web" / "manage" / "locale",
    BASE_DIR / "web" / "field" / "locale",
]
FORMAT_MODULE_PATH = ["simpul.web.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_COOKIE_NAME = "bahasa"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "simpul.accounts.signin.NameMailOrPhone",
]
PASSWORD_HASHERS = (
    ["django.contrib.auth.hashers.MD5PasswordHasher"]  # only in tests: a sign-in per test must not cost 20 ms
    if TESTING
    else ["simpul.accounts.signin.Argon2Village"]
)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/meja/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "simpul.accounts.signin.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "60/m/ip", "reauthenticate": "10/m/user"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "Simpul"
MFA_ADAPTER = "simpul.accounts.signin.MFAAdapter"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [
    ["username", "ip_address"]
]  # a village shares one address: never lock the address alone
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLED = True
AXES_LOCKOUT_CALLABLE = "simpul.accounts.signin.locked_out"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SIMPUL_IDLE_SECONDS = 30 * 60
SIMPUL_MATCH_BACKEND = os.environ.get(
    "SIMPUL_MATCH_BACKEND", "duckdb"
)  # or "spark": whole lists of a province
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # a name must not lie in a cookie
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "simpul.web.faults.stale_form"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_SSL_REDIRECT = not TLS_AT_PROXY
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
    }
}

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = SIMPUL_DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING
MEDIA_ROOT = SIMPUL_DATA / "never-used"

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
"""The largest page holds ten paper sheets of some sixty cells each."""
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
SIMPUL_MAX_FILE = 12 * 1024 * 1024
SIMPUL_MAX_FILES = 5
SIMPUL_MAX_BODY = SIMPUL_MAX_FILE * SIMPUL_MAX_FILES + DATA_UPLOAD_MAX_MEMORY_SIZE
"""What is larger is refused before it is read."""
SIMPUL_DRAFTS = SIMPUL_DATA / "drafts"
SIMPUL_SPOOL = SIMPUL_DATA / "spool"
"""Deliveries that wait for the database: see docs/operations/no-loss.md."""

SIMPUL_FIELD = os.environ.get("SIMPUL_FIELD", INSTALLATION.get("field", "on"))
"""The kill switch of the field app: see simpul/web/field/views.py."""

SIMPUL_WEBHOOK_NETWORKS = [
    network for network in os.environ.get("SIMPUL_WEBHOOK_NETWORKS", "").split(",") if network
]
"""Networks inside the walls to which events may be sent, also without encryption; none by default: docs/operations/api.md."""

SIMPUL_LIMITS = {
    "report_per_hour": int(os.environ.get("SIMPUL_REPORTS_PER_HOUR", "60")),
    "files_per_hour": int(os.environ.get("SIMPUL_FILES_PER_HOUR", "150")),
}
"""Guards against floods and guessing. A village shares one address, so the numbers are the installation's to set."""

EMAIL_BACKEND = (
    "django.core.mail.backends.locmem.EmailBackend"
    if TESTING
    else "django.core.mail.backends.smtp.EmailBackend"
)
_mail = INSTALLATION.get("mail", {})
SIMPUL_MAIL_READY = bool(_mail.get("host")) or TESTING
EMAIL_HOST = _mail.get("host", "")
EMAIL_PORT = int(_mail.get("port", 587))
EMAIL_HOST_USER = _mail.get("user", "")
EMAIL_HOST_PASSWORD = _mail.get("password", "")
EMAIL_USE_TLS = bool(_mail.get("tls", True))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = _mail.get("from", "simpul@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "simpul.web.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "simpul": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
SILENCED_SYSTEM_CHECKS = ["security.W008"] if HTTPS and TLS_AT_PROXY else []
"""Where TLS ends at the proxy, the proxy sends http to https, and a redirect here would only loop."""
