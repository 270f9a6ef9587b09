"""API tokens: making, finding, revoking. The token itself is shown once and never stored."""

import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, models, transaction
from django.utils import timezone

from core.account_facts import ApiTokenIssued, ApiTokenRevoked
from core.actor import Actor
from core.events import record
from core.models import ApiToken, User
from core.scopes import known_scopes

PREFIX = "prm_"
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
NOTED_EVERY = dt.timedelta(minutes=1)
WINDOW = dt.timedelta(minutes=1)


class UnknownScope(ValueError):
    """A token was to get a scope that no app declares."""


class NotYours(PermissionError):
    """Only a token's owner and operations may revoke it."""


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token; `secret` is the whole of what its user sends, known only now."""

    token: ApiToken
    secret: str


def digest(secret: str) -> str:
    """Plain SHA-256 is enough: the secret has 256 random bits and cannot be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def issue_token(
    *,
    actor: Actor,
    user: User,
    label: str,
    scopes: Iterable[str],
    expires_at: dt.datetime | None,
) -> IssuedToken:
    """A token with which a program acts as `user` within `scopes`. Raises UnknownScope."""
    wanted = sorted(set(scopes))
    unknown = [scope for scope in wanted if scope not in known_scopes()]
    if unknown or not wanted:
        known = ", ".join(known_scopes())
        raise UnknownScope(f"No such scope: {', '.join(unknown) or '(none)'}. Known: {known}.")
    prefix = PREFIX + "".join(secrets.choice(ALPHABET) for _ in range(8))
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        user=user,
        label=label,
        prefix=prefix,
        secret_hash=digest(secret),
        scopes=wanted,
        expires_at=expires_at,
    )
    fact = ApiTokenIssued(prefix, label, tuple(wanted), expires_at)
    record(fact, subject=user, actor=actor)
    return IssuedToken(token, secret)


@transaction.atomic
def revoke_token(*, actor: Actor, token_id: int) -> None:
    """Ends a token at once; nothing happens if it has ended. Raises NotYours, also for a
    token that does not exist."""
    token = ApiToken.objects.select_for_update().filter(pk=token_id).first()
    if token is None or not may_revoke(actor, token):
        raise NotYours("This is not a token of yours.")
    if token.revoked_at is not None:
        return
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    record(ApiTokenRevoked(token.prefix, token.label), subject=token.user, actor=actor)


def revoke_all(*, actor: Actor, user: User) -> None:
    """Ends all tokens of a person who lost what they were for, whoever says so."""
    for token in ApiToken.objects.select_for_update().filter(user=user, revoked_at=None):
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record(ApiTokenRevoked(token.prefix, token.label), subject=user, actor=actor)


def may_revoke(actor: Actor, token: ApiToken) -> bool:
    return actor.is_system or actor.is_ops or actor.user_id == token.user_id


def find_token(given: str) -> ApiToken | None:
    """The valid token that `given` is: not revoked, not expired, its user active. One query."""
    prefix = given[: len(PREFIX) + 8]
    if "\x00" in given:
        return None
    token = ApiToken.objects.select_related("user").filter(prefix=prefix).first()
    stored = token.secret_hash if token else ""
    matches = hmac.compare_digest(stored.encode(), digest(given).encode())
    if token is None or not matches or not is_valid(token):
        return None
    return token


def is_valid(token: ApiToken) -> bool:
    expired = token.expires_at is not None and token.expires_at <= timezone.now()
    return token.revoked_at is None and not expired and token.user.is_active


def note_use(token: ApiToken) -> None:
    """Writes down that the token was used, once a minute at most."""
    now = timezone.now()
    if token.last_used_at is None or token.last_used_at < now - NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def tokens_of(user_id: int) -> models.QuerySet[ApiToken]:
    """A person's tokens that still work or were used, newest first."""
    return ApiToken.objects.filter(user_id=user_id).order_by("-id")


COUNT_CALL = """
INSERT INTO core_apicallwindow AS counted (caller, opened_at, calls)
VALUES (%(caller)s, %(now)s, 1)
ON CONFLICT (caller) DO UPDATE SET
    calls = CASE WHEN counted.opened_at <= %(before)s THEN 1 ELSE counted.calls + 1 END,
    opened_at = CASE WHEN counted.opened_at <= %(before)s THEN %(now)s ELSE counted.opened_at END
RETURNING calls, opened_at
"""


def count_call(caller: str, window: dt.timedelta = WINDOW) -> tuple[int, float]:
    """Counts one call of `caller`: how many in the minute (or `window`) that is running, and the
    seconds until it ends. One statement, so that calls at the same moment are all counted."""
    now = timezone.now()
    values: dict[str, str | dt.datetime] = {"caller": caller, "now": now, "before": now - window}
    with connection.cursor() as cursor:
        cursor.execute(COUNT_CALL, values)
        calls, opened_at = cursor.fetchone()
    return calls, max((opened_at + window - now).total_seconds(), 0)
