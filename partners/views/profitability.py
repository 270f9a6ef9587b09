"""What a company earned with the programme against what it cost, for the people who keep its
accounts."""

from collections.abc import Iterable, Sequence

from babel.lists import format_list
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.actor import Actor
from core.money import babel_locale
from core.tables import csv_export, csv_lines
from partners.doors import actor_of, for_partners
from partners.forms.costs import CostForm, read_of
from partners.queries import profitability
from partners.queries.profitability import Profitability, cost_label, quarter_label
from partners.rules.profit import NOTHING, CostKind, EarningKind, Line
from partners.services import costs


def year_asked_for(request: HttpRequest) -> int | None:
    text = request.GET.get("year", "")
    return int(text) if text.isdecimal() and len(text) == 4 else None


@require_GET
@for_partners
def overview(request: HttpRequest) -> HttpResponse:
    """Earned, cost, result and ratio, quarter by quarter, and the costs of the year."""
    actor = actor_of(request)
    page = profitability.profitability(actor, year_asked_for(request))
    return draw(request, actor, page, new_form(page))


def new_form(page: Profitability) -> CostForm:
    today = timezone.localdate()
    return CostForm(initial={"day": today, "currency": page.currency, "version": 0})


def draw(
    request: HttpRequest, actor: Actor, page: Profitability, form: CostForm, status: int = 200
) -> HttpResponse:
    context = {
        "page": page,
        "years": profitability.years_offered(timezone.localdate()),
        "rows": [(quarter_label(line.period), line) for line in page.quarters],
        "past": [(quarter_label(line.period), line) for line in page.years],
        "earned_by": [
            (kind.label, page.total.earned_by.get(kind, NOTHING)) for kind in page.counted
        ],
        "cost_by": [(kind.label, page.total.cost_by.get(kind, NOTHING)) for kind in CostKind],
        "not_counted": said_together(str(kind.label) for kind in page.uncounted),
        "unknown": [(EarningKind(kind).label, number) for kind, number in page.unknown.items()],
        "costs": profitability.costs_of(actor, page.year),
        "most": profitability.MOST_COSTS_SHOWN,
        "form": form,
        "may_write": actor.may("profitability:write"),
    }
    return render(request, "partners/profitability.html", context, status=status)


def said_together(words: Iterable[str]) -> str:
    return format_list(list(words), locale=babel_locale(get_language() or "en"))


@require_POST
@for_partners
def add(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    costs.require_accounts(actor)
    form = CostForm(request.POST)
    if form.is_valid():
        try:
            row = costs.add_cost(actor=actor, cost=form.said())
        except costs.InvalidCost as wrong:
            form.add_error(None, str(wrong))
        else:
            messages.success(request, _("The cost is stated."))
            return redirect(f"{reverse('profitability')}?year={row.day.year}")
    return draw(request, actor, profitability.profitability(actor), form, status=422)


@require_http_methods(["GET", "POST"])
@for_partners
def cost(request: HttpRequest, cost_id: int) -> HttpResponse:
    """One cost, to be corrected."""
    actor = actor_of(request)
    row = costs.cost_for_changing(actor, cost_id)
    form = CostForm(request.POST or None, initial=read_of(row))
    newer = None
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            costs.change_cost(actor=actor, cost_id=cost_id, cost=form.said(), version=version)
        except costs.StaleCost as stale:
            newer = stale.row
            form.data = {**request.POST.dict(), "version": str(stale.row.version)}
        except costs.InvalidCost as wrong:
            form.add_error(None, str(wrong))
        else:
            messages.success(request, _("The cost is changed."))
            return redirect("profitability")
    status = 409 if newer else 422 if form.errors else 200
    context = {"form": form, "cost": row, "newer": newer}
    return render(request, "partners/cost.html", context, status=status)


@require_POST
@for_partners
def remove(request: HttpRequest, cost_id: int) -> HttpResponse:
    costs.remove_cost(actor=actor_of(request), cost_id=cost_id)
    messages.success(request, _("The cost is removed."))
    return redirect("profitability")


@require_GET
@for_partners
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Every quarter of the last five years, the oldest first."""
    page = profitability.profitability(actor_of(request))
    kinds = list(CostKind)
    header = [
        _("Period"),
        _("Currency"),
        *(str(kind.label) for kind in page.counted),
        _("Earned"),
        *(str(kind.label) for kind in kinds),
        _("Costs"),
        _("Result"),
        _("Return"),
    ]
    rows = (row_of(page, line) for line in page.all_quarters)
    answer = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="profitability.csv"'
    return answer


def row_of(page: Profitability, line: Line) -> Sequence[object]:
    return [
        quarter_label(line.period),
        page.currency,
        *(line.earned_by.get(kind.value, 0) for kind in page.counted),
        line.earned,
        *(line.cost_by.get(kind.value, 0) for kind in CostKind),
        line.cost,
        line.result,
        line.ratio,
    ]


@require_GET
@for_partners
def export_costs(request: HttpRequest) -> StreamingHttpResponse:
    """Everything that the company states, the newest first."""
    return csv_export(
        profitability.all_costs(actor_of(request)),
        name="costs",
        columns={
            _("Day"): lambda row: row.day,
            _("Kind"): lambda row: cost_label(row.kind),
            _("What for"): lambda row: row.note,
            _("Amount"): lambda row: row.amount,
            _("Currency"): lambda row: row.currency,
        },
    )
