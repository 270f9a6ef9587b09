"""Django's settings. Values that differ between installations come from prm.environment."""

from email.utils import parseaddr
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF
from django.urls import reverse_lazy

from prm.api_settings import API, API_SCHEMA
from prm.beat import SCHEDULE
from prm.environment import ROOT, read_environment
from prm.logs import logging_config
from prm.servers import broker_url, database_settings, email_settings

# Lets classes such as ModelForm[Branding] name their model at run time too.
django_stubs_ext.monkeypatch()

ENV = read_environment()

SECRET_KEY = ENV.secret_key
SECRET_KEY_FALLBACKS = ENV.secret_key_fallbacks
DEBUG = ENV.mode == "dev"
ALLOWED_HOSTS = ENV.allowed_hosts
SITE_URL = ENV.site_url
CSRF_TRUSTED_ORIGINS = [ENV.site_url]
ROOT_URLCONF = "prm.urls"
WSGI_APPLICATION = "prm.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "prm.admin_app.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "django_prometheus",
    "drf_spectacular",
    "rest_framework",
    "rules",
    "core",
    "partners",
    "dealreg",
    "analytics",
    "integrations",
    "prm",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "core.middleware.HealthMiddleware",
    "core.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Adds random length to each answer, so that sizes tell nothing about secrets (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.ContentSecurityPolicyMiddleware",
    "core.middleware.BrowserRulesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "core.middleware.AddressMiddleware",
    "core.middleware.RefuseUnreadableInputMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.walls.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.middleware.ReaderPreferencesMiddleware",
    "core.walls.StaffMfaMiddleware",
    "partners.middleware.ActorMiddleware",
    "partners.middleware.VisitMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.portal",
            ],
        },
    },
]
FORM_RENDERER = "core.ui.PortalFormRenderer"

# --- data -----------------------------------------------------------------------------------

DATABASES = {"default": database_settings(ENV.database_url, ENV.statement_timeout_ms)}

# PostgreSQL holds what must not be lost or forgotten, the rate limits' counters too, so
# that they hold when Redis is down. Redis only carries the queue's bell.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": ENV.media_root, "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if ENV.mode in {"production", "local"}
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / ".local" / "static"
STATICFILES_DIRS = [ROOT / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "core.styles.JoinedStyles",
]
STYLES_SOURCE = ROOT / "static" / "css"
STYLES_ROOT = ROOT / ".local" / "styles"
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_USE_FINDERS = ENV.mode in {"dev", "test"}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# --- people ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "core.User"
# allauth's backend is Django's with the e-mail address as the name; one that checks passwords
# is enough, so that a sign-in costs one hash whether or not the address is known.
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("home")
STAFF_MFA_REQUIRED = ENV.staff_mfa_required
SIGN_UP_OPEN = ENV.sign_up_open
PARTNERS_INVITE_ANYBODY = ENV.partners_invite_anybody
# A working day, from signing in.
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_SAVE_EVERY_REQUEST = False
# The prefix makes browsers refuse such a cookie from another host or over http.
COOKIE_PREFIX = "__Host-" if ENV.behind_https else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}prm_session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}prm_csrf"
CSRF_FAILURE_VIEW = "core.views.csrf_failure"
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60

ACCOUNT_ADAPTER = "core.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# By link, not by code: a link still works when the mail was late, and in another browser.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_REDIRECT_URL = reverse_lazy("account_login")
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/300s/key",
    "signup": "20/m/ip,60/h/ip",
    "reset_password": "20/m/ip,5/900s/key",
    "confirm_email": "1/180s/key",
}
ACCOUNT_FORMS = {
    "login": "core.account_forms.LoginForm",
    "signup": "core.account_forms.SignUpForm",
    "add_email": "core.account_forms.ChangeEmailForm",
    "change_password": "core.account_forms.ChangePasswordForm",
    "set_password": "core.account_forms.SetPasswordForm",
    "reset_password": "core.account_forms.ResetPasswordForm",
    "reset_password_from_key": "core.account_forms.ResetPasswordKeyForm",
    "reauthenticate": "core.account_forms.ReauthenticateForm",
}
MFA_ADAPTER = "core.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
# Passkeys belong to a host name; only https names count, and localhost outside production.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENV.production
MFA_FORMS = {
    "authenticate": "core.account_forms.AuthenticateForm",
    "authenticate_webauthn": "core.account_forms.AuthenticatePasskeyForm",
    "reauthenticate": "core.account_forms.ReauthenticateCodeForm",
    "reauthenticate_webauthn": "core.account_forms.ReauthenticatePasskeyForm",
    "activate_totp": "core.account_forms.ActivateTOTPForm",
    "add_webauthn": "core.account_forms.AddPasskeyForm",
    "edit_webauthn": "core.account_forms.EditPasskeyForm",
    "login_webauthn": "core.account_forms.LoginPasskeyForm",
}

# --- what the browser is told ---------------------------------------------------------------

SECURE_SSL_REDIRECT = ENV.behind_https
# Anybody may write this header; it counts only where a proxy of ours replaces it.
TRUSTED_PROXIES = ENV.trusted_proxies
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if ENV.behind_https and ENV.trusted_proxies else None
)
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if ENV.behind_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENV.behind_https
SECURE_HSTS_PRELOAD = ENV.behind_https
SESSION_COOKIE_SECURE = ENV.behind_https
CSRF_COOKIE_SECURE = ENV.behind_https
CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "upgrade-insecure-requests": ENV.behind_https,
    }
}

# --- words, numbers, time -------------------------------------------------------------------

LANGUAGE_CODE = "en"
# Each in its own words: whoever reads only that language must find it.
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("ar", "العربية")]
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = "prm.formats"
LANGUAGE_COOKIE_NAME = "prm_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = ENV.time_zone
BASE_CURRENCY = ENV.base_currency

# --- mail -----------------------------------------------------------------------------------


globals().update(email_settings(ENV.email_url))
EMAIL_TIMEOUT = 8
# Registering deals by mail (docs/email-registration.md). Without a service and without a mailbox
# there is none.
INBOUND_MAIL_ADDRESS = ENV.inbound_mail_address
INBOUND_MAIL_SERVICE = ENV.inbound_mail_service
INBOUND_MAIL_SECRET = ENV.inbound_mail_secret
INBOUND_MAIL_SIGNING_KEY = ENV.inbound_mail_signing_key
INBOUND_IMAP_URL = ENV.inbound_imap_url
INBOUND_AUTHSERV_ID = ENV.inbound_authserv_id
DEFAULT_FROM_EMAIL = ENV.mail_from
SERVER_EMAIL = parseaddr(ENV.mail_from)[1]

# --- workers --------------------------------------------------------------------------------


REDIS_URL = ENV.redis_url
CELERY_BROKER_URL = broker_url(ENV.redis_url)
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 4
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Longer than any task may run, so that no bell is rung twice while its task still works.
    "visibility_timeout": 600,
    "socket_timeout": 3,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 10,
    "retry_on_timeout": False,
}
CELERY_BEAT_SCHEDULE = SCHEDULE

# --- programs -------------------------------------------------------------------------------

REST_FRAMEWORK = API
SPECTACULAR_SETTINGS = API_SCHEMA
API_CALLS_A_MINUTE = 600
# Asking whether a customer is taken: a minute for a person, a day for a partner.
CHECKS_A_MINUTE = 20
CHECKS_A_DAY = 1000

# How many other partners a partner may invite to share its deals by typing their domain, a day.
INVITATIONS_A_DAY = 50
# Questions to partners in the public directory: from one address, and to one partner.
INQUIRIES_AN_HOUR = 10
INQUIRIES_A_DAY = 200
# Business days in which a partner answers a lead before the vendor has it back.
LEAD_ANSWER_DAYS = 3
# Days after its last change for which a lead keeps who asked, where no region says otherwise.
LEAD_KEPT_DAYS = 730

# --- back office: its name, logo and colours come from the database (prm/admin_site.py) -----

UNFOLD: dict[str, Any] = {
    "SITE_SYMBOL": "handshake",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "prm.admin_site.favicon"}],
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "8px",
    "STYLES": ["prm.admin_site.style_sheet"],
    "SCRIPTS": ["prm.admin_site.script"],
    "SIDEBAR": {"show_search": False},
}

# --- what is written down about running -----------------------------------------------------

LOGGING = logging_config(ENV.log_format, ENV.log_level)
METRICS_TOKEN = ENV.metrics_token
METRICS_FOLDER = ENV.metrics_folder
PROMETHEUS_EXPORT_MIGRATIONS = False
SILENCED_SYSTEM_CHECKS: list[str] = []
TEST_RUNNER = "django.test.runner.DiscoverRunner"
