"""What the page about a partner tells of how it fits the ideal one."""

from django.urls import reverse
from django.utils.translation import gettext as _

from core.actor import Actor
from partners.fit_page import fit_page
from partners.overview import Card, CardKind, Line, declare_card

MOST_GAPS = 3


def its_fit(actor: Actor, partner_id: int) -> Card:
    page = fit_page(actor, partner_id, whole=False)
    if page is None or not page.version:
        return Card(_("Ideal partner profile"), ())
    lines = [Line(page.level_label, page.score_text), Line(_("Version"), f"v{page.version}")]
    lines += [Line(f"{gap.label}: {gap.missing}", f"+{gap.gain}") for gap in page.gaps[:MOST_GAPS]]
    link = reverse("admin:partners_partnerfit_partner", args=[partner_id])
    return Card(_("Ideal partner profile"), tuple(lines), link)


declare_card(CardKind("fit", 25, its_fit))
