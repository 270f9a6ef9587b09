"""Rules of engagement: reading a version in plain words, writing the next one, publishing it."""

import datetime as dt
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from unfold.decorators import display

from core.admin.base import ReadOnlyAdmin, actor_of
from dealreg import access, books, own_fields, services
from dealreg.admin import replays
from dealreg.admin.book_forms import PublishForm, ReplayForm, TermsForm, TitleForm, forms_of
from dealreg.admin.rule_forms import Rules
from dealreg.models import RuleBook
from dealreg.models.rulebooks import BookStatus
from dealreg.rules.comparing import differences
from dealreg.rules.engagement import Book, InvalidRule, in_words
from dealreg.rules.facts import FACTS
from dealreg.rules.protection import terms_in_words
from dealreg.rules.request import MAY_BE_ASKED
from dealreg.rules.soundness import PLACEHOLDERS, problems_of
from dealreg.services.drafting import fingerprint_of

PERIOD = dt.timedelta(days=90)
MOST_REPLAYS = 10
STATUS_TONES = {
    BookStatus.DRAFT: "warning",
    BookStatus.PUBLISHED: "success",
    BookStatus.RETIRED: "",
}


def differences_in_words(before: RuleBook, read: Book) -> list[tuple[Any, Any, Any]]:
    """Each difference with the conditions as they were and as they are."""
    return [
        (one, one.old and in_words(one.old.when), one.new and in_words(one.new.when))
        for one in differences(books.read_book(before), read)
    ]


@admin.register(RuleBook)
class RuleBookAdmin(ReadOnlyAdmin):
    list_display = [
        "name",
        "title",
        "region",
        "product_line",
        "status_shown",
        "effective_from",
        "created_at",
    ]
    list_select_related = ["region", "product_line"]
    list_display_links = ["name", "title"]
    ordering = ["-version"]
    empty_text = gettext_lazy("There are no rules, so nothing can be decided.")

    @display(description=gettext_lazy("version"))
    def name(self, book: RuleBook) -> str:
        return f"v{book.version}"

    @display(
        description=gettext_lazy("status"),
        label={status.value: tone for status, tone in STATUS_TONES.items()},
    )
    def status_shown(self, book: RuleBook) -> tuple[str, str]:
        return book.status, book.get_status_display()

    def get_urls(self) -> list[URLPattern]:
        acts = {
            "draft": self.draft,
            "publish": self.publish,
            "retire": self.retire,
            "discard": self.discard,
            "replay": self.replay,
        }
        own = [
            path(
                f"<int:book_id>/{name}/",
                self.admin_site.admin_view(require_POST(view)),
                name=f"dealreg_rulebook_{name}",
            )
            for name, view in acts.items()
        ]
        site = self.admin_site
        read = {"replay_run": ("", replays.show), "replay_export": ("export/", replays.export)}
        for name, (end, view) in read.items():
            address = f"replays/<int:run_id>/{end}"
            shown = site.admin_view(require_safe(view))
            own.append(path(address, shown, {"site": site}, name=f"dealreg_{name}"))
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The whole version in words; a draft also as the form that rewrites it."""
        book = self._book(request, object_id)
        may_write = actor_of(request).is_ops and book.status == BookStatus.DRAFT
        if request.method != "POST":
            return self._draw(request, book, *(forms_of(book) if may_write else (None, None, None)))
        if not may_write:
            raise PermissionDenied
        title, rules = TitleForm(request.POST), Rules(request.POST, prefix="rules")
        terms = TermsForm(request.POST, prefix="terms")
        if not all([title.is_valid(), terms.is_valid(), rules.is_valid()]):
            return self._draw(request, book, title, terms, rules, status=422)
        return self._write(request, book, title, terms, rules)

    def _write(
        self, request: HttpRequest, book: RuleBook, title: Any, terms: Any, rules: Any
    ) -> HttpResponse:
        try:
            services.write_draft(
                actor=actor_of(request),
                book_id=book.pk,
                title=title.cleaned_data["title"],
                rules=rules.drafts(),
                seen=title.cleaned_data["seen"],
                scope=title.scope(),
                terms=terms.terms(),
            )
        except services.DraftChanged:
            text = _(
                "A colleague rewrote this draft after you opened it. Your text is still "
                "below; the rules in words above are theirs. Save again to replace them."
            )
            messages.error(request, text)
            title = TitleForm({**title.data.dict(), "seen": fingerprint_of(book)})
            return self._draw(request, book, title, terms, rules, status=409)
        except InvalidRule as wrong:
            messages.error(request, str(wrong))
            return self._draw(request, book, title, terms, rules, status=422)
        messages.success(
            request, _("The draft is saved. It decides nothing until it is published.")
        )
        return redirect("admin:dealreg_rulebook_change", book.pk)

    def _book(self, request: HttpRequest, object_id: str) -> RuleBook:
        own_fields.definitions()
        book = self.get_object(request, str(object_id))
        if not isinstance(book, RuleBook):
            raise Http404
        if not self.has_view_permission(request, book):
            raise PermissionDenied
        return book

    def _draw(
        self,
        request: HttpRequest,
        book: RuleBook,
        title: Any,
        terms: Any,
        rules: Any,
        status: int = 200,
    ) -> HttpResponse:
        actor = actor_of(request)
        read, before = books.read_book(book), books.book_before(book)
        today = timezone.localdate()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Rules of engagement v%s") % book.version,
            "subtitle": None,
            "opts": self.opts,
            "book": book,
            "tone": STATUS_TONES[BookStatus(book.status)],
            "rules": [
                (rule, in_words(rule.when), [MAY_BE_ASKED[field] for field in rule.asks_for])
                for rule in read.rules
            ],
            "before": before,
            "differences": differences_in_words(before, read) if before else [],
            "problems": problems_of(read),
            "title_form": title,
            "terms_form": terms,
            "terms": terms_in_words(book.terms),
            "terms_before": terms_in_words(before.terms) if before else [],
            "formset": rules,
            "facts": sorted(FACTS.offered(), key=lambda fact: fact.name),
            "placeholders": PLACEHOLDERS.items(),
            "may_write": actor.is_ops,
            "publish_form": PublishForm(),
            "replay_form": ReplayForm(initial={"since": today - PERIOD, "until": today}),
            "runs": access.replays(actor).filter(book=book)[:MOST_REPLAYS],
        }
        return TemplateResponse(request, "admin/dealreg/rulebook/book.html", context, status=status)

    def draft(self, request: HttpRequest, book_id: int) -> HttpResponse:
        source = self._book(request, str(book_id))
        book = services.draft_book(actor=actor_of(request), from_book_id=source.pk)
        messages.success(request, _("v%s is a draft. Change what should differ.") % book.version)
        return redirect("admin:dealreg_rulebook_change", book.pk)

    def publish(self, request: HttpRequest, book_id: int) -> HttpResponse:
        book = self._book(request, str(book_id))
        form = PublishForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Write the moment as date and time."))
            return redirect("admin:dealreg_rulebook_change", book.pk)
        starts = form.cleaned_data["effective_from"]
        try:
            book = services.publish_book(
                actor=actor_of(request), book_id=book.pk, effective_from=starts
            )
        except InvalidRule as wrong:
            messages.error(request, str(wrong))
        else:
            messages.success(request, decides_from(book))
        return redirect("admin:dealreg_rulebook_change", book.pk)

    def retire(self, request: HttpRequest, book_id: int) -> HttpResponse:
        book = self._book(request, str(book_id))
        try:
            services.retire_book(actor=actor_of(request), book_id=book.pk)
        except InvalidRule as wrong:
            messages.error(request, str(wrong))
        else:
            messages.success(request, _("v%s is retired.") % book.version)
        return redirect("admin:dealreg_rulebook_change", book.pk)

    def replay(self, request: HttpRequest, book_id: int) -> HttpResponse:
        return replays.start(request, self._book(request, str(book_id)))

    def discard(self, request: HttpRequest, book_id: int) -> HttpResponse:
        book = self._book(request, str(book_id))
        try:
            services.discard_draft_book(actor=actor_of(request), book_id=book.pk)
        except InvalidRule as wrong:
            messages.error(request, str(wrong))
            return redirect("admin:dealreg_rulebook_change", book.pk)
        messages.success(request, _("The draft v%s is gone.") % book.version)
        return redirect("admin:dealreg_rulebook_changelist")


def decides_from(book: RuleBook) -> str:
    if book.effective_from is None or book.effective_from <= timezone.now():
        return _("v%s decides from now on.") % book.version
    when = date_format(localtime(book.effective_from), "DATETIME_FORMAT")
    return _("v%(version)s decides from %(when)s on.") % {"version": book.version, "when": when}
