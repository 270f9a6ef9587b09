"""A tier programme in plain words."""

import datetime as dt
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import money_rates
from core.money import Money, format_money
from partners.measures import Unit, UnknownMeasure, measure_named
from partners.models import TierProgramme
from partners.rules import PartnerType
from partners.rules.periods import Period, PeriodKind
from partners.rules.tiers import Approval, Level, Requirement, Score


def label_of(measure: str) -> str:
    try:
        return str(measure_named(measure).label)
    except UnknownMeasure:
        return measure


def amount_of(measure: str, value: Decimal | None) -> str:
    """A value with its unit; "no data yet" for an unknown one."""
    if value is None:
        return _("no data yet")
    try:
        unit = measure_named(measure).unit
    except UnknownMeasure:
        unit = Unit.COUNT
    if unit == Unit.MONEY:
        return format_money(Money(value, money_rates.base_currency()))
    shown = number_format(trimmed(value), use_l10n=True, force_grouping=True)
    return f"{shown} %" if unit == Unit.PERCENT else shown


def trimmed(value: Decimal) -> Decimal:
    """Without zeros at the end: 12.500 → 12.5, 40.000 → 40."""
    short = value.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short


def requirement(one: Requirement) -> str:
    return _("%(measure)s of at least %(amount)s") % {
        "measure": label_of(one.measure),
        "amount": amount_of(one.measure, one.at_least),
    }


def score(one: Score) -> str:
    words = {
        "points": one.points,
        "amount": amount_of(one.measure, one.per),
        "measure": label_of(one.measure),
        "most": one.at_most,
    }
    if one.at_most is None:
        return _("%(points)s points for each %(amount)s: %(measure)s") % words
    return _("%(points)s points for each %(amount)s: %(measure)s, at most %(most)s points") % words


def level(one: Level) -> list[str]:
    """What a tier asks for, each in a line."""
    lines = [requirement(each) for each in one.requirements]
    if one.points:
        lines.append(_("at least %s points") % one.points)
    return lines or [_("nothing: every partner is at least here")]


def period(kind: str, months: int) -> str:
    if kind == PeriodKind.ROLLING:
        return ngettext("over the last month", "over the last %(months)s months", months) % {
            "months": months
        }
    if kind == PeriodKind.YEAR:
        return _("over the running calendar year")
    return _("over the running calendar quarter")


def days(one: Period) -> str:
    return f"{day(one.first)} – {day(one.last)}"


def day(one: dt.date) -> str:
    return date_format(one, "SHORT_DATE_FORMAT")


def scope(programme: TierProgramme) -> str:
    region = str(programme.region) if programme.region else _("All regions")
    kind = (
        str(PartnerType(programme.partner_type).label)
        if programme.partner_type
        else _("all partner types")
    )
    return f"{region} · {kind}"


def policy(programme: TierProgramme) -> list[str]:
    """How partners move, each in a sentence."""
    grace = (
        ngettext(
            "Who reaches less falls after %(days)s day of grace.",
            "Who reaches less falls after %(days)s days of grace.",
            programme.grace_days,
        )
        % {"days": programme.grace_days}
        if programme.grace_days
        else _("Who reaches less falls at once.")
    )
    approval = {
        Approval.NONE: _("Who reaches more rises at once."),
        Approval.UP: _("Who reaches more rises when a person approves."),
        Approval.BOTH: _("A person approves every rise and fall."),
    }[Approval(programme.approval)]
    return [approval, grace]
