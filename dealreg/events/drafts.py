"""What drafts announce."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.events import event_kind


@event_kind(
    "dealreg.draft_saved",
    sentence=_("%(actor)s saved a draft"),
    public=["customer", "changes"],
    lasting=False,
)
@dataclass(frozen=True, slots=True)
class DraftSaved:
    """`changes` is field → [old, new], as text."""

    customer: str
    changes: dict[str, list[str]]


@event_kind(
    "dealreg.draft_discarded",
    sentence=_("%(actor)s discarded the draft for %(customer)s"),
    public=["customer"],
    lasting=False,
)
@dataclass(frozen=True, slots=True)
class DraftDiscarded:
    customer: str
