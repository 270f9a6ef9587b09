"""The ideal partner profile and how a partner fits it, in plain words."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from babel.lists import format_list
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core import subdivisions
from core.money import babel_locale
from core.ui import Tone
from partners.models import Focus, IdealProfile, Region
from partners.rules import FocusKind, PartnerType
from partners.rules.fit import SOURCES, Criterion, Kind, Level, Unknown, measure_of
from partners.words import tiers as tier_words
from partners.words.benefits import plural_of

TONES = {
    Level.GOOD: Tone.GOOD,
    Level.FAIR: Tone.INFO,
    Level.POOR: Tone.WARN,
    Level.UNKNOWN: Tone.NEUTRAL,
}

Style = Literal["or", "standard"]


@dataclass(frozen=True, slots=True)
class Names:
    """What the members of lists are called: two queries, however many there are."""

    focuses: dict[str, str]
    regions: dict[str, str]

    def of(self, source: str, member: str) -> str:
        if source == "type":
            known = member in PartnerType.values
            return str(PartnerType(member).label) if known else member
        if source in {"country", "territory"}:
            return subdivisions.name(member)
        return (self.regions if source == "region" else self.focuses).get(member, "–")

    def all_of(self, source: str, members: Collection[str], style: Style = "or") -> str:
        """Put together in the reader's language, as a choice (or) or a list (standard)."""
        named = sorted(self.of(source, member) for member in members)
        return format_list(named, style=style, locale=babel_locale(get_language() or "en"))


def names_for(criteria: Iterable[Criterion]) -> Names:
    asked = {one.source for one in criteria}
    focuses = Focus.objects.filter(kind__in=asked).values_list("pk", "name")
    regions = Region.objects.values_list("pk", "name")
    return Names(
        {str(key): name for key, name in focuses} if asked & set(FocusKind) else {},
        {str(key): name for key, name in regions} if "region" in asked else {},
    )


def source(name: str) -> str:
    measure = measure_of(name)
    return tier_words.label_of(measure) if measure else str(SOURCES[name][1])


def plain(value: Decimal) -> str:
    return number_format(tier_words.trimmed(value), use_l10n=True, force_grouping=True)


def amount(name: str, value: Decimal) -> str:
    """A number with its unit."""
    measure = measure_of(name)
    if measure:
        return tier_words.amount_of(measure, value)
    number, words = plural_of(value), {"number": plain(value)}
    if name == "employees":
        return ngettext("%(number)s person", "%(number)s people", number) % words
    if name == "years":
        return ngettext("%(number)s year", "%(number)s years", number) % words
    if name == "territories":
        return ngettext("%(number)s country", "%(number)s countries", number) % words
    return ngettext("%(number)s specialisation", "%(number)s specialisations", number) % words


def points(value: Decimal) -> str:
    shown = number_format(value, decimal_pos=1, use_l10n=True)
    return ngettext("%(points)s point", "%(points)s points", plural_of(value)) % {"points": shown}


def number(value: Decimal | None) -> str:
    """A score or a part of one, with one place."""
    return "–" if value is None else number_format(value, decimal_pos=1, use_l10n=True)


def criterion(one: Criterion, names: Names) -> list[str]:
    """What a criterion asks, line by line."""
    lines = [source(one.source)]
    if one.kind == Kind.NUMBER and one.bands:
        bands = [
            _("%(share)s %% from %(amount)s on")
            % {"share": band.share, "amount": amount(one.source, band.at_least)}
            for band in one.bands
        ]
        said = format_list(bands, locale=babel_locale(get_language() or "en"))
        lines = [f"{source(one.source)}: {said}"]
    elif one.kind in {Kind.SET, Kind.PLACE}:
        words = {
            "what": source(one.source),
            "members": names.all_of(one.source, one.members) or "–",
            "needed": one.needed,
        }
        lines = [
            _("%(what)s: one of %(members)s") % words
            if one.needed == 1
            else _("%(what)s: %(needed)s of %(members)s") % words
        ]
    if one.unknown == Unknown.NOTHING:
        lines.append(_("What is unknown counts as not fulfilled."))
    return lines


def value(one: Criterion, seen: object, names: Names) -> str:
    """What a criterion saw, as it was kept."""
    if seen is None:
        return _("not answered yet") if one.kind == Kind.CHECK else _("unknown")
    if isinstance(seen, bool):
        return _("Yes") if seen else _("No")
    if isinstance(seen, list):
        # Of a region and all those above it, its own says enough.
        if one.source == "region":
            hit = sorted(set(seen) & one.members)
            return names.all_of("region", hit) if hit else _("elsewhere")
        return names.all_of(one.source, seen, "standard")
    return amount(one.source, Decimal(str(seen)))


def gap(one: Criterion, kept: dict[str, object], names: Names) -> str:
    """What is missing, with its number and unit."""
    missing = kept["missing"]
    if one.kind == Kind.CHECK:
        return _("A yes to this question") if missing else _("An answer: yes")
    if one.kind == Kind.NUMBER:
        target = Decimal(str(kept["target"]))
        if missing is None:
            return _("Known to be at least %s") % amount(one.source, target)
        if kept["less"]:
            return _("Less than %s") % amount(one.source, target)
        words = {
            "missing": amount(one.source, Decimal(str(missing))),
            "target": amount(one.source, target),
        }
        return _("%(missing)s more, to reach %(target)s") % words
    words = {"members": names.all_of(one.source, one.members)}
    if missing is None or one.needed == 1:
        return _("One of %(members)s") % words
    lacking = int(Decimal(str(missing)))
    return ngettext("%(number)s more of %(members)s", "%(number)s more of %(members)s", lacking) % {
        **words,
        "number": lacking,
    }


def scope(row: IdealProfile) -> str:
    region = str(row.region) if row.region else _("All regions")
    kind = str(PartnerType(row.partner_type).label) if row.partner_type else _("all partner types")
    return f"{region} · {kind}"


def settings(row: IdealProfile) -> list[str]:
    """How a version counts, each in a sentence."""
    months = ngettext(
        "Measures count over the last month.",
        "Measures count over the last %(months)s months.",
        row.months,
    ) % {"months": row.months}
    levels = _("From %(good)s points on a partner fits well, from %(fair)s in part.") % {
        "good": row.good_from,
        "fair": row.fair_from,
    }
    seen = (
        _("Partners see their score and its reasons.")
        if row.shown
        else _("Only people at the vendor see the score.")
    )
    return [levels, months, seen]


def when(moment: object) -> str:
    return date_format(localtime(moment), "DATETIME_FORMAT")  # type: ignore[arg-type]


def weight(number: int) -> str:
    return _("weight %s") % number
