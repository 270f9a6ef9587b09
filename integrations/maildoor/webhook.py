"""Takes mail that a mail service posts to us (anymail knows their formats)."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import structlog
from anymail.exceptions import AnymailWebhookValidationFailure
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from integrations.maildoor.port import LARGEST, Received, take_all
from integrations.models import MailWay

log = structlog.get_logger(__name__)

# Base64 makes a third more of it, and JSON a little.
LARGEST_POST = LARGEST * 3 // 2
# Those whose posts carry the whole message, so that nothing has to be fetched.
SERVICES = ("mailgun", "mailjet", "postmark", "sparkpost")


class PostedMail:
    """The messages of one post. Nothing need be done when they are safe: our answer says it."""

    way = MailWay.WEBHOOK

    def __init__(self, events: list[Any]) -> None:
        self.events = events

    def waiting(self) -> Iterator[Received]:
        for event in self.events:
            if event.message is not None:
                raw = bytes_of(event.message)
                yield Received(event.event_id or "", raw, len(raw))

    def taken(self, received: Received) -> None:
        return None


def bytes_of(message: Any) -> bytes:
    """The message as it came, also with headers that break the rules."""
    try:
        raw: bytes = message.as_bytes()
    except (UnicodeError, ValueError, LookupError):
        raw = str(message).encode("utf-8", errors="surrogateescape")
    return raw


@csrf_exempt
@login_not_required
@require_POST
def inbound_mail(request: HttpRequest) -> HttpResponse:
    """Where the mail service posts. 2xx only when all messages are safe with us, so that it
    sends again otherwise."""
    if not (settings.INBOUND_MAIL_SERVICE and settings.INBOUND_MAIL_SECRET):
        raise Http404
    service = service_view()
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_POST:
            return HttpResponse("Too large.", status=413, content_type="text/plain")
        # Django reads bodies up to the size of a form; a mail with its files is larger.
        if request.content_type == "application/json":
            request._body = request.read(LARGEST_POST + 1)
        service.run_validators(request)
        source = PostedMail(understood(service, request))
    except AnymailWebhookValidationFailure:
        log.warning("inbound_mail_unproven", service=settings.INBOUND_MAIL_SERVICE)
        return HttpResponse("Say who you are.", status=401, content_type="text/plain")
    except RequestDataTooBig:
        return HttpResponse("Too large.", status=413, content_type="text/plain")
    except NotUnderstood as error:
        log.warning("inbound_mail_unreadable", error=str(error)[:300])
        return HttpResponse("Not understood.", status=400, content_type="text/plain")
    take_all(source)
    return HttpResponse(status=204)


class NotUnderstood(Exception):
    """What was posted is not what this service posts."""


def understood(service: Any, request: HttpRequest) -> list[Any]:
    """The messages of a post. anymail takes the service at its word, so nonsense ends in any
    exception. Raises NotUnderstood, RequestDataTooBig."""
    try:
        events: list[Any] = service.parse_events(request)
    except RequestDataTooBig:
        raise
    except Exception as error:
        raise NotUnderstood(f"{type(error).__name__}: {error}") from error
    return events


def service_view() -> Any:
    """anymail's reader of the service's posts, which insists on our secret (user:password)."""
    name = settings.INBOUND_MAIL_SERVICE
    module = import_module(f"anymail.webhooks.{name}")
    view: Callable[..., Any] = next(
        value for key, value in vars(module).items() if key.lower() == f"{name}inboundwebhookview"
    )
    options: dict[str, Any] = {"webhook_secret": [settings.INBOUND_MAIL_SECRET]}
    if name == "mailgun":
        options["webhook_signing_key"] = settings.INBOUND_MAIL_SIGNING_KEY
    return view(**options)
