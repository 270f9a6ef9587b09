"""What own fields announce."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.events import event_kind


@event_kind(
    "dealreg.own_field_added",
    sentence=_("%(actor)s added the own field “%(label)s”"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class OwnFieldAdded:
    """`values` are what it says, as text."""

    code: str
    label: str
    values: dict[str, str]


@event_kind(
    "dealreg.own_field_changed",
    sentence=_("%(actor)s changed the own field “%(label)s”"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class OwnFieldChanged:
    """`changes` is what → [old, new], as text."""

    code: str
    label: str
    changes: dict[str, list[str]]


@event_kind(
    "dealreg.own_field_retired",
    sentence=_("%(actor)s took the own field “%(label)s” out of use"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class OwnFieldRetired:
    code: str
    label: str


@event_kind(
    "dealreg.own_field_restored",
    sentence=_("%(actor)s put the own field “%(label)s” into use again"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class OwnFieldRestored:
    code: str
    label: str


@event_kind(
    "dealreg.own_field_removed",
    sentence=_("%(actor)s removed the own field “%(label)s”"),
    staff_only=True,
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class OwnFieldRemoved:
    """`values` are what it said, as text."""

    code: str
    label: str
    values: dict[str, str]
