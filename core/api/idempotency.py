"""The same call of a program, sent again, is done once (Idempotency-Key).

As in the IETF's draft for that header: the same key with the same content gets the first
answer again, with other content 422, and while the first call still works 409. The key's row
is written in the transaction that does the work, so a process that dies leaves neither, and
the program just sends again. What was refused did nothing, and so is not remembered: a program
may mend its call and keep the key.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core.actor import Actor
from core.api.permissions import actor_of
from core.models import IdempotentCall

HEADER = "Idempotency-Key"
REPEATED = "Idempotent-Replayed"
KEPT_FOR = dt.timedelta(hours=24)
# A batch is removed by one short statement, however many there are.
SWEPT_AT_ONCE = 5_000
# What can be printed, and no blank: an UUID does best. Quotes around it are the draft's.
KEY = re.compile(r"[\x21-\x7e]{1,255}")

PARAMETER = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description=(
        "A key of your own, for example a UUID. Sending the same call again with it within 24 "
        "hours does nothing twice and gets the first answer; another body with it is refused."
    ),
)

View = Callable[..., Response]


class KeyUsedOtherwise(exceptions.APIException):
    """The key stands for another call."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = gettext_lazy(
        "This Idempotency-Key was sent with another request before. Use a new key for a new "
        "request."
    )
    default_code = "idempotency_key_reused"


class StillWorking(exceptions.APIException):
    """The first call with the key has not ended yet."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = gettext_lazy(
        "The first request with this Idempotency-Key is still being worked on. Send it again in "
        "a moment."
    )
    default_code = "idempotency_key_in_use"
    wait = 1  # seconds; told as Retry-After


def idempotent(view: View) -> View:
    """For a method of an APIView that writes: with the header, does the same call once."""

    @wraps(view)
    def answered_once(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = key_of(request)
        if key is None:
            return view(self, request, *args, **kwargs)
        return once(request, key, lambda: view(self, request, *args, **kwargs))

    return answered_once


def key_of(request: Request) -> str | None:
    """The key that was sent. Raises ValidationError for one that is none."""
    sent = request.headers.get(HEADER)
    if sent is None or not sent.strip():
        return None
    key = sent.strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not KEY.fullmatch(key):
        told = _("Send 1 to 255 visible ASCII characters without blanks, best a UUID.")
        raise exceptions.ValidationError({HEADER: [told]})
    return key


def once(request: Request, key: str, work: Callable[[], Response]) -> Response:
    """The answer of `work`, or the first answer if this call was answered before.

    Raises KeyUsedOtherwise, StillWorking, and what `work` raises.
    """
    caller, asked = caller_of(actor_of(request)), fingerprint_of(request)
    try:
        with transaction.atomic():
            if not hold_key(caller, key):
                raise StillWorking
            known = IdempotentCall.objects.filter(caller=caller, key=key).first()
            if known is not None:
                return answer_again(known, asked)
            response = work()
            if status.is_success(response.status_code):
                remember(caller, key, asked, response)
            return response
    except IntegrityError as error:
        if "call_answered_once" in str(error):
            raise StillWorking from error
        raise


def caller_of(actor: Actor) -> str:
    """Whose keys these are: a person's at one partner, whichever of its tokens is used."""
    return f"user:{actor.user_id}@{actor.partner_id or 'vendor'}"


def fingerprint_of(request: Request) -> str:
    """The same for the same method, address and content, however the JSON is written."""
    asked = [request.method, request.get_full_path(), request.headers.get("If-Match", "")]
    content = json.dumps([asked, request.data], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def hold_key(caller: str, key: str) -> bool:
    """Whether nobody else works under this key now; holds it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"idempotency:{caller}:{key}"],
        )
        held: bool = cursor.fetchone()[0]
    return held


def answer_again(known: IdempotentCall, asked: str) -> Response:
    if known.fingerprint != asked:
        raise KeyUsedOtherwise
    return Response(json.loads(known.body), status=known.status, headers={REPEATED: "true"})


def remember(caller: str, key: str, asked: str, response: Response) -> None:
    IdempotentCall.objects.create(
        caller=caller,
        key=key,
        fingerprint=asked,
        status=response.status_code,
        body=JSONRenderer().render(response.data).decode(),
    )


def forget_old(kept_for: dt.timedelta = KEPT_FOR) -> int:
    """Removes the keys that were kept long enough; returns how many."""
    before, removed = timezone.now() - kept_for, 0
    while True:
        old = IdempotentCall.objects.filter(created_at__lt=before).order_by("created_at")
        batch = list(old.values_list("pk", flat=True)[:SWEPT_AT_ONCE])
        removed += IdempotentCall.objects.filter(pk__in=batch).delete()[0]
        if len(batch) < SWEPT_AT_ONCE:
            return removed
