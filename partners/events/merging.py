"""What this app announces when partners turn out to be one, or two."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.events import event_kind


@event_kind(
    "partners.partners_merged",
    sentence=_("%(actor)s merged %(merged)s into %(kept)s"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class PartnersMerged:
    """Told of both. `moved` counts rows by their table."""

    kept: str
    merged: str
    kept_id: int
    merged_id: int
    merge_id: int
    moved: dict[str, int]


@event_kind(
    "partners.merge_undone",
    sentence=_("%(actor)s took %(merged)s and %(kept)s apart again"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class PartnerMergeUndone:
    kept: str
    merged: str
    kept_id: int
    merged_id: int
    merge_id: int


@event_kind(
    "partners.pair_dismissed",
    sentence=_("%(actor)s found %(one)s and %(other)s to be two partners"),
    staff_only=True,
)
@dataclass(frozen=True, slots=True)
class PairDismissed:
    one: str
    other: str
