"""The report of what partners register against what they progress."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.admin.base import actor_of
from core.tables import csv_export
from dealreg import squatting
from partners.queries.regions import region_choices

PERIOD = dt.timedelta(days=365)
COLUMNS = {
    "partner__name": gettext_lazy("Partner"),
    "partner__tier__name": gettext_lazy("Tier"),
    "registered": gettext_lazy("Registered"),
    "evidenced": gettext_lazy("With evidence"),
    "moved": gettext_lazy("Stage moved"),
    "won": gettext_lazy("Won"),
    "lapsed": gettext_lazy("Lapsed"),
    "idle": gettext_lazy("Lapsed without progress"),
}


class PeriodForm(forms.Form):
    """Registrations of which days and region; what is no such thing shows the last year."""

    since = forms.DateField(
        label=gettext_lazy("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=gettext_lazy("Until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)

    def __init__(self, *args: Any, regions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [("", _("All regions")), *regions]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["class"] = "bo-select"

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and not dt.timedelta(0) <= until - since <= squatting.LONGEST:
            self.add_error("until", _("Choose a period of at most two years."))
        return data


def asked(request: HttpRequest) -> tuple[PeriodForm, squatting.Period, str]:
    today = timezone.localdate()
    usual = {"since": today - PERIOD, "until": today}
    regions = region_choices(actor_of(request))
    form = PeriodForm(
        request.GET if "since" in request.GET else None, initial=usual, regions=regions
    )
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        return form, squatting.Period(data["since"], data["until"]), data["region"]
    return form, squatting.Period(usual["since"], usual["until"]), ""


@require_safe
def report(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The partners with most registrations that went nowhere."""
    actor = actor_of(request)
    if not request.user.has_perm("dealreg.view_deal"):
        raise PermissionDenied
    form, period, region = asked(request)
    rows = list(squatting.progress(actor, period, region)[: squatting.MOST_PARTNERS + 1])
    context = {
        **site.each_context(request),
        "title": _("Registered and progressed"),
        "subtitle": None,
        "form": form,
        "period": period,
        "headings": list(COLUMNS.values()),
        "rows": [[row[name] for name in COLUMNS] for row in rows[: squatting.MOST_PARTNERS]],
        "more": len(rows) > squatting.MOST_PARTNERS,
        "most": squatting.MOST_PARTNERS,
        "query": request.GET.urlencode(),
    }
    return TemplateResponse(request, "admin/dealreg/deal/squatting.html", context)


@require_safe
def export(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    if not request.user.has_perm("dealreg.view_deal"):
        raise PermissionDenied
    _form, period, region = asked(request)
    found = squatting.progress(actor_of(request), period, region)
    columns = {str(label): reading(name) for name, label in COLUMNS.items()}
    return csv_export(found, name="registered-and-progressed", columns=columns)


def reading(name: str) -> Any:
    return lambda row: row[name]
