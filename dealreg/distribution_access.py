"""Deals that run through a distributor, by its right: what does not run through it, or no longer,
is not found."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from core.actor import Actor
from core.sql import LARGEST_ID
from dealreg.access import may_register
from dealreg.models import DealRoute


def may_endorse(actor: Actor) -> bool:
    """Whether the actor's work at a distributor includes answering for it."""
    return may_register(actor) and actor.may("distribution:write")


def require_may_endorse(actor: Actor) -> None:
    """Raises PermissionDenied."""
    if not may_endorse(actor):
        raise PermissionDenied(_("This needs the role Sales or Administrator at the distributor."))


def route_for_reading(actor: Actor, deal_id: int) -> DealRoute:
    """The way of a deal that runs through the actor's company; Http404 for any other."""
    if not 0 < deal_id <= LARGEST_ID:
        raise Http404
    rows = DealRoute.objects.visible_to(actor).filter(deal_id=deal_id)
    route = rows.select_related("deal__partner__region", "deal__product_line").first()
    if route is None:
        raise Http404
    return route
