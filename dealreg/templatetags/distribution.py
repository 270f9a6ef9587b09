"""Which way a deal goes, on its pages."""

from django import template

from dealreg.distributed import RouteShown, route_shown
from dealreg.models import Deal

register = template.Library()


@register.simple_tag
def way_of(deal: Deal) -> RouteShown | None:
    """The way of a deal whose reader was let through to it. One query."""
    return route_shown(deal)
