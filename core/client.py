"""Where a request comes from."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "0.0.0.0"  # noqa: S104 (an answer, not an address to listen on)


def client_ip(request: HttpRequest) -> str:
    """The visitor's address, for rate limits and lists of sessions.

    Whoever sends a request can write X-Forwarded-For; only what our own proxies appended
    counts, which is the last TRUSTED_PROXIES entries. Anything odd falls back to the peer.
    """
    peer = valid_ip(request.META.get("REMOTE_ADDR", "")) or UNKNOWN
    proxies: int = settings.TRUSTED_PROXIES
    if proxies == 0:
        return peer
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    if len(forwarded) < proxies:
        return peer
    return valid_ip(forwarded[-proxies]) or peer


def valid_ip(text: str) -> str:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return ""
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address).split("%")[0]
