"""The sale of a deal as the vendor's people keep it where the partner cannot, and the forecast
over the partners whom they look after."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from core.admin.base import actor_of
from dealreg import access, forecast, sales, services
from dealreg.forecast import Line
from dealreg.models import Deal
from dealreg.models.deals import DealQuerySet
from dealreg.rules.sale import InvalidSale, changes_between
from dealreg.rules.states import NotInThisState, Verb, possible
from dealreg.sale_forms import SaleForm, sale_form
from dealreg.views.forecasting import forecast_file
from partners.queries import in_regions
from partners.queries.regions import region_choices

WIDGETS: dict[str, type[forms.Widget]] = {
    "stage": UnfoldAdminSelectWidget,
    "amount": UnfoldAdminDecimalFieldWidget,
    "expected_close": UnfoldAdminTextInputWidget,
    "probability": UnfoldAdminIntegerFieldWidget,
    "next_step": UnfoldAdminTextInputWidget,
    "next_step_on": UnfoldAdminTextInputWidget,
    "note": UnfoldAdminTextareaWidget,
}
DATES = {"expected_close", "next_step_on"}


def dressed(form: SaleForm) -> SaleForm:
    """The partner's form in the clothes of the back office."""
    for name, widget in WIDGETS.items():
        field = form.fields[name]
        attrs = {"type": "date"} if name in DATES else {}
        choices = getattr(field, "choices", None)
        field.widget = widget(attrs=attrs)
        if choices is not None:
            field.widget.choices = choices
    form.fields["note"].widget.attrs["rows"] = 2
    form.fields["note"].label = _("Why?")
    return form


@require_http_methods(["GET", "POST"])
def sale(request: HttpRequest, deal_id: int, site: AdminSite) -> HttpResponse:
    """The sale with its history; staff may enter what the partner cannot, such as an amount far
    above the one that was registered."""
    actor = actor_of(request)
    deal = access.deal_for_reading(actor, deal_id)
    if request.method == "GET":
        return draw(request, site, deal, sale_form(deal))
    if not access.may(actor, Verb.UPDATE_SALE):
        raise PermissionDenied(_("Your role does not include this."))
    form = sale_form(deal, request.POST)
    if not form.is_valid():
        return draw(request, site, deal, form, status=422)
    try:
        services.update_sale(
            actor=actor,
            deal_id=deal.pk,
            sale=form.sale(),
            version=form.cleaned_data["version"],
            note=form.cleaned_data["note"],
        )
    except InvalidSale as wrong:
        form.add_problems(wrong.problems)
        return draw(request, site, deal, form, status=422)
    except services.StaleEdit as stale:
        return draw_newer(request, site, form, stale.current)
    except NotInThisState as refused:
        messages.error(request, str(refused))
        return redirect("admin:dealreg_deal_sale", deal.pk)
    messages.success(request, _("The sale is up to date."))
    return redirect("admin:dealreg_deal_sale", deal.pk)


def draw_newer(
    request: HttpRequest, site: AdminSite, form: SaleForm, current: Deal
) -> HttpResponse:
    """What was typed is kept; what is stored by now is said."""
    changes = changes_between(form.sale(), sales.sale_of(current))
    stored = (
        f"{change.field.label}: {sales.in_words(change.field, change.new, current.currency)}"
        for change in changes
    )
    text = _(
        "Somebody changed this sale after you opened it, so nothing was saved. Stored now: %s. "
        "Save again to write yours."
    )
    messages.error(request, text % "; ".join(stored))
    form.data = {**request.POST.dict(), "version": str(current.version)}
    return draw(request, site, current, form, status=409)


def draw(
    request: HttpRequest, site: AdminSite, deal: Deal, form: SaleForm, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    context = {
        **site.each_context(request),
        "title": _("Sale of %s") % deal,
        "subtitle": None,
        "deal": deal,
        "form": dressed(form),
        "sale": sales.sale_shown(actor, deal),
        "history": sales.history(deal),
        "may_update": access.may(actor, Verb.UPDATE_SALE)
        and possible(Verb.UPDATE_SALE, deal.status, deal.stage),
    }
    return TemplateResponse(request, "admin/dealreg/deal/sale.html", context, status=status)


# --- the forecast -----------------------------------------------------------------------------


class ForecastForm(forms.Form):
    """For whom; anything that is no choice is for all whom the reader looks after."""

    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)

    def __init__(self, *args: Any, regions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = self.fields["region"]
        region.choices = [("", _("All regions")), *regions]  # type: ignore[attr-defined]
        region.widget.attrs["class"] = "bo-select"

    def narrowed(self, rows: DealQuerySet) -> DealQuerySet:
        path = self.cleaned_data.get("region") if self.is_valid() else ""
        if not path:
            return rows
        return rows.filter(in_regions(frozenset({path}), "partner__region__path"))

    def address(self) -> str:
        """The list of the open sales that are shown, to be narrowed further."""
        path = self.cleaned_data.get("region") if self.is_valid() else ""
        deals = f"{reverse('admin:dealreg_deal_changelist')}?sale=open"
        return f"{deals}&region={path}" if path else deals


@require_safe
def forecast_page(request: HttpRequest, site: AdminSite) -> HttpResponse:
    actor = actor_of(request)
    form = ForecastForm(request.GET, regions=region_choices(actor))
    rows = form.narrowed(forecast.pipeline(actor))
    shown, address = forecast.forecast(rows), form.address()
    context = {
        **site.each_context(request),
        "title": _("Forecast"),
        "subtitle": None,
        "form": form,
        "forecast": shown,
        "address": address,
        "shown_for": request.GET.urlencode(),
        "tables": [
            (_("By sales stage"), with_links(shown.by_stage, f"{address}&stage__exact=")),
            (_("By expected close"), with_links(shown.by_month, f"{address}&closes=")),
            (
                _("By region"),
                with_links(
                    forecast.by_region(rows),
                    f"{reverse('admin:dealreg_deal_changelist')}?sale=open"
                    "&partner__region__path__exact=",
                ),
            ),
            (
                _("By partner, the 50 largest"),
                with_links(forecast.by_partner(rows), f"{address}&partner__id__exact="),
            ),
        ],
    }
    return TemplateResponse(request, "admin/dealreg/deal/forecast.html", context)


def with_links(lines: tuple[Line, ...], address: str) -> list[tuple[Line, str]]:
    """Each line that says something, with the list that it is made of."""
    return [(line, f"{address}{line.key}") for line in lines if line.deals]


@require_safe
def forecast_export(request: HttpRequest, site: AdminSite) -> Any:
    actor = actor_of(request)
    rows = ForecastForm(request.GET, regions=region_choices(actor)).narrowed(
        forecast.pipeline(actor)
    )
    more = {
        _("Region"): forecast.by_region(rows),
        _("Partner"): forecast.by_partner(rows),
    }
    return forecast_file(forecast.forecast(rows), more)
