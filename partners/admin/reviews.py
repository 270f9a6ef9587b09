"""Quarterly reviews in the back office, the agendas they begin with, and the packs."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from core import record
from core.acts import look_again, tell_outcome, version_seen
from core.admin.base import RecordedAdmin, actor_of
from partners.admin.pages import PagesAdmin, dressed, keys_of
from partners.forms.reviews import ReviewForm
from partners.models import QuarterlyReview, ReviewPack, ReviewTemplate
from partners.queries import plans, reviews, todos
from partners.queries.organisations import partner_called
from partners.rules.reviews import ReviewStatus, ReviewVerb
from partners.services import reviews as services
from partners.services.reviews import ReviewRefused, StaleReview
from partners.views.reviews import change_as_written, plan_as_written

TONES = {ReviewStatus.PLANNED: "info", ReviewStatus.HELD: "success", ReviewStatus.CANCELLED: ""}
REFUSALS = (ReviewRefused, StaleReview)


@admin.register(ReviewTemplate)
class ReviewTemplateAdmin(RecordedAdmin):
    list_display = ["name", "partner_type", "active"]
    search_fields = ["name"]
    ordering = ["name"]
    fields = ["name", "partner_type", "agenda", "active"]
    empty_text = gettext_lazy("Write the agenda with which reviews begin.")


@admin.register(ReviewPack)
class ReviewPackAdmin(PagesAdmin):
    path_field = "review__partner__region__path"
    list_display = ["review", "language", "state", "done", "asked_by", "asked_at", "finished_at"]
    list_select_related = ["review", "asked_by"]
    list_filter = [("state", ChoicesDropdownFilter)]
    ordering = ["-id"]
    actions = ["again"]
    empty_text = gettext_lazy("No pack has been made yet.")

    def draw(
        self, request: HttpRequest, row: ReviewPack, status: int = 200, **context: Any
    ) -> HttpResponse:
        return self.page(
            request, "admin/partners/quarterlyreview/pack.html", str(row), status, pack=row
        )

    @admin.action(description=gettext_lazy("Run parked ones again"), permissions=["view"])
    def again(self, request: HttpRequest, queryset: "models.QuerySet[ReviewPack]") -> None:
        keys = keys_of(queryset)
        number = record.run_again(actor=actor_of(request), model=ReviewPack, keys=keys)
        self.message_user(request, _("%s run again.") % number, messages.SUCCESS)


@admin.register(QuarterlyReview)
class QuarterlyReviewAdmin(PagesAdmin):
    list_display = ["title", "partner", "status_shown", "quarter", "meets_at", "created_by"]
    list_display_links = ["title"]
    list_select_related = ["partner", "created_by"]
    list_filter = [("status", ChoicesDropdownFilter)]
    search_fields = ["title", "partner__name"]
    ordering = ["-meets_at", "-id"]
    empty_text = gettext_lazy("No review is planned yet.")
    change_list_template = "admin/partners/quarterlyreview/list.html"
    pages = [
        ("new/", "new"),
        ("<int:review_id>/edit/", "edit"),
        ("<int:review_id>/hold/", "hold"),
        ("<int:review_id>/cancel/", "cancel"),
        ("<int:review_id>/notes/", "notes"),
        ("<int:review_id>/pack/", "pack"),
    ]

    @display(
        description=gettext_lazy("status"),
        label={status.value: tone for status, tone in TONES.items()},
        ordering="status",
    )
    def status_shown(self, review: QuarterlyReview) -> tuple[str, str]:
        return review.status, review.get_status_display()

    @display(description=gettext_lazy("quarter"), ordering="first")
    def quarter(self, review: QuarterlyReview) -> str:
        return plans.period_label(review.period)

    def draw(
        self, request: HttpRequest, row: QuarterlyReview, status: int = 200, **context: Any
    ) -> HttpResponse:
        page = reviews.review_page(actor_of(request), row)
        answer = self.page(
            request,
            "admin/partners/quarterlyreview/one.html",
            row.title,
            status,
            review=row,
            shown=page,
            figures=page.figures,
            tone=TONES[ReviewStatus(row.status)],
            news=page.timeline,
        )
        if page.making:
            look_again(answer)
        return answer

    def form_page(
        self, request: HttpRequest, form: ReviewForm, title: str, status: int, **more: Any
    ) -> HttpResponse:
        template = "admin/partners/quarterlyreview/form.html"
        return self.page(request, template, title, status, form=dressed(form), **more)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def new(self, request: HttpRequest) -> HttpResponse:
        """First with whom, then what."""
        actor = actor_of(request)
        asked = request.GET.get("partner_name", "")
        partner = partner_called(actor, asked)
        if partner is None:
            template = "admin/partners/quarterlyreview/with.html"
            return self.page(request, template, _("Plan a review"), asked=asked)
        form = ReviewForm(
            request.POST or None,
            people=todos.owners_for(actor, partner.pk, shared=True),
            initial={"agenda": reviews.agenda_for(partner)},
        )
        if made := plan_as_written(request, form, partner.pk):
            return redirect("admin:partners_quarterlyreview_change", made.pk)
        status = 422 if form.errors else 200
        return self.form_page(request, form, _("Plan a review"), status, partner=partner)

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def edit(self, request: HttpRequest, review_id: int) -> HttpResponse:
        actor = actor_of(request)
        row: QuarterlyReview = self.row(request, review_id)
        if ReviewVerb.CHANGE not in reviews.verbs_for(actor, row):
            messages.error(request, _("This review is over."))
            return redirect("admin:partners_quarterlyreview_change", row.pk)
        people = todos.owners_for(actor, row.partner_id, shared=True)
        form = ReviewForm(request.POST or None, people=people, review=row)
        status = change_as_written(request, form, row)
        if status == 302:
            return redirect("admin:partners_quarterlyreview_change", row.pk)
        return self.form_page(request, form, row.title, status, partner=row.partner)

    def move(
        self, request: HttpRequest, review_id: int, verb: Callable[..., Any], told: str, **more: Any
    ) -> HttpResponse:
        """Does one thing to the version that was read."""
        row: QuarterlyReview = self.row(request, review_id)
        actor, seen = actor_of(request), version_seen(request)
        tell_outcome(
            request,
            lambda: verb(actor=actor, review_id=row.pk, version=seen, **more),
            told,
            REFUSALS,
        )
        return redirect("admin:partners_quarterlyreview_change", row.pk)

    @method_decorator(require_POST)
    def hold(self, request: HttpRequest, review_id: int) -> HttpResponse:
        told = _("The review is held; its numbers stay as they are now.")
        return self.move(request, review_id, services.hold_review, told)

    @method_decorator(require_POST)
    def cancel(self, request: HttpRequest, review_id: int) -> HttpResponse:
        told = _("The review is cancelled; its participants are told.")
        note = request.POST.get("text", "")
        return self.move(request, review_id, services.cancel_review, told, note=note)

    @method_decorator(require_POST)
    def notes(self, request: HttpRequest, review_id: int) -> HttpResponse:
        notes = request.POST.get("text", "")
        told = _("The notes are saved.")
        return self.move(request, review_id, services.write_notes, told, notes=notes)

    @method_decorator(require_POST)
    def pack(self, request: HttpRequest, review_id: int) -> HttpResponse:
        row: QuarterlyReview = self.row(request, review_id)
        actor = actor_of(request)
        language = request.POST.get("language") or get_language() or "en"
        tell_outcome(
            request,
            lambda: services.ask_pack(actor=actor, review_id=row.pk, language=language),
            _("The pack is being made; this page shows it when it is ready."),
            REFUSALS,
        )
        return redirect("admin:partners_quarterlyreview_change", row.pk)
