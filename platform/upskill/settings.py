"""Every setting of the site, each from the environment. The table of names is in docs/settings.md."""

import logging
import sys
from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from grading.sandbox.modes import AUTOMATIC, Mode
from upskill.core import environment

ROOT = Path(__file__).resolve().parents[2]
DATA_DIR = Path(environment.text("UPSKILL_DATA", str(ROOT / "var")))

# --- The service -----------------------------------------------------------------------------------------------------
SERVICE_NAME = environment.text("SERVICE_NAME", "AI skills for government")
DEBUG = environment.flag("DEBUG", default=False)
SECRET_KEY = environment.required(
    "SECRET_KEY", cure="Set it to at least 50 random characters and keep it secret; ./run makes one for itself."
)
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
LOOPBACK_ONLY = all(host in {"127.0.0.1", "localhost", "[::1]", "testserver"} for host in ALLOWED_HOSTS)
BEHIND_PROXY = environment.flag("BEHIND_PROXY", default=False)  # a proxy of ours sets the X-Forwarded headers
SERVICE_ADDRESS = environment.text("SERVICE_ADDRESS").rstrip("/")  # such as https://skills.example.gov.uk
if not SERVICE_ADDRESS and not (DEBUG and LOOPBACK_ONLY):
    raise ImproperlyConfigured(
        "SERVICE_ADDRESS is not set. Links in e-mails begin with it, so that nobody can make them lead elsewhere. "
        "Set it to where people open the service, such as https://skills.example.gov.uk"
    )
CONTACT_EMAIL = environment.text("CONTACT_EMAIL")  # who answers questions; shown on the footer's pages
RELEASE = environment.text("RELEASE")  # which build this is, such as a commit; for metrics
METRICS_TOKEN = environment.text("METRICS_TOKEN")
if METRICS_TOKEN and len(METRICS_TOKEN) < 32:
    raise ImproperlyConfigured("METRICS_TOKEN is short enough to guess. Set it to 32 random characters or more.")
COURSE_DIRS = environment.folders("COURSE_DIRS", default=[ROOT / "courses"])

# --- Signing in ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
SIGNIN_ALLOWED_DOMAINS = environment.words("SIGNIN_ALLOWED_DOMAINS", default=["gov.uk"])
SIGNIN_LINK_SECONDS = environment.number("SIGNIN_LINK_SECONDS", default=30 * 60)
SIGNIN_LINKS_PER_QUARTER_HOUR = environment.number("SIGNIN_LINKS_PER_QUARTER_HOUR", default=5)
SIGNIN_LINKS_PER_PLACE = environment.number("SIGNIN_LINKS_PER_PLACE", default=50)  # an office shares one address
DEMO_SIGNIN = DEBUG and LOOPBACK_ONLY
LOGIN_URL = "account:sign_in"
AUTHENTICATION_BACKENDS = ["upskill.people.signin.SignInBackend"]

# --- Marking ---------------------------------------------------------------------------------------------------------
GRADER_ISOLATION = environment.text("GRADER_ISOLATION", AUTOMATIC)
if GRADER_ISOLATION not in {AUTOMATIC, *Mode}:
    raise ImproperlyConfigured(
        f"GRADER_ISOLATION is {GRADER_ISOLATION!r}. Use {', '.join([AUTOMATIC, *Mode][:-1])} or {[*Mode][-1]}."
    )
FOR_TRYING_OUT = GRADER_ISOLATION == Mode.UNSAFE_DEV
if FOR_TRYING_OUT and not (DEBUG and LOOPBACK_ONLY):
    raise ImproperlyConfigured(
        "GRADER_ISOLATION=unsafe-dev runs learners' code without full confinement. It needs DEBUG=true and "
        "ALLOWED_HOSTS on this machine only. Leave it out to mark behind the best wall that this machine has."
    )
GRADING_PYTHON = environment.text("GRADING_PYTHON", sys.executable)
JOB_LEASE_SECONDS = environment.number("JOB_LEASE_SECONDS", default=15)
JOB_MAX_TRIES = environment.number("JOB_MAX_TRIES", default=5)
# How many turns each lane gets while others wait too.
JOB_LANE_SHARES = {
    lane: environment.number(f"JOB_SHARE_{lane.upper()}", default=default, least=1)
    for lane, default in (("interactive", 16), ("deadline", 2), ("preview", 2), ("regrade", 1))
}
JOB_SLOTS_KEPT = environment.number("JOB_SLOTS_KEPT", default=1, least=0)  # for people at a screen alone
SMALLEST_GROUP = 5  # no figure about fewer people is shown; promises to people are not settings

# --- Python in the browser -------------------------------------------------------------------------------------------
BROWSER_RUNTIME_DIR = environment.folder_or_off("UPSKILL_BROWSER_RUNTIME", default=DATA_DIR / "browser-runtime")
PACKAGE_INDEX = environment.text("PACKAGE_INDEX")  # "": the public one of Python
if "@" in PACKAGE_INDEX:
    raise ImproperlyConfigured(
        "PACKAGE_INDEX holds a name or a password, which messages would show. Put them into the file ~/.netrc."
    )

# --- Django ----------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "pgtrigger",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "knox",
    "django_structlog",
    "upskill.core",
    "upskill.people",
    "upskill.catalogue",
    "upskill.learning",
    "upskill.marking",
    "upskill.skills",
    "upskill.planning",
    "upskill.reports",
    "upskill.web",
    "upskill",  # for upskill/management: the commands that use every app
    "django.forms",  # behind ours, which draw some widgets in another way
]
MIDDLEWARE = [
    "upskill.web.middleware.RequestLog",
    "upskill.web.service.first.ServicePages",  # before all that asks who the visitor is, or by which name they came
    "django.middleware.security.SecurityMiddleware",
    "upskill.web.middleware.SafeHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "upskill.web.runtime_files.RuntimeFiles",
    "csp.middleware.CSPMiddleware",
    "upskill.api.middleware.ProblemPages",
    "upskill.web.middleware.DatabaseAway",
    "upskill.web.middleware.BoundedBodies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "upskill.web.middleware.PersonInLogs",
    "django.contrib.messages.middleware.MessageMiddleware",
    "upskill.web.session_limits.SessionLimits",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "upskill.web.middleware.PrivatePages",
    "upskill.web.middleware.OwnErrorPages",
    "upskill.web.session_limits.SignInFirst",
]
ROOT_URLCONF = "upskill.urls"
WSGI_APPLICATION = "upskill.wsgi.application"
FORCE_SCRIPT_NAME = ""  # a proxy may pass a visitor's header on that says otherwise, and addresses are kept for others
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "upskill.web.context.page",
            ]
        },
    }
]
DEFAULT_EXCEPTION_REPORTER = "upskill.web.fault_reports.FaultReporter"
FORM_RENDERER = "upskill.web.govuk.GovukRenderer"
DATABASES = {"default": environment.database("DATABASE_URL")}
DATABASES["default"]["ENGINE"] = "upskill.core.postgres"  # looks whether a connection lives before it is used
if environment.flag("DATABASE_PREPARES", default=True):
    DATABASES["default"]["OPTIONS"]["server_side_binding"] = True  # a statement can be prepared only so
    DATABASES["default"]["OPTIONS"]["prepare_threshold"] = 5  # uses of one statement on one connection
DATABASES["default"]["OPTIONS"]["pool"] = {
    "min_size": 1,
    "max_size": environment.number("DATABASE_POOL", default=8),
    "timeout": 5,  # seconds: with the database down, visitors are told so before all threads wait, /healthz with them
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # beside files, which web.middleware.BoundedBodies bounds
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500  # a long quiz has some 200
DATA_UPLOAD_MAX_NUMBER_FILES = 1
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]  # another one comes with its translation: half a page in it helps nobody
TIME_ZONE = "Europe/London"
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [ROOT / "static"]
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    }
}

# --- Mail: printed to the log until a server is named ----------------------------------------------------------------
EMAIL_HOST = environment.text("EMAIL_HOST")
EMAIL_PORT = environment.number("EMAIL_PORT", default=587)
EMAIL_HOST_USER = environment.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = environment.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "Upskill <no-reply@example.gov.uk>")

# --- Safety ----------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "report-uri": "/csp-report/",
        "report-to": "csp",  # named in web.middleware.SafeHeaders
    }
}
X_FRAME_OPTIONS = "DENY"
DEFAULT_EXCEPTION_REPORTER_FILTER = "upskill.core.redaction.NoSettings"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "upskill.people.sessions"
SESSION_IDLE_SECONDS = environment.number("SESSION_IDLE_SECONDS", default=2 * 60 * 60)
SESSION_LONGEST_SECONDS = environment.number("SESSION_LONGEST_SECONDS", default=12 * 60 * 60)
SESSION_COOKIE_AGE = (
    3 * 24 * 60 * 60
)  # longer than any session: whoever comes back after a weekend is told why it ended
SESSION_COOKIE_SAMESITE = "Lax"
if not DEBUG:  # a browser takes such a name only with Secure, for this host alone: no neighbour can plant one
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "upskill.web.errors.csrf_failure"
SECURE_SSL_REDIRECT = not DEBUG
SECURE_HSTS_SECONDS = 0 if DEBUG else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEBUG
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None

# --- The API ---------------------------------------------------------------------------------------------------------
API_REQUESTS_PER_MINUTE = environment.number("API_REQUESTS_PER_MINUTE", default=120)  # of one person
API_WRITES_PER_MINUTE = environment.number("API_WRITES_PER_MINUTE", default=10)  # of those: handing in, tokens
API_SAVES_PER_MINUTE = environment.number("API_SAVES_PER_MINUTE", default=30)  # and of drafts, while somebody types
API_REQUESTS_PER_PLACE = environment.number("API_REQUESTS_PER_PLACE", default=300)  # a minute, of nobody in particular
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "upskill.api.authentication.AccessTokens",  # first: its challenge is what a 401 says
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated"
    ],  # the floor; api/views/base.py asks more
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["upskill.api.parsers.BoundedJSON"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "EXCEPTION_HANDLER": "upskill.api.problems.answer",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Upskill API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": "Courses, exercises, marks and skills for programs. Every refusal is problem details (RFC 9457).",
    "LICENSE": {"name": "MIT"},
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "PATH_CONVERTER_OVERRIDES": {"slug": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}},
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "upskill.api.schema.share_problems",
    ],
}

REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer", "TOKEN_PREFIX": "upskill_"}
KNOX_TOKEN_MODEL = "people.AccessToken"  # noqa: S105 - the name of a table
MIGRATION_MODULES = {"knox": None}  # its own table is not used

# --- Celery: messages carry no truth, so losing or doubling one is harmless ------------------------------------------
CELERY_BROKER_URL = environment.required(
    "CELERY_BROKER_URL", cure="Give a Valkey, Redis or RabbitMQ URL, or start with ./run, which brings its own Valkey."
)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_TASK_ROUTES = {
    "upskill.tasks.mark_next": {"queue": "marking"},
    "upskill.tasks.publish_figures": {"queue": "bookkeeping"},
    "upskill.tasks.import_people": {"queue": "bookkeeping"},
}
CELERY_TASK_DEFAULT_QUEUE = "housekeeping"
# A learner's click must not wait for a broker that is down: one more try, then the sweeper announces the work.
CONNECT_QUICKLY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
CELERY_TASK_PUBLISH_RETRY_POLICY = CONNECT_QUICKLY  # without any, a connection that has died would be used for ever
if CELERY_BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        **CONNECT_QUICKLY,
        "visibility_timeout": 600,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 3,
        "socket_timeout": 3,  # a broker that hangs
        "socket_keepalive": True,
        "health_check_interval": 30,
    }
else:
    CELERY_TASK_DEFAULT_QUEUE_TYPE = "quorum"
    CELERY_WORKER_DETECT_QUORUM_QUEUES = True
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        **CONNECT_QUICKLY,
        "confirm_publish": True,
        "connect_timeout": 3,
        "read_timeout": 3,  # a broker that hangs: of whoever waits for an answer; workers wait for work without it
        "write_timeout": 3,
    }
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {"task": "upskill.tasks.sweep", "schedule": 5.0, "options": {"expires": 5.0}},
    "import-people": {"task": "upskill.tasks.import_people", "schedule": 10.0, "options": {"expires": 10.0}},
    "send-mail": {"task": "upskill.tasks.send_mail", "schedule": 10.0, "options": {"expires": 10.0}},
    "send-sign-in-links": {
        "task": "upskill.tasks.send_sign_in_links",
        "schedule": 10.0,
        "options": {"expires": 10.0},
    },
    "write-digests": {  # by day; whoever asked is looked at once a day, some seconds of work at a time
        "task": "upskill.tasks.write_digests",
        "schedule": crontab(minute="*/5", hour="7-17"),
        "options": {"expires": 300.0},
    },
    "publish-figures": {  # by night; each hour after that one looks whether it is done
        "task": "upskill.tasks.publish_figures",
        "schedule": crontab(minute="0", hour="2-23"),
        "options": {"expires": 3000.0},
    },
    "write-reminders": {  # by day; whoever must learn something is looked at once a week, by some seconds of work
        "task": "upskill.tasks.write_reminders",
        "schedule": crontab(minute="*/2", hour="7-17"),
        "options": {"expires": 120.0},
    },
    "write-saved-views": {  # by day, some seconds of work at a time
        "task": "upskill.tasks.write_saved_views",
        "schedule": crontab(minute="2-59/5", hour="7-17"),
        "options": {"expires": 300.0},
    },
    "tidy": {"task": "upskill.tasks.tidy", "schedule": 600.0, "options": {"expires": 600.0}},
}

# --- Logs: one event a line to standard error; what a line looks like is in core/logs.py ----------------------------
LOGGING_CONFIG = "upskill.core.logs.configure"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "upskill.core.logs.Lines", "readable": DEBUG}},
    "filters": {"without_tokens": {"()": "upskill.core.redaction.WithoutTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_tokens"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {  # these bring handlers of their own, which would print sign-in tokens
        name: {"handlers": ["console"], "propagate": False, "level": "INFO"}
        for name in ("django", "django.server", "gunicorn.access", "gunicorn.error")
    }
    | {  # said once already: by RequestLog for each answer, by the tasks themselves where there is something to say
        "django.request": {"level": "ERROR"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},  # a dozen lines for each PDF
    },
}
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_CELERY_DEFAULT_LOG_LEVEL = logging.DEBUG
