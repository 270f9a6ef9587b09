"""What a distributor says to a registration, and the choice of a way on the registration form."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dealreg.models import Deal, DealRoute
from dealreg.rules.distribution import KEEP
from partners.queries.distribution import Distributor, distribution_terms, distributors_of

LONGEST_NOTE = 1000


class EndorseForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("What you want to say about it"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "The reseller and the vendor read it. Needed if you do not endorse."
        ),
    )


def ways_for(partner_id: int, region: str) -> list[tuple[str, str]]:
    """The ways that a partner of a region (its path) may choose from on the form; none where there
    is no choice. One query without a distributor, else two."""
    links: Sequence[Distributor] = distributors_of(partner_id, region)
    if not links:
        return []
    ways = [(str(one.link_id), _("Through %s") % one.name) for one in links]
    if distribution_terms(region, partner_id).may_keep:
        keep = _("Keep it from our distributor") if len(ways) == 1 else _("Keep it from them all")
        ways.append((KEEP, keep))
    return ways if len(ways) > 1 else []


def way_stored(deal: Deal) -> str:
    """The way of a deal as the form says it; "" for none. One query."""
    route = DealRoute.objects.filter(deal_id=deal.pk).first()
    if route is None:
        return ""
    return KEEP if route.kept else str(route.link_id)
