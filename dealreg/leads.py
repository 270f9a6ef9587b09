"""Reads about leads: a partner's inbox and the vendor's lists."""

from dataclasses import dataclass

from core.actor import Actor
from dealreg.models import Lead, LeadOffer
from dealreg.models.leads import LeadQuerySet
from dealreg.rules.leads import LeadVerb
from dealreg.services.leads import lead_for_reading, may_say

MOST_OFFERS = 50


@dataclass(frozen=True, slots=True)
class LeadPage:
    """A lead, what its reader may do with it, and to whom it was offered (for the vendor)."""

    lead: Lead
    verbs: frozenset[LeadVerb]
    offers: tuple[LeadOffer, ...]


def leads(actor: Actor) -> LeadQuerySet:
    """The actor's leads for a list."""
    return Lead.objects.visible_to(actor).select_related("product_line", "partner", "region")


def lead_page(actor: Actor, lead_id: int) -> LeadPage:
    """One lead by right (Http404). One query, and one for the offers that the vendor sees."""
    lead = lead_for_reading(actor, lead_id)
    verbs = frozenset(verb for verb in LeadVerb if may_say(actor, verb, lead))
    offers: tuple[LeadOffer, ...] = ()
    if actor.is_staff:
        rows = LeadOffer.objects.filter(lead=lead).select_related("partner", "answered_by")
        offers = tuple(rows.order_by("-pk")[:MOST_OFFERS])
    return LeadPage(lead, verbs, offers)
