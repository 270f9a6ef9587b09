"""What partners announce about the public directory."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.events import event_kind


@event_kind(
    "partners.profile_written",
    sentence=_("%(actor)s wrote the company’s profile for the directory"),
    public=["changed"],
)
@dataclass(frozen=True, slots=True)
class ProfileWritten:
    """`changed` are the names of fields."""

    changed: list[str]


@event_kind(
    "partners.profile_listed",
    sentence=_("%(actor)s put the company into the public directory"),
    tone="good",
)
@dataclass(frozen=True, slots=True)
class ProfileListed:
    name: str


@event_kind(
    "partners.profile_unlisted",
    sentence=_("%(actor)s took the company out of the public directory"),
    public=["reason"],
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class ProfileUnlisted:
    """`reason` is the vendor's; empty when the partner did it."""

    reason: str


@event_kind(
    "partners.profile_reopened",
    sentence=_("%(actor)s lets the company be in the public directory again"),
    tone="good",
)
@dataclass(frozen=True, slots=True)
class ProfileReopened:
    name: str
