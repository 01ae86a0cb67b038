"""One file of settings: environment variables with defaults that run after a clone, and nonsense that fails loudly.

Every variable is explained in docs/operating.md; a test holds the two together.
"""

from pathlib import Path

from celery.schedules import crontab
from corsheaders.defaults import default_headers
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env, validate

from wxcore.keys import load_or_create_secrets

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(BASE_DIR / ".env", recurse=False)

# Where everything that the product writes lives, unless a variable below says otherwise.
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).absolute()
DATA_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("DEBUG", default=False)

# Database. SQLite takes the write lock when a transaction begins (IMMEDIATE): upgrading a read lock later is what
# makes concurrent writers fail with "database is locked".
DATABASES = {"default": env.dj_db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR}/qunfa.sqlite3")}
EMBEDDED = DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3"
if EMBEDDED:
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}  # a file: threads and processes share it
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000; "
        # A page of followers is some megabytes: writing the log back after each megabyte would do the work twice.
        "PRAGMA wal_autocheckpoint=8000;",
    }
else:
    # A pool, because threads do the work: a persistent connection for each thread would exhaust the server.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    # Without it every connection of the pool fails once after the server was restarted, and a push of WeChat's with it.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL_SIZE", default=24)}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Secrets. A single machine on SQLite makes its own and keeps them beside its database; several machines must be told.
SECRET_KEY = env.str("SECRET_KEY", default="")
ENCRYPTION_KEYS = env.list("ENCRYPTION_KEYS", default=[])
if not (SECRET_KEY and ENCRYPTION_KEYS):
    if not EMBEDDED:
        raise ImproperlyConfigured(
            "SECRET_KEY and ENCRYPTION_KEYS must be set when DATABASE_URL is not SQLite. "
            "`python -m wxcore.keys` prints new ones."
        )
    _own = load_or_create_secrets(DATA_DIR / "secrets.json")
    SECRET_KEY = SECRET_KEY or _own.secret_key
    ENCRYPTION_KEYS = ENCRYPTION_KEYS or [_own.encryption_key]
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

# Media files of the campaigns. Several machines need one place that all of them see.
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(DATA_DIR / "files"))

# Web
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=False)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=3600 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("HSTS_SUBDOMAINS", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
# How many proxies before us add themselves to X-Forwarded-For. With none the header is anybody's word.
TRUSTED_PROXIES = env.int(
    "TRUSTED_PROXIES", default=1 if SECURE_PROXY_SSL_HEADER else 0, validate=validate.Range(min=0)
)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SESSION_COOKIE_HTTPONLY = True
ROOT_URLCONF = "wxcore.urls"
# Threads of a web process, as its server is told. A live stream keeps one, and streams have a quarter of them at most.
WEB_THREADS = env.int("WEB_THREADS", default=8, validate=validate.Range(min=1))
# After this a stream ends and its client comes back: so long may somebody hear what they may no longer see.
STREAM_SECONDS = env.float("STREAM_SECONDS", default=55.0)
WSGI_APPLICATION = "wxcore.wsgi.application"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

INSTALLED_APPS = [
    "wxcore.apps.QunfaConfig",
    "followers.apps.FollowersConfig",
    "campaigns.apps.CampaignsConfig",
    "callbacks.apps.CallbacksConfig",
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "corsheaders",
    "django_celery_beat",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "wxcore.middleware.ChosenLanguageMiddleware",
    "wxcore.middleware.FragmentLoginMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "wxcore.middleware.ChosenAccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.i18n",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

AUTHENTICATION_BACKENDS = ["wxcore.rights.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

# Language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["wxcore.formats"]
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Shanghai")
USE_I18N = USE_TZ = True

# Static files
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns about a missing directory at every start
STATICFILES_DIRS = [BASE_DIR / "wxcore" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": env.str("STATICFILES_STORAGE", default="whitenoise.storage.CompressedManifestStaticFilesStorage")
    },
}

# Queue. The database is the queue; a task is only a tick. On the in-memory broker beat and worker share one process,
# so a door in another process cannot nudge them and the next tick does the work.
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="memory://localhost/")
CELERY_WORKER_POOL = "threads"
CELERY_WORKER_CONCURRENCY = env.int("WORKER_THREADS", default=8)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A lost broker must not hold up a request: WeChat waits five seconds for its answer, and a nudge may be lost. Workers
# and beat go on trying to connect; that has settings of its own.
CELERY_BROKER_TRANSPORT_OPTIONS = {"max_retries": 0, "socket_connect_timeout": 1.0, "socket_timeout": 2.0}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
# Whole seconds: django-celery-beat makes 0 of a fraction, and a beat without a pause floods the workers.
TICK_SECONDS = env.int("TICK_SECONDS", default=1, validate=validate.Range(min=1))
CELERY_BEAT_SCHEDULE = {
    name: {"task": name, "schedule": TICK_SECONDS, "options": {"expires": 30}}
    for name in (
        "campaigns.tick",
        "campaigns.import_library",
        "callbacks.tick",
        "callbacks.answer",
        "followers.tick",
        "webhooks.deliver",
    )
} | {
    "campaigns.explain": {"task": "campaigns.explain", "schedule": 5.0, "options": {"expires": 5}},
    "campaigns.tidy": {"task": "campaigns.tidy", "schedule": 300.0, "options": {"expires": 300}},
    # The days that are due know their hour themselves; most of these ticks find none.
    "campaigns.fetch_statistics": {"task": "campaigns.fetch_statistics", "schedule": 60.0, "options": {"expires": 60}},
    # Counts the followers of each account once: in the background, so that no page ever does.
    "followers.count_growth": {"task": "followers.count_growth", "schedule": 1800.0, "options": {"expires": 900}},
    "followers.fetch_growth": {"task": "followers.fetch_growth", "schedule": 600.0, "options": {"expires": 600}},
    # Most of these ticks find that nothing has gone out since.
    "campaigns.count_received": {"task": "campaigns.count_received", "schedule": 60.0, "options": {"expires": 60}},
    "callbacks.keep_files": {"task": "callbacks.keep_files", "schedule": 60.0, "options": {"expires": 60}},
    # Each menu once a day; the other ticks look for a publishing that a dead worker left.
    "callbacks.check_menus": {"task": "callbacks.check_menus", "schedule": 600.0, "options": {"expires": 600}},
    # At 03:30 in Shanghai: what an event has missed is right again in the morning.
    "followers.sync_all": {"task": "followers.sync_all", "schedule": crontab(hour="19", minute="30")},
    # Monday at nine, in the zone of each account.
    "weekly.send": {"task": "weekly.send", "schedule": 60.0, "options": {"expires": 60}},
    "webhooks.sweep": {"task": "webhooks.sweep", "schedule": crontab(minute="37")},
    "callbacks.sweep": {"task": "callbacks.sweep", "schedule": crontab(minute="17")},
    "api.sweep_answers": {"task": "api.sweep_answers", "schedule": crontab(minute="47")},
    "campaigns.sweep_files": {"task": "campaigns.sweep_files", "schedule": crontab(hour="20", minute="30")},
}

# Mail. Without a server the mails are files, to be looked at.
_mail = env.dj_email_url("EMAIL_URL", default=f"file://{DATA_DIR}/mail")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
# dj-email-url takes the first slash of a path away.
EMAIL_FILE_PATH = f"/{(_mail.get('EMAIL_FILE_PATH') or 'tmp').lstrip('/')}"
EMAIL_HOST, EMAIL_PORT = _mail.get("EMAIL_HOST") or "localhost", _mail.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_USER") or "", _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = bool(_mail.get("EMAIL_USE_TLS")), bool(_mail.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="Qunfa <qunfa@localhost>")
# Where links in mails lead.
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{env.int('PORT', default=8000)}").rstrip("/")

CACHES = {"default": env.dj_cache_url("CACHE_URL", default="locmem://")}

# WeChat
WECHAT_TIMEOUT = (env.float("WECHAT_CONNECT_TIMEOUT", default=5.0), env.float("WECHAT_READ_TIMEOUT", default=30.0))
# WeChat takes 60: an even pace of 58 never has more in any minute, whenever that begins, though workers are late.
MASS_CALLS_PER_MINUTE = env.float("MASS_CALLS_PER_MINUTE", default=58.0)
BROADCAST_LEASE_SECONDS = env.float("BROADCAST_LEASE_SECONDS", default=120.0)
# Longer than the slowest upload, and once more for one that was repeated with a new token: a lease that ran out while
# its request was still under way would make a second copy.
UPLOAD_LEASE_SECONDS = env.float("UPLOAD_LEASE_SECONDS", default=300.0)
BROADCAST_RETRY_SECONDS = env.float("BROADCAST_RETRY_SECONDS", default=60.0)
RESULT_POLL_SECONDS = env.float("RESULT_POLL_SECONDS", default=900.0)
CALLBACK_MAX_BYTES = env.int("CALLBACK_MAX_BYTES", default=256 * 1024)
CALLBACK_MAX_AGE_SECONDS = env.int("CALLBACK_MAX_AGE_SECONDS", default=3600)
SYNC_THREADS = env.int("SYNC_THREADS", default=8)
UPLOAD_THREADS = env.int("UPLOAD_THREADS", default=4)

# Outgoing webhooks. A private address is one that this server reaches and the person who enters it does not.
WEBHOOK_ALLOW_PRIVATE = env.bool("WEBHOOK_ALLOW_PRIVATE", default=False)
WEBHOOK_THREADS = env.int("WEBHOOK_THREADS", default=8, validate=validate.Range(min=1))
WEBHOOK_DISABLE_AFTER_DAYS = env.int("WEBHOOK_DISABLE_AFTER_DAYS", default=3, validate=validate.Range(min=1))
WEBHOOK_KEEP_DAYS = env.int("WEBHOOK_KEEP_DAYS", default=30, validate=validate.Range(min=1))

# API
API_RATE = env.str("API_RATE", default="1200/minute")
API_RATE_ANONYMOUS = env.str("API_RATE_ANONYMOUS", default="60/minute")
# Frontends on other hosts bring a token; cookies are for our own.
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_HEADERS = [*default_headers, "idempotency-key", "if-match", "if-none-match", "last-event-id"]
CORS_EXPOSE_HEADERS = ["ETag", "Idempotency-Replayed", "Retry-After", "X-RateLimit-Remaining", "X-RateLimit-Reset"]
REST_FRAMEWORK = {
    # The first one decides that who says nothing is answered 401, and not 403.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "wxcore.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["wxcore.throttling.Rate"],
    "NUM_PROXIES": TRUSTED_PROXIES,
    "DEFAULT_PERMISSION_CLASSES": ["wxcore.permissions.ModelPermissions"],
    "DEFAULT_PAGINATION_CLASS": "wxcore.pagination.NewestFirst",
    "DEFAULT_FILTER_BACKENDS": ["wxcore.filters.OwnAccountsFilterBackend", "wxcore.filters.SearchFilterBackend"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["wxcore.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "wxcore.api.schema.AutoSchema",
    "EXCEPTION_HANDLER": "wxcore.api.exception_handler",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Qunfa API",
    "DESCRIPTION": "Accounts, followers, tags, campaigns, broadcasts and callbacks of a WeChat Official Account.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    # What is asked has no ids and no moments of ours: a generated client would ask for them.
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_PERMISSIONS": ["wxcore.permissions.SignedIn"],
    # What two components share has no name of its own.
    "ENUM_NAME_OVERRIDES": {
        "AccountCheckLevelEnum": ["ok", "warning", "error"],
        "CampaignStatusEnum": "campaigns.states.Status",
        "BroadcastStatusEnum": "campaigns.states.BroadcastStatus",
        "AccountKindEnum": "wxcore.models.Kind",
    },
}

# The admin's look. What needs the request (or an app) is named by its dotted path.
UNFOLD = {
    "SITE_TITLE": "Qunfa 群发",
    "SITE_HEADER": "Qunfa 群发",
    "SITE_SYMBOL": "campaign",
    "SITE_URL": None,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "wxcore.navigation.favicon"}],
    "STYLES": ["wxcore.navigation.stylesheet", "wxcore.navigation.media_stylesheet"],
    "SCRIPTS": ["wxcore.navigation.script"],
    "SHOW_VIEW_ON_SITE": False,
    "DASHBOARD_CALLBACK": "wxcore.home.start_page",
    "SIDEBAR": {"navigation": "wxcore.navigation.sidebar"},
    "COLORS": {
        "primary": {
            "50": "oklch(97.5% .02 155)",
            "100": "oklch(94% .05 155)",
            "200": "oklch(89% .09 155)",
            "300": "oklch(83% .14 153)",
            "400": "oklch(75% .18 151)",
            "500": "oklch(66% .18 150)",
            "600": "oklch(53% .145 150)",
            "700": "oklch(46% .125 151)",
            "800": "oklch(40% .1 152)",
            "900": "oklch(35% .08 153)",
            "950": "oklch(25% .06 154)",
        },
    },
}

METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# Logs never show a secret: see wxcore.logs.
LOG_LEVEL = env.log_level("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "wxcore.logs.RedactingFormatter", "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # One line for every tick would bury the others.
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}
