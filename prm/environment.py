"""Everything the portal reads from the environment, typed, in one place.

`.env.example` lists the same names; a test compares the two. A missing or
malformed value stops the process at start with a sentence that names it.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"

Mode = Literal["local", "dev", "test", "production"]
MODES: tuple[Mode, ...] = ("local", "dev", "test", "production")


class Reader:
    """Reads typed values from a mapping and remembers every name that was asked for."""

    def __init__(self, values: Mapping[str, str], *, production: bool) -> None:
        self.values = values
        self.production = production
        self.asked: set[str] = set()

    def text(self, name: str, default: str | None = None, *, required: bool = False) -> str:
        """The value of `name`. `required` means that production does not start without it."""
        self.asked.add(name)
        value = self.values.get(name, "").strip()
        if value:
            return value
        if default is None or (required and self.production):
            raise ImproperlyConfigured(
                f"{name} is not set. Set it in the environment; .env.example says what it means."
            )
        return default

    def flag(self, name: str, default: bool) -> bool:
        value = self.text(name, "yes" if default else "no").lower()
        if value in {"1", "yes", "true", "on"}:
            return True
        if value in {"0", "no", "false", "off"}:
            return False
        raise ImproperlyConfigured(f"{name} is {value!r}; it takes yes or no.")

    def number(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        if not value.isdigit():
            raise ImproperlyConfigured(f"{name} is {value!r}; it takes a whole number.")
        return int(value)

    def items(self, name: str, default: str = "", *, required: bool = False) -> list[str]:
        value = self.text(name, default, required=required)
        return [item.strip() for item in value.split(",") if item.strip()]


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
    media_root: Path
    staff_mfa_required: bool
    sign_up_open: bool
    behind_https: bool
    trusted_proxies: int
    metrics_token: str = field(repr=False)
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
    return cast(Mode, mode)


def read_environment(values: Mapping[str, str] | None = None) -> Environment:
    """The portal's settings from `values` (default: the process environment).

    Raises ImproperlyConfigured with a sentence that says what to set.
    """
    values = os.environ if values is None else values
    mode = read_mode(values)
    read = Reader(values, production=mode == "production")
    own = own_server_urls(values, mode)
    environment = Environment(
        mode=mode,
        secret_key=read.text("SECRET_KEY", local_secret(mode), required=True),
        secret_key_fallbacks=read.items("SECRET_KEY_FALLBACKS"),
        allowed_hosts=read.items("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]", required=True),
        site_url=read.text("SITE_URL", "http://127.0.0.1:8000", required=True).rstrip("/"),
        database_url=read.text("DATABASE_URL", own[0], required=True),
        redis_url=read.text("REDIS_URL", own[1], required=True),
        email_url=read.text("EMAIL_URL", default_email_url(mode), required=True),
        mail_from=read.text("MAIL_FROM", "Partner Hub <partners@prm.example>", required=True),
        media_root=Path(read.text("MEDIA_ROOT", str(LOCAL / mode / "media"), required=True)),
        staff_mfa_required=read.flag("STAFF_MFA_REQUIRED", default=mode == "production"),
        sign_up_open=read.flag("SIGN_UP_OPEN", default=True),
        behind_https=read.flag("BEHIND_HTTPS", default=mode == "production"),
        trusted_proxies=read.number("TRUSTED_PROXIES", 1 if mode == "production" else 0),
        metrics_token=read.text("METRICS_TOKEN", ""),
        base_currency=read.text("BASE_CURRENCY", "EUR"),
        time_zone=read.text("TIME_ZONE", "UTC"),
        log_format=read.text("LOG_FORMAT", "json" if mode == "production" else "plain"),
        log_level=read.text("LOG_LEVEL", "INFO"),
        statement_timeout_ms=read.number("STATEMENT_TIMEOUT_MS", 0),
        names=frozenset(read.asked | {"PRM_ENV"}),
    )
    refuse_weak_production(environment)
    return environment


def own_server_urls(values: Mapping[str, str], mode: Mode) -> tuple[str, str]:
    """Where the project's own servers listen; empty in production, which has none."""
    if mode == "production":
        return "", ""
    from prm.local.servers import instance  # noqa: PLC0415 (not shipped to production)

    default = "test" if mode == "test" else "demo"
    own = instance(values.get("PRM_LOCAL_INSTANCE", default))
    return own.database_url, own.redis_url


def default_email_url(mode: Mode) -> str:
    """Outside production, mail is written to files: nobody is written to by mistake."""
    return "" if mode == "production" else f"file://{LOCAL / mode / 'mail'}"


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


def refuse_weak_production(environment: Environment) -> None:
    if not environment.production:
        return
    if len(environment.secret_key) < 50 or len(set(environment.secret_key)) < 5:
        raise ImproperlyConfigured("SECRET_KEY is too short; use at least 50 random characters.")
    if "*" in environment.allowed_hosts:
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the portal's hosts, not '*'.")
