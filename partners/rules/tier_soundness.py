"""What is wrong with a programme before it may be published, in sentences."""

from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _

from partners.rules.tiers import Ladder, Level

MOST_POINTS = 1_000


def problems_of(ladder: Ladder, known: Collection[str]) -> list[str]:
    """Nothing for a programme that can decide: `known` are the names of the measures."""
    if not ladder.levels:
        return [_("A programme needs tiers.")]
    return list(dict.fromkeys(_problems(ladder, known)))


def _problems(ladder: Ladder, known: Collection[str]) -> Iterator[str]:
    base = ladder.levels[0]
    if not base.is_base:
        yield _("The lowest tier, %s, has to ask for nothing: every partner is in some tier.") % (
            base.name
        )
    for measure in ladder.measures():
        if measure not in known:
            yield _("There is no measure “%s”.") % measure
    for level in ladder.levels[1:]:
        if level.is_base:
            yield _("%s asks for nothing, so nobody could stay below it.") % level.name
        yield from _unreachable(level, ladder)
    for lower, higher in zip(ladder.levels, ladder.levels[1:], strict=False):
        yield from _easier(lower, higher)


def _unreachable(level: Level, ladder: Ladder) -> Iterator[str]:
    if any(one.at_least <= 0 for one in level.requirements):
        yield _("%s: ask for more than nothing, or leave the measure out.") % level.name
    if level.points is None:
        return
    caps = [score.at_most for score in ladder.scores]
    most = MOST_POINTS if None in caps else min(sum(cap or 0 for cap in caps), MOST_POINTS)
    if level.points > most:
        yield _("%(tier)s cannot be reached: at most %(most)s points can be earned.") % {
            "tier": level.name,
            "most": most,
        }


def _easier(lower: Level, higher: Level) -> Iterator[str]:
    """A higher tier asks for at least as much of everything, or the order means nothing."""
    asked = {one.measure: one.at_least for one in higher.requirements}
    for one in lower.requirements:
        if asked.get(one.measure, 0) < one.at_least:
            yield _("%(higher)s asks for less than %(lower)s: look at “%(measure)s”.") % {
                "higher": higher.name,
                "lower": lower.name,
                "measure": one.measure,
            }
    if (higher.points or 0) < (lower.points or 0):
        yield _("%(higher)s asks for fewer points than %(lower)s.") % {
            "higher": higher.name,
            "lower": lower.name,
        }
