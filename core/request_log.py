"""One line in the log for each request, and one id that ties everything to it."""

import re
import time
import uuid

import structlog
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from core.client import client_ip
from core.middleware import NextStep
from core.secret_links import loggable_path

log = structlog.get_logger(__name__)

SANE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


class RequestLogMiddleware:
    """Binds the request's id for all log lines and events, and returns it to the caller.

    Neither queries, bodies and headers nor the secret parts of a link are written down.
    """

    def __init__(self, get_response: NextStep) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = request_id_of(request)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.monotonic()
        response = self.get_response(request)
        log.info(
            "request",
            method=request.method,
            path=loggable_path(request),
            status=response.status_code,
            milliseconds=round((time.monotonic() - started) * 1000),
            user_id=user_id_of(request),
            ip=client_ip(request),
        )
        response.headers["X-Request-ID"] = request_id
        structlog.contextvars.clear_contextvars()
        return response


def request_id_of(request: HttpRequest) -> str:
    """The proxy's id where it is one; else a new one."""
    given = request.headers.get("X-Request-ID", "")
    return given if SANE_ID.fullmatch(given) else uuid.uuid4().hex


def user_id_of(request: HttpRequest) -> int | None:
    """The user's id if the request has found out; asking now could need a lost database."""
    user = getattr(request, "user", None)
    if isinstance(user, SimpleLazyObject):
        user = getattr(request, "_cached_user", None)
    return getattr(user, "pk", None)
