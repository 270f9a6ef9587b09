"""The deals that run through a distributor: its list, one of them, and its endorsement."""

from typing import Protocol

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from core.actor import Actor
from core.tables import Column, EmptyState, read_table
from core.ui import Tab
from dealreg import distributed, distribution_access, services
from dealreg.distribution_forms import EndorseForm
from dealreg.models import Deal
from partners.doors import actor_of, for_partners


class Answer(Protocol):
    def __call__(self, *, actor: Actor, deal_id: int, note: str) -> Deal: ...


COLUMNS = [
    Column("reference", gettext_lazy("Registration"), "deal_id", primary=True),
    Column("reseller", gettext_lazy("Reseller")),
    Column("customer", gettext_lazy("Customer"), priority=2),
    Column("product_line", gettext_lazy("Product line"), priority=3),
    Column("amount", gettext_lazy("Amount"), numeric=True, priority=3),
    Column("status", gettext_lazy("Status"), corner=True),
    Column("answer_until", gettext_lazy("Answer until"), priority=2),
]


@require_GET
@for_partners
def deal_list(request: HttpRequest) -> HttpResponse:
    """Newest first, or only what waits for the company's endorsement."""
    actor = actor_of(request)
    waiting = request.GET.get("show") == "waiting"
    table = read_table(
        distributed.routes(actor, waiting=waiting),
        request.GET,
        columns=COLUMNS,
        sort="-reference",
        caption=_("Registrations of your resellers"),
        empty=nothing_there(waiting=waiting),
    )
    here = reverse("distributed_deals")
    context = {
        "table": table,
        "rows": distributed.shown(actor, table.rows),
        "tabs": [
            Tab(_("All"), here, not waiting),
            Tab(
                _("Waiting for you"),
                f"{here}?show=waiting",
                waiting,
                distributed.waiting_number(actor),
            ),
        ],
    }
    return render(request, "dealreg/distributed_deals.html", context)


def nothing_there(*, waiting: bool) -> EmptyState:
    if waiting:
        return EmptyState(_("Nothing waits for you"), _("You are told when a reseller registers."))
    return EmptyState(
        _("No registrations yet"),
        _("Here is what your resellers register through your company."),
        reverse("distribution"),
        _("To your resellers"),
        icon="deal",
    )


@require_GET
@for_partners
def deal(request: HttpRequest, deal_id: int) -> HttpResponse:
    return show_deal(request, deal_id, EndorseForm())


def show_deal(
    request: HttpRequest, deal_id: int, form: EndorseForm, status: int = 200
) -> HttpResponse:
    one = distributed.distributed_deal(actor_of(request), deal_id)
    context = {"deal": one, "form": form}
    return render(request, "dealreg/distributed_deal.html", context, status=status)


@require_POST
@for_partners
def endorse(request: HttpRequest, deal_id: int) -> HttpResponse:
    return answer(request, deal_id, services.endorse_deal, _("You endorsed %s."))


@require_POST
@for_partners
def refuse(request: HttpRequest, deal_id: int) -> HttpResponse:
    done = _("You did not endorse %s; the reseller and the vendor are told why.")
    return answer(request, deal_id, services.refuse_endorsement, done)


def answer(request: HttpRequest, deal_id: int, act: Answer, done: str) -> HttpResponse:
    """Says yes or no for the distributor; what has moved on meanwhile is shown as it is."""
    actor = actor_of(request)
    distribution_access.route_for_reading(actor, deal_id)
    distribution_access.require_may_endorse(actor)
    form = EndorseForm(request.POST)
    if not form.is_valid():
        return show_deal(request, deal_id, form, status=422)
    try:
        found = act(actor=actor, deal_id=deal_id, note=form.cleaned_data["note"])
    except services.EndorsementReasonMissing as missing:
        form.add_error("note", str(missing))
        return show_deal(request, deal_id, form, status=422)
    except services.EndorsementIsOver:
        messages.warning(request, _("It no longer waits for you; here is where it stands."))
    else:
        messages.success(request, done % found.reference)
    return redirect("distributed_deal", deal_id)
