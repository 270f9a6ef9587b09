"""Everything the portal reads from the environment, typed, in one place.

`.env.example` lists the same names; a test compares the two. What is missing or
malformed stops the process at start with one message that names all of it.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"

Mode = Literal["local", "dev", "test", "production"]
MODES: tuple[Mode, ...] = ("local", "dev", "test", "production")
INBOUND_MAIL_SERVICES = ("mailgun", "mailjet", "postmark", "sparkpost")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class Reader:
    """Reads typed values from a mapping; remembers the names asked for and what was wrong."""

    def __init__(self, values: Mapping[str, str], *, production: bool) -> None:
        self.values = values
        self.production = production
        self.asked: set[str] = set()
        self.missing: list[str] = []
        self.wrong: list[str] = []

    def text(self, name: str, default: str = "", *, required: bool = False, takes: str = "") -> str:
        """The value of `name`. `required`: production does not start without it.
        `takes` is a pattern that the value must match as a whole."""
        self.asked.add(name)
        value = self.values.get(name, "").strip()
        if not value and required and self.production:
            self.missing.append(name)
        if value and takes and not re.fullmatch(takes, value):
            self.wrong.append(f"{name} does not look right: see what .env.example says of it.")
        return value or default

    def choice(self, name: str, default: str, choices: tuple[str, ...] | set[str]) -> str:
        value = self.text(name, default)
        if value not in choices:
            known = f" It takes {', '.join(choices)}." if len(choices) < 10 else ""
            self.wrong.append(f"{name} is {value!r}, which is not known.{known}")
        return value

    def flag(self, name: str, default: bool) -> bool:
        value = self.text(name, "yes" if default else "no").lower()
        if value not in {"1", "yes", "true", "on", "0", "no", "false", "off"}:
            self.wrong.append(f"{name} is {value!r}; it takes yes or no.")
        return value in {"1", "yes", "true", "on"}

    def number(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        if not re.fullmatch(r"[0-9]{1,9}", value):
            self.wrong.append(f"{name} is {value!r}; it takes a whole number.")
            return default
        return int(value)

    def items(self, name: str, default: str = "", *, required: bool = False) -> list[str]:
        value = self.text(name, default, required=required)
        return [item.strip() for item in value.split(",") if item.strip()]

    def stop_if_wrong(self) -> None:
        """Raises ImproperlyConfigured with everything that is missing or wrong."""
        lines = list(self.wrong)
        if self.missing:
            lines.insert(0, f"Not set: {', '.join(self.missing)}. .env.example says what each is.")
        if lines:
            raise ImproperlyConfigured("\n".join(lines))


@dataclass(frozen=True)
class Environment:
    mode: Mode
    secret_key: str = field(repr=False)
    secret_key_fallbacks: list[str] = field(repr=False)
    allowed_hosts: list[str]
    site_url: str
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    email_url: str = field(repr=False)
    mail_from: str
    inbound_mail_address: str
    inbound_mail_service: str
    inbound_mail_secret: str = field(repr=False)
    inbound_mail_signing_key: str = field(repr=False)
    inbound_imap_url: str = field(repr=False)
    inbound_authserv_id: str
    media_root: Path
    staff_mfa_required: bool
    sign_up_open: bool
    partners_invite_anybody: bool
    behind_https: bool
    trusted_proxies: int
    metrics_token: str = field(repr=False)
    metrics_folder: str
    base_currency: str
    time_zone: str
    log_format: str
    log_level: str
    statement_timeout_ms: int
    names: frozenset[str]

    @property
    def production(self) -> bool:
        return self.mode == "production"


def read_mode(values: Mapping[str, str]) -> Mode:
    mode = values.get("PRM_ENV", "").strip() or "local"
    if mode not in MODES:
        raise ImproperlyConfigured(f"PRM_ENV is {mode!r}; it takes one of {', '.join(MODES)}.")
    return mode


def read_environment(values: Mapping[str, str] | None = None) -> Environment:
    """The portal's settings from `values` (default: the process environment).

    Raises ImproperlyConfigured with a line for everything that has to be set or mended.
    """
    values = os.environ if values is None else values
    mode = read_mode(values)
    read = Reader(values, production=mode == "production")
    own_name = read.text("PRM_LOCAL_INSTANCE", "test" if mode == "test" else "demo")
    own_database, own_redis = own_server_urls(own_name, mode)
    environment = Environment(
        mode=mode,
        secret_key=read.text("SECRET_KEY", local_secret(mode), required=True),
        secret_key_fallbacks=read.items("SECRET_KEY_FALLBACKS"),
        allowed_hosts=read.items("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]", required=True),
        site_url=read.text(
            "SITE_URL", "http://127.0.0.1:8000", required=True, takes=r"https?://[^\s/]+/?"
        ).rstrip("/"),
        database_url=read.text(
            "DATABASE_URL", own_database, required=True, takes=r"postgres(ql)?://.+"
        ),
        redis_url=read.text("REDIS_URL", own_redis, required=True, takes=r"(rediss?|unix)://.+"),
        email_url=read.text(
            "EMAIL_URL", default_email_url(mode, own_name), required=True, takes=r"[a-z+]+://.+"
        ),
        mail_from=read.text(
            "MAIL_FROM", "Partner Hub <partners@prm.example>", required=True, takes=r".+@.+"
        ),
        inbound_mail_address=read.text("INBOUND_MAIL_ADDRESS", takes=r"[^@\s+]+@[^@\s]+"),
        inbound_mail_service=read.choice("INBOUND_MAIL_SERVICE", "", ("", *INBOUND_MAIL_SERVICES)),
        inbound_mail_secret=read.text("INBOUND_MAIL_SECRET", takes=r"[^:\s]+:\S+"),
        inbound_mail_signing_key=read.text("INBOUND_MAIL_SIGNING_KEY", takes=r"[\x21-\x7e]+"),
        inbound_imap_url=read.text("INBOUND_IMAP_URL", takes=r"imap(s|\+tls)?://[^\s@]+@[^\s@]+"),
        inbound_authserv_id=read.text("INBOUND_AUTHSERV_ID", takes=r"[\w.-]+"),
        media_root=Path(read.text("MEDIA_ROOT", str(LOCAL / own_name / "media"), required=True)),
        staff_mfa_required=read.flag("STAFF_MFA_REQUIRED", default=mode == "production"),
        sign_up_open=read.flag("SIGN_UP_OPEN", default=True),
        partners_invite_anybody=read.flag("PARTNERS_INVITE_ANYBODY", default=False),
        behind_https=read.flag("BEHIND_HTTPS", default=mode == "production"),
        trusted_proxies=read.number("TRUSTED_PROXIES", 1 if mode == "production" else 0),
        metrics_token=read.text("METRICS_TOKEN"),
        metrics_folder=read.text("PROMETHEUS_MULTIPROC_DIR"),
        base_currency=read.text("BASE_CURRENCY", "EUR", takes="[A-Z]{3}"),
        time_zone=read.choice("TIME_ZONE", "UTC", available_timezones()),
        log_format=read.choice(
            "LOG_FORMAT", "json" if mode == "production" else "plain", ("json", "plain")
        ),
        log_level=read.choice("LOG_LEVEL", "INFO", LOG_LEVELS),
        statement_timeout_ms=read.number("STATEMENT_TIMEOUT_MS", 0),
        names=frozenset(read.asked | {"PRM_ENV"}),
    )
    if environment.production and not read.missing:
        read.wrong += weaknesses(environment)
    read.stop_if_wrong()
    return environment


def weaknesses(environment: Environment) -> list[str]:
    """What production refuses to run with, one sentence each. Missing values are not here."""
    found = []
    key = environment.secret_key
    if key and (len(key) < 50 or len(set(key)) < 10 or key.startswith("django-insecure-")):
        found.append("SECRET_KEY is weak; use at least 50 random characters.")
    if "*" in environment.allowed_hosts:
        found.append("ALLOWED_HOSTS must name the portal's hosts, not '*'.")
    if environment.behind_https and not environment.site_url.startswith("https://"):
        found.append("SITE_URL must begin with https:// (or set BEHIND_HTTPS=no).")
    host = urlsplit(environment.site_url).hostname or ""
    if environment.allowed_hosts and not serves(host, environment.allowed_hosts):
        found.append(f"ALLOWED_HOSTS does not contain {host}, the host of SITE_URL.")
    found += weaknesses_of_inbound_mail(environment)
    if environment.metrics_token and len(environment.metrics_token) < 20:
        found.append("METRICS_TOKEN is weak; use at least 20 random characters.")
    return found


def weaknesses_of_inbound_mail(environment: Environment) -> list[str]:
    """What would let anybody register deals in somebody else's name."""
    found = []
    if environment.inbound_mail_service and len(environment.inbound_mail_secret) < 20:
        found.append("INBOUND_MAIL_SECRET must be user:password with 20 characters or more.")
    if environment.inbound_mail_service == "mailgun" and not environment.inbound_mail_signing_key:
        found.append("INBOUND_MAIL_SIGNING_KEY must be set for mailgun.")
    if environment.inbound_imap_url.startswith("imap://"):
        host = urlsplit(environment.inbound_imap_url).hostname
        if host not in {"localhost", "127.0.0.1", "::1"}:
            found.append("INBOUND_IMAP_URL must begin with imaps:// or imap+tls://.")
    takes_mail = environment.inbound_mail_service or environment.inbound_imap_url
    if takes_mail and not environment.inbound_authserv_id:
        found.append("INBOUND_AUTHSERV_ID must name the server that checks senders.")
    if takes_mail and not environment.inbound_mail_address:
        found.append("INBOUND_MAIL_ADDRESS must be the address that registrations are sent to.")
    return found


def serves(host: str, allowed: list[str]) -> bool:
    return any(host == item or (item[:1] == "." and host.endswith(item)) for item in allowed)


def own_server_urls(name: str, mode: Mode) -> tuple[str, str]:
    """Where the project's own servers listen; empty in production, which has none."""
    if mode == "production":
        return "", ""
    from prm.local.servers import instance  # noqa: PLC0415 (not shipped to production)

    own = instance(name)
    return own.database_url, own.redis_url


def default_email_url(mode: Mode, own_name: str) -> str:
    """Outside production, mail is written to files: nobody is written to by mistake."""
    return "" if mode == "production" else f"file://{LOCAL / own_name / 'mail'}"


def local_secret(mode: Mode) -> str:
    """A secret key for this checkout alone, made at first use; never used in production."""
    if mode == "production":
        return ""
    path = LOCAL / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first; its key counts
        finally:
            draft.unlink()
    return path.read_text().strip()
