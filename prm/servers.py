"""What the addresses of other servers mean as Django's settings: database, mail, broker."""

from importlib.util import find_spec
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured


def database_settings(url: str, timeout_ms: int) -> dict[str, Any]:
    """Django's settings of one database; a statement may take `timeout_ms`."""
    database: dict[str, Any] = {**dj_database_url.parse(url, conn_max_age=60)}
    database["CONN_HEALTH_CHECKS"] = True
    database["DISABLE_SERVER_SIDE_CURSORS"] = False
    database["OPTIONS"] = {
        **database.get("OPTIONS", {}),
        "connect_timeout": 3,
        # A silent server is noticed in seconds, not in the kernel's two hours.
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 2,
        "tcp_user_timeout": 9000,
        # And the server notices a client that went away with its machine, whose locks others need.
        "options": (
            f"-c timezone=UTC -c statement_timeout={timeout_ms} -c tcp_keepalives_idle=15"
            " -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
        ),
    }
    return database


def email_settings(url: str) -> dict[str, Any]:
    """Django's mail settings from one URL: smtp://, smtps://, file:// or an anymail backend."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": parts.path,
        }
    if parts.scheme in {"smtp", "smtps", "smtp+tls"}:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": parts.hostname or "localhost",
            "EMAIL_PORT": parts.port or {"smtp": 25, "smtps": 465, "smtp+tls": 587}[parts.scheme],
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": parts.scheme == "smtps",
            "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        }
    # anymail: "postmark://TOKEN" names the service and its key.
    service = parts.scheme
    if find_spec(f"anymail.backends.{service}") is None:
        raise ImproperlyConfigured(f"EMAIL_URL begins with {service}://, which is not known.")
    return {
        "EMAIL_BACKEND": f"anymail.backends.{service}.EmailBackend",
        "ANYMAIL": {
            f"{service.upper()}_API_KEY": parts.netloc,
            f"{service.upper()}_SERVER_TOKEN": parts.netloc,
        },
    }


def broker_url(redis_url: str) -> str:
    """The same Redis as kombu spells it: a unix socket has another scheme there."""
    parts = urlsplit(redis_url)
    if parts.scheme == "unix":
        return f"redis+socket://{parts.path}?virtual_host=0"
    return redis_url
