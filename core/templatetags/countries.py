"""Countries by name."""

from django import template

from core import countries

register = template.Library()


@register.filter
def country_name(code: str) -> str:
    """The country's name in the reader's language; nothing for no code."""
    return countries.name(code) if code else ""
