"""What the page about a partner tells of how it fits the ideal one."""

from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from core.actor import Actor
from partners.models import PartnerFit
from partners.queries import fit
from partners.registries.cards import Card, CardKind, Line, declare_card
from partners.rules.fit import level_of
from partners.words import fit as fit_words

MOST_GAPS = 3


def its_fit(_actor: Actor, partner_id: int) -> Card:
    """The score and what would bring most: one query once the version is known."""
    rows = PartnerFit.objects.filter(partner_id=partner_id, current=True)
    row = rows.select_related("profile__region").first()
    if row is None:
        return Card(_("Ideal partner profile"), ())
    ideal = fit.read_ideal(row.profile)
    level = level_of(row.score, ideal.fair_from, ideal.good_from)
    labels = {one.key: one.label for one in ideal.criteria}
    gaps = [
        (Decimal(reason["gap"]["points"]), labels.get(reason["key"], ""))
        for reason in row.reasons
        if "gap" in reason
    ]
    lines = [
        Line(level.label, fit_words.number(row.score)),
        Line(_("Version"), f"v{ideal.version}"),
    ]
    lines += [
        Line(label, f"+{fit_words.points(points)}")
        for points, label in sorted(gaps, key=lambda gap: -gap[0])[:MOST_GAPS]
    ]
    link = reverse("admin:partners_partnerfit_partner", args=[partner_id])
    return Card(_("Ideal partner profile"), tuple(lines), link)


declare_card(CardKind("fit", 25, its_fit))
