"""Splits by right. A split of others and one that does not exist look the same. Whoever is named
in a split reads that split; the deal stays its own partner's."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from core.actor import Actor
from core.sql import LARGEST_ID
from dealreg.access import deal_for_reading, may_register
from dealreg.models import Deal, Split


def may_answer(actor: Actor) -> bool:
    """Whether the actor's work includes agreeing on splits, at a partner or at the vendor."""
    return (actor.is_staff or may_register(actor)) and actor.may("splits:write")


def require_may_answer(actor: Actor) -> None:
    """Raises PermissionDenied."""
    if not may_answer(actor):
        raise PermissionDenied(
            _("Sharing deals needs the role Sales or Administrator at a partner.")
        )


def split_for_reading(actor: Actor, split_id: int) -> Split:
    """The split with its deal's product line; Http404 for what is not the actor's to know."""
    if not 0 < split_id <= LARGEST_ID:
        raise Http404
    rows = Split.objects.visible_to(actor).select_related("deal__product_line")
    split = rows.filter(pk=split_id).first()
    if split is None:
        raise Http404
    return split


def split_for_changing(actor: Actor, split_id: int) -> Split:
    """The split, its deal and itself locked until the end of the transaction, always in this
    order. Http404 as for reading, PermissionDenied when the actor's role does not include it."""
    found = split_for_reading(actor, split_id)
    require_may_answer(actor)
    return locked(found.deal_id, split_id)


def locked(deal_id: int, split_id: int) -> Split:
    """Locks the deal, then the split."""
    deal = Deal.objects.select_for_update(of=("self",)).get(pk=deal_id)
    split = Split.objects.select_for_update(of=("self",)).get(pk=split_id)
    split.deal = deal
    return split


def deal_for_sharing(actor: Actor, deal_id: int) -> Deal:
    """The deal, locked, for whoever may propose how to share it: its own partner, and staff.
    Http404, PermissionDenied."""
    deal_for_reading(actor, deal_id, related=("product_line",))
    require_may_answer(actor)
    return Deal.objects.select_for_update(of=("self",)).get(pk=deal_id)
