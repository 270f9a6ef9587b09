"""What keeps two customers from being merged, or from being taken apart again."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from dealreg.models import Account, AccountMerge, Protection

MOST_NAMED = 10


class MergeRefused(Exception):
    """The two cannot be merged, or not be taken apart; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two protections of one product line that would keep one customer at the same time."""

    kept: Protection
    merged: Protection


def require_two(survivor: Account, loser: Account) -> None:
    if survivor.pk == loser.pk:
        raise MergeRefused(_("Choose two different customers."))
    for one in (survivor, loser):
        if one.merged_into_id is not None:
            raise MergeRefused(_("%s was merged into another customer already.") % one.name)


def circle_between(survivor: Account, loser: Account) -> bool:
    """Whether the survivor belongs to a subsidiary of the loser."""
    above, seen = survivor.parent, {survivor.pk}
    while above is not None and above.pk not in seen:
        if above.parent_id == loser.pk:
            return True
        seen.add(above.pk)
        above = above.parent
    return False


def require_no_circle(survivor: Account, loser: Account) -> None:
    if circle_between(survivor, loser):
        raise MergeRefused(
            _("%(kept)s belongs to a subsidiary of %(merged)s. Change the parent company first.")
            % {"kept": survivor.name, "merged": loser.name}
        )


def overlaps_of(survivor: Account, loser: Account) -> Iterator[Overlap]:
    """Pairs of protections that the database would refuse for one customer."""
    rows = Protection.objects.filter(released_at__isnull=True).select_related(
        "deal", "partner", "product_line"
    )
    held = list(rows.filter(account=survivor))
    for theirs in rows.filter(account=loser).order_by("pk"):
        for mine in held:
            same_line = mine.product_line_id == theirs.product_line_id
            if same_line and _meet(mine.period, theirs.period):
                yield Overlap(mine, theirs)


def _meet(one: Any, other: Any) -> bool:
    return bool(one.lower < other.upper and other.lower < one.upper)


def require_no_overlap(survivor: Account, loser: Account) -> None:
    overlaps = list(overlaps_of(survivor, loser))
    if overlaps:
        named = ", ".join(
            f"{one.merged.deal.reference} / {one.kept.deal.reference}"
            for one in overlaps[:MOST_NAMED]
        )
        raise MergeRefused(
            _(
                "Both customers are protected for the same product line at the same time: %s. "
                "Withdraw or release one of each pair first."
            )
            % named
        )


def require_undoable(merge: AccountMerge, survivor: Account, loser: Account) -> None:
    if merge.undone_at is not None:
        raise MergeRefused(_("This merge was undone already."))
    if survivor.merged_into_id is not None:
        raise MergeRefused(
            _("%s was merged into another customer since. Undo that merge first.") % survivor.name
        )
    changed = [
        one["field"] for one in merge.changes if getattr(survivor, one["field"]) != one["new"]
    ]
    if changed or loser.merged_into_id != survivor.pk:
        raise MergeRefused(
            _("%(customer)s was changed since (%(fields)s), so what was before is not known.")
            % {"customer": survivor.name, "fields": ", ".join(changed) or _("merged into")}
        )
