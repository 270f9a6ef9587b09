"""Benefits in plain words."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import money_rates
from core.money import Money, format_money
from partners.models import BenefitCatalogue
from partners.rules import PartnerType
from partners.rules.benefits import UNLIMITED, YES, Benefit, BenefitKind, Starts, Value
from partners.words.tiers import trimmed


def value(benefit: Benefit, one: Value | None) -> str:
    """With its unit; "–" where nothing is stated."""
    if one is None:
        return "–"
    if one.word == UNLIMITED:
        return _("without limit")
    if benefit.kind == BenefitKind.LEVEL:
        return str(dict(benefit.levels).get(one.word, one.word))
    if benefit.kind == BenefitKind.YES_NO:
        return _("Included") if one.word == YES else _("Not included")
    amount = one.number or Decimal(0)
    if benefit.kind == BenefitKind.MONEY:
        return format_money(Money(amount, money_rates.base_currency()))
    shown = number_format(trimmed(amount), use_l10n=True, force_grouping=True)
    return f"{shown} %" if benefit.kind == BenefitKind.PERCENT else shown


def difference(benefit: Benefit, old: Value | None, new: Value | None) -> str:
    """By how much a value changes, with its unit; "" where it is no number."""
    if old is None or new is None or old.number is None or new.number is None:
        return ""
    step = new.number - old.number
    sign = "+" if step > 0 else "−"
    shown = number_format(trimmed(abs(step)), use_l10n=True, force_grouping=True)
    if benefit.kind == BenefitKind.MONEY:
        return sign + format_money(Money(abs(step), money_rates.base_currency()))
    if benefit.kind == BenefitKind.PERCENT:
        return sign + ngettext("%s point", "%s points", plural_of(abs(step))) % shown
    return sign + shown


def plural_of(number: Decimal) -> int:
    """For which number a word is bent: a fraction is many."""
    return int(number) if number == number.to_integral_value() else 100


def scope(row: BenefitCatalogue) -> str:
    region = str(row.region) if row.region else _("All regions")
    kind = str(PartnerType(row.partner_type).label) if row.partner_type else _("all partner types")
    return f"{region} · {kind}"


def starts(when: str) -> str:
    """From when benefits follow a new tier, as a sentence."""
    return {
        Starts.AT_ONCE: _("Benefits follow a new tier at once."),
        Starts.MONTH: _("Benefits follow a new tier on the first day of the next month."),
        Starts.QUARTER: _("Benefits follow a new tier on the first day of the next quarter."),
    }[Starts(when)]
