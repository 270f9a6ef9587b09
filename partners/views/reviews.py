"""Quarterly reviews for the people of a partner."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.acts import look_again, tell_outcome, version_seen
from core.tables import Column, EmptyState, read_table
from partners.doors import actor_of, for_partners
from partners.forms.reviews import ReviewForm
from partners.models import QuarterlyReview
from partners.queries import plans, reviews, todos
from partners.rules.reviews import ReviewStatus, ReviewVerb
from partners.services import reviews as services
from partners.services.reviews import ReviewRefused, StaleReview
from partners.views.plans import tabs_of

REFUSALS = (ReviewRefused, StaleReview)
COLUMNS = [
    Column("title", gettext_lazy("Review"), "title", primary=True),
    Column("status", gettext_lazy("Status"), corner=True),
    Column("quarter", gettext_lazy("Quarter"), "first", priority=2),
    Column("meets", gettext_lazy("Meeting"), "meets_at"),
]


@require_GET
@for_partners
def review_list(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    may_write = plans.side_of(actor) is not None
    text = _("Look back on a quarter with the vendor: the numbers, what to do next.")
    empty = EmptyState(_("No reviews yet"), text)
    if may_write:
        empty = EmptyState(
            _("No reviews yet"), text, reverse("review_new"), _("Plan a review"), icon="calendar"
        )
    table = read_table(
        reviews.reviews(actor),
        request.GET,
        columns=COLUMNS,
        sort="-meets",
        caption=_("Quarterly reviews of your company and the vendor"),
        empty=empty,
    )
    context = {
        "table": table,
        "rows": [
            (one, plans.period_label(one.period), reviews.STATUS_TONES[ReviewStatus(one.status)])
            for one in table.rows
        ],
        "may_write": may_write,
        "tabs": tabs_of("reviews"),
    }
    return render(request, "partners/review_list.html", context)


@require_http_methods(["GET", "POST"])
@for_partners
def review_new(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    partner_id = actor.partner_id or 0
    plans.require_writer(actor, partner_id)
    partner = plans.partner_of(actor, partner_id)
    form = ReviewForm(
        request.POST or None,
        people=todos.owners_for(actor, partner_id, shared=True),
        initial={"agenda": reviews.agenda_for(partner)},
    )
    if made := plan_as_written(request, form, partner_id):
        return redirect("review", made.pk)
    context = {"form": form}
    status = 422 if form.errors else 200
    return render(request, "partners/review_form.html", context, status=status)


def plan_as_written(
    request: HttpRequest, form: ReviewForm, partner_id: int
) -> QuarterlyReview | None:
    """The review that was asked for; None when there is none, and then the form says why."""
    if not form.is_valid():
        return None
    try:
        made = services.plan_review(
            actor=actor_of(request), partner_id=partner_id, details=form.details()
        )
    except ReviewRefused as refused:
        form.add_error(None, str(refused))
        return None
    messages.success(request, _("The review is planned; its participants are told."))
    return made


@require_GET
@for_partners
def review(request: HttpRequest, review_id: int) -> HttpResponse:
    """One review; asks for itself again while a pack is being made."""
    actor = actor_of(request)
    row = reviews.review_for_reading(actor, review_id)
    page = reviews.review_page(actor, row)
    answer = render(request, "partners/review.html", {"page": page, "review": row})
    if page.making:
        look_again(answer)
    return answer


@require_http_methods(["GET", "POST"])
@for_partners
def edit(request: HttpRequest, review_id: int) -> HttpResponse:
    actor = actor_of(request)
    row = reviews.review_for_reading(actor, review_id)
    plans.require_writer(actor, row.partner_id)
    if ReviewVerb.CHANGE not in reviews.verbs_for(actor, row):
        messages.error(request, _("This review is over."))
        return redirect("review", row.pk)
    people = todos.owners_for(actor, row.partner_id, shared=True)
    form = ReviewForm(request.POST or None, people=people, review=row)
    status = change_as_written(request, form, row)
    if status == 302:
        return redirect("review", row.pk)
    context = {"form": form, "review": row}
    return render(request, "partners/review_form.html", context, status=status)


def change_as_written(request: HttpRequest, form: ReviewForm, row: QuarterlyReview) -> int:
    """302 when the review says what was written; otherwise the form says why not, and with the
    version that is there now: saved again it is written."""
    if not form.is_valid():
        return 422 if form.errors else 200
    try:
        services.change_review(
            actor=actor_of(request),
            review_id=row.pk,
            details=form.details(),
            version=form.cleaned_data["version"] or 0,
        )
    except REFUSALS as refused:
        form.add_error(None, str(refused))
        row.refresh_from_db()
        form.data = {**request.POST.dict(), "version": str(row.version)}
        return 409
    messages.success(request, _("The review is saved."))
    return 302


def act(
    request: HttpRequest, review_id: int, verb: Callable[[int], object], told: str
) -> HttpResponse:
    """Does one thing to the version that was read."""
    reviews.review_for_reading(actor_of(request), review_id)
    tell_outcome(request, lambda: verb(version_seen(request)), told, REFUSALS)
    return redirect("review", review_id)


@require_POST
@for_partners
def cancel(request: HttpRequest, review_id: int) -> HttpResponse:
    actor, note = actor_of(request), request.POST.get("text", "")
    return act(
        request,
        review_id,
        lambda seen: services.cancel_review(
            actor=actor, review_id=review_id, note=note, version=seen
        ),
        _("The review is cancelled; its participants are told."),
    )


@require_POST
@for_partners
def notes(request: HttpRequest, review_id: int) -> HttpResponse:
    actor, text = actor_of(request), request.POST.get("text", "")
    return act(
        request,
        review_id,
        lambda seen: services.write_notes(
            actor=actor, review_id=review_id, notes=text, version=seen
        ),
        _("The notes are saved."),
    )


@require_POST
@for_partners
def pack(request: HttpRequest, review_id: int) -> HttpResponse:
    actor = actor_of(request)
    language = request.POST.get("language") or get_language() or "en"
    return act(
        request,
        review_id,
        lambda _seen: services.ask_pack(actor=actor, review_id=review_id, language=language),
        _("The pack is being made; this page shows it when it is ready."),
    )
