"""What is announced about costs that partners state: that something changed, never what."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.events import event_kind


@event_kind(
    "partners.costs_changed",
    sentence=_("%(actor)s changed what the company states as its costs"),
)
@dataclass(frozen=True, slots=True)
class CostsChanged:
    """`act` is "added", "changed" or "removed"; nothing of the cost itself is said."""

    act: str
