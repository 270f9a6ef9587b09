"""Addresses that are secrets themselves, and how they are written into logs."""

import logging

from django.http import HttpRequest

SECRETS_IN_PATH = ("key", "uidb36", "token")


def loggable_path(request: HttpRequest) -> str:
    path = request.path
    match = request.resolver_match
    for name in SECRETS_IN_PATH:
        secret = match.kwargs.get(name) if match else None
        if secret:
            path = path.replace(str(secret), "…")
    return path[:300]


class WithoutSecretLinks(logging.Filter):
    """For Django's own loggers, which write the whole path of what was refused or not found."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            shown = loggable_path(request)
            record.args = tuple(shown if one == request.path else one for one in record.args)
        return True
