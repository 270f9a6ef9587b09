"""What a trial of the ideal partner profile found: how the scores are spread before and after,
and who would stand on another level."""

from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.db.models.functions import Abs, Coalesce
from django.utils.translation import gettext as _

from partners.models import FitMove, FitRun
from partners.rules.fit import Level

TENS = [*(str(ten) for ten in range(10)), "unknown"]


@dataclass(frozen=True, slots=True)
class Spread:
    """How many partners score so many points, before and after."""

    label: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Tally:
    """`matrix` is (level now, [(level after, partners, whether it is another one)])."""

    seen: int
    moved: int
    spread: tuple[Spread, ...]
    levels: tuple[str, ...]
    matrix: tuple[tuple[str, tuple[tuple[str, int, bool], ...]], ...]


def tally_of(run: FitRun) -> Tally:
    """A run's counts put together; no query."""
    counted = run.result
    levels = list(Level)
    moves = {
        (was, becomes): counted.get(f"{was.value}|{becomes.value}", 0)
        for was in levels
        for becomes in levels
    }
    return Tally(
        seen=counted.get("seen", 0),
        moved=sum(number for (was, becomes), number in moves.items() if was != becomes),
        spread=tuple(
            Spread(label_of(ten), counted.get(f"before|{ten}", 0), counted.get(f"after|{ten}", 0))
            for ten in TENS
        ),
        levels=tuple(str(level.label) for level in levels),
        matrix=tuple(
            (
                str(was.label),
                tuple(
                    (str(becomes.label), moves[was, becomes], was != becomes) for becomes in levels
                ),
            )
            for was in levels
        ),
    )


def label_of(ten: str) -> str:
    if ten == "unknown":
        return _("unknown")
    first = int(ten) * 10
    return f"{first}–{100 if ten == '9' else first + 9}"


def moves_of(run: FitRun) -> "QuerySet[FitMove]":
    """Who would stand on another level, the largest changes first."""
    change = Abs(Coalesce(F("after"), 0.0) - Coalesce(F("before"), 0.0))
    return run.moves.select_related("partner").order_by(change.desc(), "id")
