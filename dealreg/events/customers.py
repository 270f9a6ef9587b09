"""What customers announce. All of it is for the vendor alone."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.events import event_kind


@event_kind(
    "dealreg.account_created",
    sentence=_("%(actor)s added the customer %(name)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class AccountCreated:
    name: str
    domain: str
    country: str


@event_kind(
    "dealreg.accounts_merged",
    sentence=_("%(actor)s merged the customer %(merged)s into %(kept)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class AccountsMerged:
    """`moved` counts what changed its customer, by kind of row; `merge_id` leads to all of it."""

    kept: str
    merged: str
    kept_id: int
    merged_id: int
    merge_id: int
    moved: dict[str, int]


@event_kind(
    "dealreg.merge_undone",
    sentence=_("%(actor)s took %(merged)s and %(kept)s apart again"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class MergeUndone:
    kept: str
    merged: str
    kept_id: int
    merged_id: int
    merge_id: int


@event_kind(
    "dealreg.duplicate_dismissed",
    sentence=_("%(actor)s found %(first)s and %(second)s to be two customers"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class DuplicateDismissed:
    first: str
    second: str
    other_id: int
