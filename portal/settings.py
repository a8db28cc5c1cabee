"""One settings file. The environment is read at the top and nowhere else; README.md lists the
variables.
"""

from __future__ import annotations

import re
import secrets
import sys
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"
TESTING = "pytest" in sys.modules
SERVING = not TESTING and Path(sys.argv[0]).name != "manage.py"

env = environ.Env()
DEBUG = env.bool("PORTAL_DEBUG", False)
ORIGIN = env.str("PORTAL_ORIGIN", "http://localhost:" + env.str("PORT", "8000")).rstrip("/")
ALLOWED_HOSTS = env.list("PORTAL_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
DATABASE_URL = env.str("DATABASE_URL", f"sqlite:///{VAR / 'portal.sqlite3'}")
EMAIL_URL = env.str("EMAIL_URL", "")
TASKS_BACKEND = env.str("TASKS_BACKEND", "django_tasks_db.DatabaseBackend")
OUTGOING_HTTP_ALLOWS_LOOPBACK = env.bool("PORTAL_LOOPBACK_WEBHOOKS", False)
MAIL_FROM = env.str("PORTAL_MAIL_FROM", "")
SECRET_KEY = env.str("PORTAL_SECRET_KEY", "")
TRUSTED_PROXIES = env.str("PORTAL_TRUSTED_PROXIES", "0")
DEMO = env.bool("PORTAL_DEMO", True)
ADMIN_EMAIL = env.str("PORTAL_ADMIN_EMAIL", "")
ADMIN_PASSWORD = env.str("PORTAL_ADMIN_PASSWORD", "")


def _kept_secret_key() -> str:
    """A key made at the first start and kept beside the database."""
    file = VAR / "secret_key"
    try:
        VAR.mkdir(mode=0o700, exist_ok=True)
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(50))
        return file.read_text().strip()
    except OSError as problem:
        raise ImproperlyConfigured(
            f"{VAR.name}/ cannot be written ({problem.strerror})."
            " Make it writable, then run this again."
        ) from None


def _database() -> dict:
    try:
        engine = env.DB_SCHEMES[urlsplit(DATABASE_URL).scheme]
        database = env.db_url_config(DATABASE_URL)
    except (ValueError, KeyError):
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read."
            " Write postgres://user:password@host:5432/name or sqlite:////folder/file."
        ) from None
    if engine.endswith("sqlite3"):
        pragmas = (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            " PRAGMA foreign_keys=ON; PRAGMA mmap_size=1073741824;"
        )
        ours = {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": pragmas}
    elif engine.endswith("postgresql"):
        pool = {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}} if SERVING else {}
        # Compiling a statement takes longer than any of ours runs; and no disk of today reads four
        # times as slowly out of order. A statement that is asked for again is planned once in a
        # connection, except where the next transaction may be on another connection.
        # Starting processes for a part of a statement takes longer than the whole of any of ours.
        one_process = "-c max_parallel_workers_per_gather=0"
        again = None if database.get("DISABLE_SERVER_SIDE_CURSORS") else 5
        ours = {
            "options": f"-c jit=off -c random_page_cost=1.1 {one_process}",
            "server_side_binding": True,
            "prepare_threshold": again,
            **pool,
        }
    else:
        raise ImproperlyConfigured(
            "DATABASE_URL names a database that is not supported. Use PostgreSQL or SQLite."
        )
    return {**database, "OPTIONS": {**database.get("OPTIONS", {}), **ours}, "CONN_MAX_AGE": 0}


SECRET_KEY = SECRET_KEY or _kept_secret_key()
if not re.fullmatch(r"https?://[^/?#@\s]+", ORIGIN):
    raise ImproperlyConfigured(
        "PORTAL_ORIGIN is not a web address. Write the address of the portal,"
        " such as https://portal.example.com"
    )
if not TRUSTED_PROXIES.isdecimal():
    raise ImproperlyConfigured(
        "PORTAL_TRUSTED_PROXIES is not a number."
        " Write how many reverse proxies are in front of the portal, such as 1."
    )
TRUSTED_PROXIES = int(TRUSTED_PROXIES)
IS_HTTPS = urlsplit(ORIGIN).scheme == "https"
ORIGIN_HOST = urlsplit(ORIGIN).hostname
if ORIGIN_HOST not in ALLOWED_HOSTS:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, ORIGIN_HOST]

INSTALLED_APPS = [
    "governance",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "formtools",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "governance.web.middleware.CompressedPages",
    "governance.web.middleware.RequestFacts",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "governance.web.middleware.AnswerHeaders",
    "governance.web.middleware.ReadOrPost",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "governance.web.middleware.SignInRequired",
    "governance.web.middleware.ViewerTimeZone",
    "governance.web.middleware.NeverStored",
    "governance.web.middleware.RefusedAnswers",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
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
            ],
            "builtins": ["governance.templatetags.portal"],
        },
    }
]
DATABASES = {"default": _database()}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
    }
}

# People and sign-in
AUTH_USER_MODEL = "governance.Person"
AUTHENTICATION_BACKENDS = ["governance.models.sign_in.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if TESTING:  # a strong hash is slow on purpose, which a test of something else need not wait for
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "governance.views.people.sign_in.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "governance.forms.sign_in.LoginForm",
    "reset_password": "governance.forms.sign_in.ResetPasswordForm",
    "reset_password_from_key": "governance.forms.sign_in.ResetPasswordKeyForm",
    "change_password": "governance.forms.sign_in.ChangePasswordForm",
    "reauthenticate": "governance.forms.sign_in.ReauthenticateForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = [
    "email*",
    "password1*",
    "password2*",
]  # without password1 allauth would sign people in by e-mailed code
# Accounts are made by administrators; the address is proved by the link that was mailed to it.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
# allauth's own asks and writes rows, which takes time that tells.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {
    "login_failed": "20/5m/ip"
}  # the default also locks by address, which would let anybody lock anybody out
MFA_FORMS = {
    "authenticate": "governance.forms.sign_in.AuthenticateForm",
    "reauthenticate": "governance.forms.sign_in.ReauthenticateByCodeForm",
    "activate_totp": "governance.forms.sign_in.ActivateTOTPForm",
    "add_webauthn": "governance.forms.sign_in.AddKeyForm",
    "edit_webauthn": "governance.forms.sign_in.EditKeyForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = (
    True  # django-allauth's own mark of it, which nothing here sets: see ACCOUNT_EMAIL_VERIFICATION
)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Harbourgate"
MFA_TOTP_TOLERANCE = (
    1  # one step of 30 seconds, as RFC 6238 advises: clocks differ, people type slowly
)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS

# Mail
if EMAIL_URL:
    try:
        vars().update(env.email_url_config(EMAIL_URL))
    except (ValueError, KeyError, ImproperlyConfigured):
        raise ImproperlyConfigured(
            "EMAIL_URL cannot be read. Write smtp+tls://user:password@host:587."
        ) from None
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = MAIL_FROM or f"Harbourgate <no-reply@{ORIGIN_HOST}>"

# Jobs
TASKS = {"default": {"BACKEND": TASKS_BACKEND, "QUEUES": []}}

# Safety
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_ENGINE = "governance.web.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60
# A GET that tells a message writes no session.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
CSRF_TRUSTED_ORIGINS = [ORIGIN]
CSRF_FAILURE_VIEW = "governance.web.session_over.form_expired"
if IS_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# Look
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "portal.static.HashedStatic"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = (
    TESTING or DEBUG
)  # else every test client would read all static files anew
USE_I18N = True
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # the proxy in front redirects to https
    "security.W021",  # preloading is the operator's choice
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "portal.log_lines.JsonLines"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["out"], "level": "WARNING"},
    "loggers": {"django.server": {"handlers": ["out"], "level": "WARNING", "propagate": False}},
}
