"""The cheapest way of a partner to its next tier, in words."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.measures import Period, all_measures, all_moves
from partners.measures import values as measured
from partners.models import Partner
from partners.queries import programmes
from partners.queries.programmes import ReadProgramme
from partners.rules.path import Move, Path, cheapest
from partners.rules.periods import months_before
from partners.rules.tiers import Level
from partners.words import tiers as tier_words

SAMPLE = 100


@dataclass(frozen=True, slots=True)
class Way:
    """The cheapest path to the next tier, in sentences."""

    tier: str
    found: bool
    steps: tuple[str, ...]
    days: str


def way_to(
    level: Level, one: ReadProgramme, found: Mapping[str, Decimal | None], partner: Partner
) -> Way:
    moves = moves_of(partner)
    path = cheapest(level, one.ladder, found, [move for move, _place in moves])
    return in_words(path, moves)


def moves_of(partner: Partner) -> list[tuple[Move, int]]:
    """What the partner can do, at its own rates of the last twelve months; each with the place
    of who declared it (-1 for a measure's own move)."""
    today = timezone.localdate()
    year = Period(months_before(today, 12) + dt.timedelta(days=1), today)
    found: list[tuple[Move, int]] = []
    for place, declared in enumerate(all_moves()):
        own = measured(declared.needs, year, [partner.pk])[partner.pk]
        known = all(own.get(name) for name in declared.needs)
        typical = {} if known else typical_rates(partner, declared.needs, year)
        found += [(move, place) for move in declared.make(own, typical)]
    moved = {name for move, _place in found for name in move.adds}
    for measure in all_measures():
        if measure.effort is not None and measure.name not in moved:
            found.append((Move(measure.name, {measure.name: Decimal(1)}, measure.effort), -1))
    return found


def typical_rates(
    partner: Partner, needs: Sequence[str], period: Period
) -> dict[str, Decimal | None]:
    """The average of some partners of the same type: of amounts and numbers over all of them,
    of rates over those that have one."""
    like = Partner.objects.filter(type=partner.type, status__in=programmes.ASSESSED)
    keys = list(like.order_by("pk").values_list("pk", flat=True)[:SAMPLE])
    rows = measured(needs, period, keys).values()
    average: dict[str, Decimal | None] = {}
    for name in needs:
        known = [value for row in rows if (value := row[name]) is not None]
        average[name] = sum(known, Decimal(0)) / len(known) if known else None
    return average


def in_words(path: Path, moves: Sequence[tuple[Move, int]]) -> Way:
    declared = all_moves()
    steps = []
    for move, place in moves:
        times = path.times.get(move.name)
        if times and place >= 0:
            steps.append(declared[place].words(move, times))
        elif times:
            steps.append(more_of(move, times))
    days = max(int(path.days.to_integral_value()), 1) if path.days else 0
    text = ngettext("about %s day of work", "about %s days of work", days) % days if days else ""
    return Way(path.level.name, path.found, tuple(steps), text)


def more_of(move: Move, times: int) -> str:
    added = move.adds[move.name] * times
    return _("%(measure)s: %(amount)s more.") % {
        "measure": tier_words.label_of(move.name),
        "amount": tier_words.amount_of(move.name, added),
    }
