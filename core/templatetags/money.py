from decimal import Decimal

from django import template

from core.money import Money, format_money

register = template.Library()


@register.simple_tag(name="money")
def money_tag(amount: Decimal | None, currency: str) -> str:
    """An amount as its reader writes it, with a minus as wide as a digit; a dash when there is
    none."""
    return "–" if amount is None else format_money(Money(amount, currency)).replace("-", "−")
