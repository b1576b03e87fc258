"""Settings; everything a deployment may change comes from the environment."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from pathlib import Path

from django.utils.csp import CSP

from dangol.config import database
from dangol.config.schedule import SCHEDULE

VAR = database.var_folder()


def secret() -> str:
    """The key that signs sessions and links: from the environment, or made once and kept in var."""
    if given := os.environ.get("DANGOL_SECRET_KEY"):
        return given
    kept = VAR / "secret-key"
    if not kept.exists():
        # whole or not at all, and never readable by others for a moment
        beside = kept.with_name(f".secret-key-{os.getpid()}")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):  # another process was first
            os.link(beside, kept)
        beside.unlink()
    return kept.read_text()


SECRET_KEY = secret()
DEBUG = os.environ.get("DANGOL_DEBUG") == "1"
ALLOWED_HOSTS = [
    *(h.strip() for h in os.environ.get("DANGOL_HOSTS", "").split(",") if h.strip()),
    "localhost", "127.0.0.1", "[::1]",
]  # fmt: skip
CSRF_FAILURE_VIEW = "dangol.ui.views.form_too_old"
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("DANGOL_ORIGINS", "").split(",") if o]
HTTPS = os.environ.get("DANGOL_HTTPS") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "procrastinate.contrib.django",
    # ours, from the ground up: the order is the import order
    "dangol.core",
    "dangol.ui",
    "dangol.warehouse",
    "dangol.imports",
    "dangol.places",
    "dangol.customers",
    "dangol.purchases",
    "dangol.interactions",
    "dangol.sources",
    "dangol.identity",
    "dangol.segments",
    "dangol.contact_centre",
    "dangol.campaigns",
    "dangol.surveys",
    "dangol.cases",
    "dangol.scores",
    "dangol.quality",
    "dangol.cubes",
    "dangol.board",
    "dangol.desk",
    "dangol.demo",
    "dangol.api",
    # after ours, so that our pages and words come first
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dangol.core.middleware.storable_text",
    "dangol.core.middleware.preferences",
    "dangol.core.middleware.sign_in_required",
    "dangol.core.middleware.made_twice",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dangol.api.auth.tokens_and_repeats",
]

ROOT_URLCONF = "dangol.config.urls"
WSGI_APPLICATION = "dangol.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dangol.ui.context.shell",
                "dangol.demo.accounts.on_the_sign_in_page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "dangol.ui.templatetags.ui",
                "dangol.core.templatetags.masking",
            ],
        },
    }
]

DATABASES = {"default": database.settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # shared by all processes: how often somebody failed to sign in
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache",
    },
    # of one process: figures of a few seconds ago
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}  # fmt: skip

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = [
    "dangol.core.sign_in.Backend",
    "allauth.account.auth_backends.AuthenticationBackend",  # sessions from before the one above
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "dangol.core.sign_in.ClosedSignUp"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/15m/key,50/5m/ip"}
ACCOUNT_LOGOUT_ON_GET = False
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator made the account: nobody signs up alone
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "Dangol"
MFA_TOTP_TOLERANCE = 1  # clocks of phones differ: the code before and the one after hold too
MAILERS = {
    "default": {
        "BACKEND": os.environ.get(
            "DANGOL_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend"
        )
    }
}

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어"), ("en", "English")]
USE_I18N = USE_TZ = True
TIME_ZONE = os.environ.get("DANGOL_TIME_ZONE", "Asia/Seoul")
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["dangol.config.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "files"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LAKE = Path(os.environ.get("DANGOL_LAKE", VAR / "lake"))
"""Where the lake lies; with a Spark cluster, a folder that its workers see under the same name."""
ENGINE = os.environ.get("DANGOL_ENGINE", "duckdb")
"""What asks the lake: duckdb, or Spark as local[2] or spark://host:7077."""
LAKE_MEMORY = os.environ.get("DANGOL_LAKE_MEMORY", "2GB")
LAKE_THREADS = int(os.environ.get("DANGOL_LAKE_THREADS", os.cpu_count() or 1))
"""What one process's DuckDB may use."""

RECURRING = SCHEDULE
"""Every recurring job, for the page that shows all schedules."""
SEALING_KEYS = os.environ.get("DANGOL_SEALING_KEYS", "")
"""Keys of sealed texts as id:key,id:key, the newest first; empty: a file in var, made once."""
INBOX = Path(os.environ.get("DANGOL_INBOX", VAR / "inbox"))
"""The folder below which sources that are files lie."""
SOURCE_PATIENCE = int(os.environ.get("DANGOL_SOURCE_PATIENCE", "600"))
"""Seconds for which a database that is read may give no answer."""
OUTBOX = Path(os.environ.get("DANGOL_OUTBOX", VAR / "outbox"))
"""The folder below which files of changes are dropped."""
INNER_HOSTS = [h.strip() for h in os.environ.get("DANGOL_INNER_HOSTS", "").split(",") if h.strip()]
"""Hosts and networks inside (name, name:port, address or 10.0.0.0/8) that webhooks and REST sources
may reach; without them they reach public addresses only."""

WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20

TELEPHONY = json.loads(os.environ.get("DANGOL_TELEPHONY", "{}"))
"""{"driver": class, …}; the simulator takes "odds", "seed" and "speed"."""

LIVE_PORT = os.environ.get("DANGOL_LIVE_PORT", "")
"""Port of the live process when no proxy joins it to the web process's address."""

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF]
    # neither a wildcard nor an IPv6 address can stand here
    + [f"http://{name}:{LIVE_PORT}" for name in ALLOWED_HOSTS if LIVE_PORT and name[0] not in "*["],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"refusals": {"()": "dangol.config.logs.PlainRefusals"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["refusals"]}
    },
    "root": {"handlers": ["console"], "level": os.environ.get("DANGOL_LOG", "WARNING")},
}
