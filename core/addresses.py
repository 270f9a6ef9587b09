"""Addresses that somebody else wrote down and we are to follow."""

from django.utils.http import url_has_allowed_host_and_scheme


def local_path(url: str | None, *, otherwise: str) -> str:
    """`url` if it is a path of the portal, else `otherwise`: never another site."""
    if not url or not url.startswith("/") or any(letter < " " for letter in url):
        return otherwise
    return url if url_has_allowed_host_and_scheme(url, allowed_hosts=None) else otherwise
