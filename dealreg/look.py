"""How the states of a deal look to the vendor: words, and unfold's names of the tones."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dealreg.rules.facts import CONFLICT_LABELS as CONFLICT_LABELS
from dealreg.rules.facts import ConflictLevel
from dealreg.rules.states import DealStatus

STATUS_TONES = {
    DealStatus.DRAFT: "",
    DealStatus.IN_REVIEW: "info",
    DealStatus.NEEDS_INFO: "warning",
    DealStatus.APPROVED: "success",
    DealStatus.DECLINED: "danger",
    DealStatus.WITHDRAWN: "",
    DealStatus.LAPSED: "",
}
CONFLICT_TONES = {
    ConflictLevel.POSSIBLE: "warning",
    ConflictLevel.LIKELY: "warning",
    ConflictLevel.SAME: "danger",
}


def waited(days: int) -> str:
    """An age in days, in words."""
    if not days:
        return _("today")
    words = ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
    return words.replace(" ", "\u00a0")
