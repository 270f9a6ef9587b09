"""How an applicant or partner fits the ideal one, where its status is decided."""

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from core.actor import system
from partners.queries.fit_page import fit_page

MOST_GAPS = 5


def fit_summary(partner_id: int) -> str:
    """The score, the largest gaps, and the way to the reasons. The reader may see the partner."""
    page = fit_page(system("back office"), partner_id, whole=False)
    if page is None or not page.version:
        return "–"
    gaps = format_html_join(
        "",
        "<li>{}: {} <bdi>(+{})</bdi></li>",
        ((gap.label, gap.missing, gap.gain) for gap in page.gaps[:MOST_GAPS]),
    )
    return format_html(
        '<p><strong>{}: {}</strong> <span class="bo-muted">v{}</span></p><ul>{}</ul>'
        '<p><a class="bo-link" href="{}">{}</a></p>',
        page.level_label,
        page.score_text,
        page.version,
        gaps,
        reverse("admin:partners_partnerfit_partner", args=[partner_id]),
        _("Reasons and gaps"),
    )
