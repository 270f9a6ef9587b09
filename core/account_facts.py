"""What this floor announces about people's accounts. The subject is the user."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.events import event_kind


@event_kind("core.account_opened", sentence=_("%(actor)s opened an account"), staff_only=True)
@dataclass(frozen=True, slots=True)
class AccountOpened:
    email: str


@event_kind(
    "core.account_opened_again",
    sentence=_("Somebody wanted to open an account with this address again"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class AccountOpenedAgain:
    """Nothing was changed; the owner got a mail. Writing it down also takes as long as opening
    an account does, so that the answer does not come sooner."""


@event_kind("core.signed_in", sentence=_("%(actor)s signed in"), staff_only=True)
@dataclass(frozen=True, slots=True)
class SignedIn:
    """`methods` are the proofs that were given, in order: "password", "mfa"."""

    methods: tuple[str, ...]


@event_kind(
    "core.account_security_changed",
    sentence=_("%(actor)s changed how they sign in: %(what)s"),
    staff_only=True,
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class AccountSecurityChanged:
    """`what` is a word such as "password_changed" or "totp_activated"."""

    what: str


@event_kind("core.profile_changed", sentence=_("%(actor)s changed their profile"), staff_only=True)
@dataclass(frozen=True, slots=True)
class ProfileChanged:
    """The changed fields by name, as they were and as they are."""

    old: dict[str, str]
    new: dict[str, str]


@event_kind(
    "core.access_ended", sentence=_("%(actor)s closed the account"), staff_only=True, tone="warn"
)
@dataclass(frozen=True, slots=True)
class AccessEnded:
    """Sign-in, sessions and tokens ended at this moment."""


@event_kind(
    "core.api_token_issued",
    sentence=_("%(actor)s issued the API token %(prefix)s… (%(label)s)"),
    staff_only=True,
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class ApiTokenIssued:
    prefix: str
    label: str
    scopes: tuple[str, ...]
    expires_at: dt.datetime | None


@event_kind(
    "core.api_token_revoked",
    sentence=_("%(actor)s revoked the API token %(prefix)s… (%(label)s)"),
    staff_only=True,
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class ApiTokenRevoked:
    prefix: str
    label: str


@event_kind(
    "core.branding_changed", sentence=_("%(actor)s changed the portal's look"), staff_only=True
)
@dataclass(frozen=True, slots=True)
class BrandingChanged:
    """The changed fields by name, as they were and as they are."""

    old: dict[str, str]
    new: dict[str, str]
