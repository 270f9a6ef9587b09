"""What a region lays down, on the region's page, and what holds there."""

from typing import Any

from django.conf import settings
from django.forms import ChoiceField, ModelForm
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from core import money_rates
from core.money import Money, format_money
from partners.models import Region, RegionPolicy
from partners.queries.regions import policy_of
from partners.rules import Inherited
from partners.rules.policies import LONGEST_KEPT, SHORTEST_KEPT, TRIED


class PolicyForm(ModelForm):  # type: ignore[type-arg]
    currency = ChoiceField(
        label=gettext_lazy("Currency"),
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text=gettext_lazy("Suggested for new registrations."),
    )
    language = ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text=gettext_lazy("Of people at partners who are brought in without one."),
    )

    class Meta:
        model = RegionPolicy
        fields = ["currency", "language", "approval_limit", "any_amount", "lead_days"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inherited = ("", _("As in the region above"))
        currencies = money_rates.accepted_currencies() | {self.instance.currency} - {""}
        if "currency" in self.fields:
            self.fields["currency"].choices = [  # type: ignore[attr-defined]
                inherited,
                *((code, code) for code in sorted(currencies)),
            ]
            self.fields["language"].choices = [inherited, *settings.LANGUAGES]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        if data.get("any_amount") and data.get("approval_limit") is not None:
            self.add_error("any_amount", _("Either a limit or any amount."))
        days = data.get("lead_days")
        if days is not None and not SHORTEST_KEPT <= days <= LONGEST_KEPT:
            words = {"least": SHORTEST_KEPT, "most": LONGEST_KEPT}
            self.add_error("lead_days", _("Say %(least)s to %(most)s days.") % words)
        return data


class PolicyInline(StackedInline):  # type: ignore[misc]
    """What the region says itself; without it, as in the region above."""

    model = RegionPolicy
    form = PolicyForm
    fields = [("currency", "language"), ("approval_limit", "any_amount"), "lead_days"]
    extra = 0
    max_num = 1


class InForceHere:
    """Mixed into the table of regions: what holds in one, and which region says so."""

    in_force = ["currency_here", "language_here", "time_zone_here", "limit_here", "leads_here"]

    @display(description=gettext_lazy("currency"))
    def currency_here(self, region: Region) -> str:
        return sourced(policy_of(region.path).currency, region)

    @display(description=gettext_lazy("language"))
    def language_here(self, region: Region) -> str:
        held = policy_of(region.path).language
        named = Inherited(str(dict(settings.LANGUAGES).get(held.value, held.value)), held.region)
        return sourced(named, region)

    @display(description=gettext_lazy("time zone"))
    def time_zone_here(self, region: Region) -> str:
        return sourced(policy_of(region.path).time_zone, region)

    @display(description=gettext_lazy("channel managers approve up to"))
    def limit_here(self, region: Region) -> str:
        held = policy_of(region.path).approval_limit
        if held.value is None:
            return sourced(Inherited(_("any amount"), held.region), region)
        amount = format_money(Money(held.value, money_rates.base_currency()))
        return sourced(Inherited(amount, held.region), region)

    @display(description=gettext_lazy("days that leads are kept"))
    def leads_here(self, region: Region) -> str:
        held = policy_of(region.path).lead_days
        return sourced(Inherited(str(held.value), held.region), region)


def sourced(held: Inherited[str], region: Region) -> str:
    """The value and where it comes from, as seen from `region`."""
    if held.region == region.path:
        origin = _("set here")
    elif held.region == TRIED:
        origin = _("tried out here")
    elif held.region:
        origin = _("from %s") % held.region
    else:
        origin = _("as the portal is set up")
    return f"{held.value} · {origin}"
