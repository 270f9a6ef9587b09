"""Replays of past decisions: starting one, its page, its list as a file."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core.acts import look_again
from core.admin.base import actor_of
from core.models import QueueState
from core.tables import csv_export
from dealreg import access, desk, replay, services
from dealreg.admin.book_forms import ReplayForm
from dealreg.models import RuleBook
from dealreg.rules.engagement import InvalidRule
from dealreg.rules.facts import FACTS
from dealreg.rules.states import Outcome
from partners.queries.organisations import partner_names
from partners.queries.regions import region_names

MOST_PARTNERS = 20


def start(request: HttpRequest, book: RuleBook) -> HttpResponse:
    form = ReplayForm(request.POST)
    actor = actor_of(request)
    back = redirect("admin:dealreg_rulebook_change", book.pk)
    if not form.is_valid():
        messages.error(request, _("Choose the first and the last day of the period."))
        return back
    try:
        run = services.replay_book(actor=actor, book_id=book.pk, **form.cleaned_data)
    except InvalidRule as wrong:
        messages.error(request, str(wrong))
        return back
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
        return back
    return redirect("admin:dealreg_replay_run", run.pk)


def show(request: HttpRequest, run_id: int, site: AdminSite) -> HttpResponse:
    """What a replay found so far; asks for itself again while it runs."""
    run = access.replay_for_reading(actor_of(request), run_id)
    runs = run.state in {QueueState.WAITING, QueueState.RUNNING}
    tally = replay.Tally.from_json(run.result)
    page = desk.replay_changes(run, after_in(request))
    answer = TemplateResponse(
        request,
        "admin/dealreg/rulebook/replay.html",
        {
            **site.each_context(request),
            "title": _("Replay of v%s") % run.book.version,
            "subtitle": None,
            "run": run,
            "runs": runs,
            "parked": run.state == QueueState.PARKED,
            "page": page,
            "listed_up_to": replay.MOST_CHANGES,
            **found(tally),
        },
    )
    if runs:
        look_again(answer)
    return answer


def found(tally: replay.Tally) -> dict[str, Any]:
    """The tally as the page's tables."""
    counted = replay.matrix(tally)
    changed = sum(number for (before, after), number in counted.items() if before != after)
    regions = region_names()
    return {
        "decided": sum(counted.values()),
        "changed": changed,
        "outside": tally.outside,
        "outcomes": list(Outcome),
        "matrix": [
            (before, [(after, counted.get((before.value, after.value), 0)) for after in Outcome])
            for before in Outcome
        ],
        "groups": [
            (_("Region"), named(replay.shares(tally, 0), regions)),
            (_("Tier"), named(replay.shares(tally, 1), {})),
            (_("Amount in the base currency"), named(replay.shares(tally, 2), bands())),
        ],
        "partners": changed_partners(tally),
        "missing": [
            (FACTS[name].label if name in FACTS else name, number)
            for name, number in sorted(tally.missing.items())
        ],
    }


def named(shares: list[replay.Share], names: dict[str, str]) -> list[tuple[str, replay.Share]]:
    return [(names.get(share.name, share.name) or "—", share) for share in shares]


def changed_partners(tally: replay.Tally) -> list[tuple[str, int]]:
    """The partners with most changed decisions."""
    most = tally.partners.most_common(MOST_PARTNERS)
    names = partner_names([key for key, _number in most])
    return [(names.get(key, f"#{key}"), number) for key, number in most]


def bands() -> dict[str, str]:
    edges = [number_format(edge, use_l10n=True, force_grouping=True) for edge in replay.BANDS]
    names = {str(replay.UNKNOWN_BAND): _("unknown"), "0": _("below %s") % edges[0]}
    for place in range(1, len(edges)):
        names[str(place)] = f"{edges[place - 1]} – {edges[place]}"
    names[str(len(edges))] = _("%s and more") % edges[-1]
    return names


def after_in(request: HttpRequest) -> int:
    """Where the page before ended; 0 for the first page or nonsense."""
    text = request.GET.get("after", "")
    return int(text) if text.isdecimal() and len(text) <= 18 else 0


def export(request: HttpRequest, run_id: int, site: AdminSite) -> HttpResponseBase:
    run = access.replay_for_reading(actor_of(request), run_id)
    rows = run.changes.select_related("deal__partner", "deal__product_line").order_by("id")
    return csv_export(
        rows,
        name=f"replay-v{run.book.version}",
        columns={
            _("Deal"): lambda change: change.deal.reference,
            _("Partner"): lambda change: change.deal.partner.name,
            _("Customer"): lambda change: change.deal.customer_name,
            _("Product line"): lambda change: str(change.deal.product_line or ""),
            _("Amount"): lambda change: change.deal.amount,
            _("Currency"): lambda change: change.deal.currency,
            _("Decided"): lambda change: change.decided_at,
            _("Before"): lambda change: change.get_before_display(),
            _("After"): lambda change: change.get_after_display(),
            _("Rule before"): lambda change: change.rule_before,
            _("Rule after"): lambda change: change.rule_after,
        },
    )
