"""Settings, in one file, read from the environment once.

Production is stricter by DEBUG being off, not by another file. What an operator may set is listed, with its meaning, in
`.env.example`; a value that production cannot do without is asked for here, and its absence stops the start in one line.
"""

import sys
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.retry import Retry

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# --- What kind of run this is -----------------------------------------------------------------------------------------
# Off unless asked for: a forgotten variable must give the strict site, never the talkative one.
DEBUG = env.bool("DEBUG", default=False)
# Everything that is local and not code: the SQLite file, the folders that stand in for buckets, mail that was "sent".
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))


def needed(name, *, in_debug):
    """The value of environment variable `name`; with DEBUG on, `in_debug` where it is not set.

    Raises ImproperlyConfigured in one line where DEBUG is off and the variable is missing or empty.
    """
    value = env.str(name, default="")
    if value:
        return value
    if DEBUG:
        return in_debug
    raise ImproperlyConfigured(f"{name} is not set. Set it (see .env.example), or set DEBUG=1 for a local run.")


def whole_number(name, value):
    """`value` as a whole number from 0 on. Raises ImproperlyConfigured in one line that names the variable otherwise."""
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} is {value!r}, which is no whole number. See .env.example.")
    return int(value)


SECRET_KEY = needed("SECRET_KEY", in_debug="for local runs only; production refuses to start without its own")
# Former keys, after a change: links in mails that were signed with them go on working.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
# The address that people use, without a slash at the end: links in mails, feeds and canonical links start with it.
SITE_URL = needed("SITE_URL", in_debug="http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = [host.strip() for host in needed("ALLOWED_HOSTS", in_debug="*").split(",")]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- Applications -----------------------------------------------------------------------------------------------------
# Ours first, so that our templates and commands win. Left out on purpose: wagtail.documents (serves uploads),
# wagtail.embeds (asks third parties), wagtail.contrib.redirects (loops over descendants), allauth.usersessions (stores
# addresses), django.contrib.admin (a second door).
INSTALLED_APPS = [
    "pixlpix",
    "pixlpix.watching",
    "home",
    "search",
    "community",
    "gallery",
    "wagtail_modeladmin",
    "wagtail.sites",
    "community.apps.StaffUsersConfig",  # wagtail.users, with our own views of people
    "wagtail.snippets",
    "community.apps.ImageLibraryConfig",  # wagtail.images, with our own permissions
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",  # whose widgets the renderer below finds
]

MIDDLEWARE = [
    "pixlpix.watching.middleware.watch",
    "pixlpix.middleware.guarding_headers",
    "pixlpix.watching.middleware.probes",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pixlpix.middleware.ContentSecurityPolicyMiddleware",
    "pixlpix.middleware.fresh_pages",
    "pixlpix.middleware.refuse_training",
    "pixlpix.middleware.closed_for_maintenance",
    "pixlpix.api.door.api_door",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "community.devices.RememberDevice",
    "community.time_zones.MemberTimeZone",
    "community.middleware.StandingGate",
    "community.middleware.ConsentGate",
    "community.middleware.AdminDoor",
]

ROOT_URLCONF = "pixlpix.urls"
WSGI_APPLICATION = "pixlpix.wsgi.application"

# Fields are drawn by our templates where there is one: Wagtail's own for dates hold a script.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database, cache, tasks -------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
# Where a restore drill on PostgreSQL restores to: a database of its own, which is overwritten.
DRILL_DATABASE_URL = env.str("DRILL_DATABASE_URL", default="")
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Web and worker write at once: WAL lets readers go on, IMMEDIATE takes the write lock at the start of a transaction
    # (a lock taken half-way cannot wait and fails), and the timeout is in seconds.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A database that is away is an error within seconds, not a page that hangs: how long to connect (seconds), how soon a
    # silent connection is asked whether it lives, and for how long (milliseconds) what was sent may stay unacknowledged.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 3,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
        **DATABASES["default"].get("OPTIONS", {}),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# How many processes of gunicorn's serve each instance of the site; gunicorn reads the same variable by itself.
WEB_CONCURRENCY = env.int("WEB_CONCURRENCY", default=1)
needed("CACHE_URL", in_debug="")
CACHES = {
    "default": env.cache_url("CACHE_URL", default="locmemcache://"),
    # Wagtail keeps renditions here under keys without the rendition's own id, a copy in each process: an address that a
    # takedown made dead would be handed out again. So nothing is kept.
    "renditions": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
}
CACHES["default"]["KEY_FUNCTION"] = "pixlpix.cache_keys.keyed"  # whom limits count, as a keyed hash
if CACHES["default"]["BACKEND"].endswith("RedisCache"):
    # Seconds. Once more at once, for a connection that the server closed while nobody used it; then it is an error.
    CACHES["default"]["OPTIONS"] = {
        "socket_connect_timeout": 1,
        "socket_timeout": 2,
        "retry": Retry(NoBackoff(), 1),
        **CACHES["default"].get("OPTIONS", {}),
    }
# Limits on attempts and what pages remember live there: processes that each had their own would let an attacker begin
# anew with every process, and go on showing what another one knows to be gone.
if not DEBUG and WEB_CONCURRENCY > 1 and "locmem" in CACHES["default"]["BACKEND"]:
    raise ImproperlyConfigured(
        f"CACHE_URL names each process's own memory, and WEB_CONCURRENCY starts {WEB_CONCURRENCY} of them. "
        "Set CACHE_URL to a shared cache (redis://host:6379/0), or WEB_CONCURRENCY=1."
    )
# The queue is a table of the same database, so that a task and its reason are committed together.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- Files ------------------------------------------------------------------------------------------------------------
# vault: originals, the ledger and the renditions of what is not public. media: what a visitor may see this minute.
# default: private scratch, where Wagtail puts things by itself. Keys never stand in OPTIONS, where Wagtail's task for
# deleting files would write them into the queue: boto3 reads AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY itself.
VAULT_BUCKET = env.str("VAULT_BUCKET", default="")
MEDIA_BUCKET = env.str("MEDIA_BUCKET", default="")
MEDIA_HOST = env.str("MEDIA_HOST", default="")
# "public-read" where each public file must say that it is public (DigitalOcean Spaces); empty where the bucket says so.
MEDIA_ACL = env.str("MEDIA_ACL", default="")
if not DEBUG and not (VAULT_BUCKET and MEDIA_BUCKET):
    needed("VAULT_BUCKET", in_debug="")
    needed("MEDIA_BUCKET", in_debug="")

if VAULT_BUCKET and MEDIA_BUCKET:
    _s3 = {
        "endpoint_url": env.str("S3_ENDPOINT_URL", default=None),
        "region_name": env.str("S3_REGION", default=None),
        "addressing_style": env.str("S3_ADDRESSING_STYLE", default="auto"),
    }
    _vault = {"BACKEND": "pixlpix.storages.S3Vault", "OPTIONS": {**_s3, "bucket_name": VAULT_BUCKET}}
    _media = {
        "BACKEND": "pixlpix.storages.S3Media",
        "OPTIONS": {
            **_s3,
            "bucket_name": MEDIA_BUCKET,
            "custom_domain": MEDIA_HOST or None,
            "default_acl": MEDIA_ACL or None,
        },
    }
    _scratch = {
        "BACKEND": "pixlpix.storages.S3Scratch",
        "OPTIONS": {**_s3, "bucket_name": VAULT_BUCKET, "location": "scratch"},
    }
else:
    _vault = {"BACKEND": "pixlpix.storages.LocalVault", "OPTIONS": {"location": str(DATA_DIR / "vault")}}
    _media = {
        "BACKEND": "pixlpix.storages.LocalMedia",
        "OPTIONS": {"location": str(DATA_DIR / "media"), "base_url": "/media/"},
    }
    _scratch = {
        "BACKEND": "pixlpix.storages.LocalScratch",
        "OPTIONS": {"location": str(DATA_DIR / "scratch")},
    }
# On a local run the site itself serves the folder that stands in for the media bucket.
SERVE_MEDIA = DEBUG and not (VAULT_BUCKET and MEDIA_BUCKET)
STORAGES = {
    "default": _scratch,
    "vault": _vault,
    "media": _media,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]

# --- Pictures ---------------------------------------------------------------------------------------------------------
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=40 * 1024 * 1024)
UPLOAD_MAX_PIXELS = env.int("UPLOAD_MAX_PIXELS", default=60_000_000)
# All frames of an animated picture together.
UPLOAD_MAX_ANIMATED_PIXELS = env.int("UPLOAD_MAX_ANIMATED_PIXELS", default=150_000_000)
# One part of an upload that can be resumed, and what the plain form (without scripts) takes at once.
UPLOAD_PART_BYTES = 5 * 1024 * 1024
UPLOAD_FORM_MAX_BYTES = env.int("UPLOAD_FORM_MAX_BYTES", default=100 * 1024 * 1024)
# Pictures are decoded in a process of its own, which may use as much: seconds of processor time, bytes of memory.
DECODE_SECONDS = env.int("DECODE_SECONDS", default=20)
DECODE_MEMORY = env.int("DECODE_MEMORY", default=1024 * 1024 * 1024)
# Widths of the renditions in pixels; one below 2048 gets its own width as well.
RENDITION_WIDTHS = (320, 640, 1280, 2048)
# The CDN in front of the media host, which a withdrawal purges. Without these nothing is purged, and the log says so.
CDN_ENDPOINT_ID = env.str("CDN_ENDPOINT_ID", default="")
CDN_TOKEN = env.str("CDN_TOKEN", default="")
CDN_API_URL = env.str("CDN_API_URL", default="https://api.digitalocean.com")
# Where that CDN and the bucket behind it hand out files, so that the receipt of a takedown asks both.
CDN_URL = env.str("CDN_URL", default=f"https://{MEDIA_HOST}" if MEDIA_HOST and CDN_ENDPOINT_ID else "")
MEDIA_ORIGIN_URL = env.str("MEDIA_ORIGIN_URL", default="")
# Where receipts ask for the site's pages, as anybody would: usually SITE_URL. Empty: nothing is asked, nothing proven.
RECEIPT_SITE_URL = env.str("RECEIPT_SITE_URL", default=SITE_URL).rstrip("/")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # bytes of a form without its files

# --- People -----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "community.User"
MINIMUM_AGE = env.int("MINIMUM_AGE", default=16)  # years, confirmed at sign-up; no birth date is stored
UNVERIFIED_ACCOUNT_DAYS = 7
USERNAME_CHANGE_DAYS = env.int("USERNAME_CHANGE_DAYS", default=30)  # between two changes of one's username
LEAVE_DAYS = env.int("LEAVE_DAYS", default=30)  # in which one who left can come back; then what was theirs is deleted
# For how many days the numbered shell of an emptied account stays, with what the team keeps of it. None is for ever.
KEEP_LEFT_ACCOUNTS_DAYS = env.int("KEEP_LEFT_ACCOUNTS_DAYS", default=None)
BACKUP_DAYS = env.int("BACKUP_DAYS", default=30)  # how long a backup is kept, and with it what was erased meanwhile
EXPORT_DAYS = env.int("EXPORT_DAYS", default=7)  # how long the file of an export can be fetched
PROMPT_ENTRIES = 3  # posts that one member enters in one prompt at most
# How many of the 256 bits of their likenesses may differ where two pictures are taken for the same: docs/decisions/0010.
BANNED_DISTANCE = env.int("BANNED_DISTANCE", default=72)
UNDO_DAYS = 30  # how long an author can take a deletion back
# How many minutes a moderator has a case in hand before somebody else may take it.
CASE_CLAIM_MINUTES = env.int("CASE_CLAIM_MINUTES", default=30)
# Whether staff must have a second factor or a passkey to enter the console. Waived on a developer's machine alone.
STAFF_TWO_FACTOR = env.bool("STAFF_TWO_FACTOR", default=not DEBUG)
# Decisions that wait until a second moderator agrees: words of `Decision.Act`, with commas between them.
SECOND_PAIR_OF_EYES = env.list("SECOND_PAIR_OF_EYES", default=[])
# For how many hours one sign-in opens the console, and for how many minutes it stays open while nothing is done there.
CONSOLE_HOURS = env.int("CONSOLE_HOURS", default=10)
CONSOLE_IDLE_MINUTES = env.int("CONSOLE_IDLE_MINUTES", default=30)
# For how many days a takedown, a warning or a suspension counts against a member.
STRIKE_DAYS = env.int("STRIKE_DAYS", default=180)
AUTHENTICATION_BACKENDS = ["community.backend.MemberBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Common passwords are looked up in the list of 20,000 that comes with Django: no outside service is asked.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("username", "name", "email")}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# Sign-up, sign-in and their limits are allauth's; how an account is made is ours (community/adapter.py).
ACCOUNT_ADAPTER = "community.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "community.forms.SignupForm",
    "login": "community.forms.LoginForm",
    "reset_password": "community.forms_account.ResetPasswordForm",
}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_USERNAME_MIN_LENGTH = 3
# Nobody signs in before the address is confirmed, by a link that works on any device.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = UNVERIFIED_ACCOUNT_DAYS
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_CHANGE_EMAIL = True  # one address for each person; a new one counts once it is confirmed
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a mail when the password or the address changed; it names no IP address
ACCOUNT_EMAIL_SUBJECT_PREFIX = "PixlPix: "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE_URL.partition(":")[0]
ACCOUNT_SESSION_REMEMBER = True
# Beside allauth's own limits ("amount/time/per whom").
ACCOUNT_RATE_LIMITS = {
    "export": "6/h/user",
    "leave": "10/h/user",
    "invitation": "20/h/ip",
    "search": "240/m/ip",
    "share": "300/h/user",  # posts that are begun, and profile pictures
    "upload": "600/h/user",  # files that are begun
    "api": "120/m/ip",
    "like": "120/m/user",
    "save": "120/m/user",
    "suggest": "30/h/user",
    "invite_contributor": "60/h/user",
    "gallery_entry": "60/m/user",
    "prompt_entry": "60/h/user",
    "change_username": "20/h/user",
    "comment": "10/m/user,120/h/user",
    "like_comment": "120/m/user",
    "follow": "60/m/user,600/d/user",
    "relate": "60/m/user",  # mute, block, remove a follower, and taking these back
    "come_back": "20/h/ip",
    "report": "10/m/user,60/d/user",
    "report_visitor": "10/h/ip,5/h/key",  # the key is the address that they are answered at
    "follow_hashtag": "60/m/user",
    "appeal": "20/h/user",
}
# Second factors: an authenticator app with recovery codes, and passkeys, which also sign in by themselves.
MFA_ADAPTER = "community.mfa.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {"add_webauthn": "community.forms_account.AddPasskeyForm"}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds that a clock may be off
# Nobody is signed in before their first address is confirmed; without this a protected account could not change it.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG  # browsers take http://localhost for secure
# How many proxies in front of us write X-Forwarded-For: only what these say about a visitor's address is believed.
# One too few counts everybody as one person, one too many believes what a visitor writes: nobody can guess it for you.
ALLAUTH_TRUSTED_PROXY_COUNT = whole_number("TRUSTED_PROXY_COUNT", needed("TRUSTED_PROXY_COUNT", in_debug="0"))
INVITATION_DAYS = 7  # how long an invitation to the staff can be taken up

# --- Language and time ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Mail -------------------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="PixlPix <hello@pixlpix.example>")
if DEBUG:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
elif env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
else:
    # Cloud platforms block port 25: mail leaves by a sender's API, over HTTPS. Of the senders that Anymail knows these are
    # the ones that can be told, with every mail, to count neither who opened it nor who followed a link.
    MAIL_PROVIDER = env.str("MAIL_PROVIDER", default="postmark")
    _mail_keys = {"postmark": "POSTMARK_SERVER_TOKEN", "mailgun": "MAILGUN_API_KEY"}
    if MAIL_PROVIDER not in _mail_keys:
        raise ImproperlyConfigured(f"MAIL_PROVIDER is {MAIL_PROVIDER!r}. Known are {', '.join(_mail_keys)}.")
    EMAIL_BACKEND = "pixlpix.mail.SenderBackend"
    SENDER_BACKEND = f"anymail.backends.{MAIL_PROVIDER}.EmailBackend"
    ANYMAIL = {
        _mail_keys[MAIL_PROVIDER]: needed("MAIL_API_KEY", in_debug=""),
        "REQUESTS_TIMEOUT": 10,  # seconds
        "SEND_DEFAULTS": {"track_opens": False, "track_clicks": False},
    }
    if env.str("MAIL_API_URL", default=""):
        ANYMAIL[f"{MAIL_PROVIDER.upper()}_API_URL"] = env.str("MAIL_API_URL")

# --- Wagtail ----------------------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "PixlPix"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAILIMAGES_IMAGE_MODEL = "gallery.Picture"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = UPLOAD_MAX_BYTES
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "gif", "heic", "heif", "avif"]
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # no third-party request from any page
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_I18N_ENABLED = False
WAGTAILADMIN_LOGIN_URL = LOGIN_URL
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
# Passwords and addresses are changed in a member's settings, where allauth's limits hold.
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILIMAGES_IMAGE_FORM_BASE = "community.admin.pictures.EditorialPictureForm"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "modelsearch.backends.database"}}

# --- Headers ----------------------------------------------------------------------------------------------------------
# Public pages: no inline script or style, nothing from elsewhere but the media host, `data:` for placeholders, `blob:`
# for the preview of a file that was just chosen.
_media_sources = [f"https://{MEDIA_HOST}"] if MEDIA_HOST else []
if MEDIA_BUCKET and not MEDIA_HOST:
    _media_sources = [env.str("S3_ENDPOINT_URL", default="")]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:", *_media_sources],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
# Whether visitors get a page that says "back in a moment"; the vault says so as well, see pixlpix/maintenance.py.
MAINTENANCE = env.bool("MAINTENANCE", default=False)
# Where /.well-known/security.txt says that weaknesses are told: mailto:… or an address of a page.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default=f"{SITE_URL}/contact/")
# Whether robots.txt, headers and pages refuse crawlers that gather for training machines.
REFUSE_AI_TRAINING = env.bool("REFUSE_AI_TRAINING", default=True)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"  # links from elsewhere lead to who is signed in; forms do not
if not DEBUG:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    # The prefix has browsers refuse a cookie of this name that another host, or a page without https, tries to set.
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"

# --- Logs -------------------------------------------------------------------------------------------------------------
# "json": an object a line, for machines; "plain": for people. Neither has anybody's address in it: pixlpix/watching/logs.py.
LOG_FORMAT = env.str("LOG_FORMAT", default="plain" if DEBUG else "json")
_formatters = {"json": "pixlpix.watching.logs.JsonLines", "plain": "pixlpix.watching.logs.PlainLines"}
if LOG_FORMAT not in _formatters:
    raise ImproperlyConfigured(f"LOG_FORMAT is {LOG_FORMAT!r}. Known are {', '.join(_formatters)}.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": _formatters[LOG_FORMAT]}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # Its handlers would write lines of their own form, and mail tracebacks with whole requests to ADMINS.
        "django": {"handlers": [], "level": "NOTSET", "propagate": True},
        # The access log has these: status and view of each request. What is an error there is said as one.
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
    },
}

# --- Watching ---------------------------------------------------------------------------------------------------------
# From how many milliseconds on a query and a request stand in the log as slow.
SLOW_QUERY_MS = env.int("SLOW_QUERY_MS", default=500)
SLOW_REQUEST_MS = env.int("SLOW_REQUEST_MS", default=2000)
# For how many minutes a task may be due before /readyz says that no worker works.
READY_QUEUE_MINUTES = env.int("READY_QUEUE_MINUTES", default=30)
# Who may read /metrics: whoever brings this. Empty: nobody.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# Where errors are reported to. Empty: nowhere.
ERROR_REPORTING_DSN = env.str("ERROR_REPORTING_DSN", default="")
# Who is mailed when backups, drills, purges, mails or tasks fail.
ALERT_EMAILS = [one.strip() for one in needed("ALERT_EMAILS", in_debug="").split(",") if one.strip()]
BACKUP_ALERT_HOURS = env.int("BACKUP_ALERT_HOURS", default=26)  # how old the last backup may be
DRILL_ALERT_DAYS = env.int("DRILL_ALERT_DAYS", default=8)  # how old the last restore drill may be

# --- Tests ------------------------------------------------------------------------------------------------------------
TESTING = "pytest" in sys.modules
