"""What keeps a version of the ideal partner profile from being published. Pure."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from django.utils.translation import gettext as _

from partners.rules.fit import (
    MOST_BANDS,
    MOST_CRITERIA,
    SOURCES,
    Criterion,
    Kind,
    measure_of,
)


def problems_of(
    criteria: Sequence[Criterion], measures: Collection[str], *, fair_from: int, good_from: int
) -> list[str]:
    """Each in a sentence; none for a sound version. `measures` are those that can be counted."""
    if not criteria:
        return [_("No criterion is written down yet.")]
    problems = []
    if len(criteria) > MOST_CRITERIA:
        problems.append(_("At most %s criteria are possible.") % MOST_CRITERIA)
    if not 0 < fair_from < good_from <= 100:
        problems.append(_("“Fits in part” begins above 0 and below “fits well”."))
    asked = Counter(one.question for one in criteria if one.source == "check")
    if any(number > 1 for number in asked.values()):
        problems.append(_("A question is asked twice."))
    return problems + [wrong for one in criteria for wrong in wrong_with(one, measures)]


def wrong_with(one: Criterion, measures: Collection[str]) -> Iterator[str]:
    """What is wrong with one criterion."""
    name = one.label or one.source
    if not one.label:
        yield _("A criterion needs a label.")
    if not 1 <= one.weight <= 100:
        yield _("%s: the weight is a whole number from 1 to 100.") % name
    measure = measure_of(one.source)
    if (measure and measure not in measures) or (not measure and one.source not in SOURCES):
        yield _("%s: nobody knows what this looks at.") % name
    elif one.kind == Kind.NUMBER:
        yield from wrong_bands(one, name)
    elif one.kind != Kind.CHECK:
        yield from wrong_members(one, name)


def wrong_bands(one: Criterion, name: str) -> Iterator[str]:
    if not any(band.share for band in one.bands):
        yield _("%s: say from which number on how many percent count.") % name
    if len(one.bands) > MOST_BANDS:
        yield _("%(name)s: at most %(number)s bands are possible.") % {
            "name": name,
            "number": MOST_BANDS,
        }
    if any(not 0 <= band.share <= 100 for band in one.bands):
        yield _("%s: between 0 and 100 percent can count.") % name
    if any(low.at_least >= high.at_least for low, high in pairwise(one.bands)):
        yield _("%s: each band begins at another number, the lowest first.") % name


def wrong_members(one: Criterion, name: str) -> Iterator[str]:
    if not one.members:
        yield _("%s: choose what the ideal partner has.") % name
    elif not 1 <= one.needed <= len(one.members):
        yield _("%s: more are needed than are chosen.") % name
    elif one.needed > 1 and one.source in {"type", "country", "region"}:
        yield _("%s: a partner has but one, so one must be enough.") % name
