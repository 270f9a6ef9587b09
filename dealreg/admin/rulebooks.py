"""Rules of engagement: reading a version in plain words, writing the next one, publishing it."""

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from core.admin.base import ReadOnlyAdmin, actor_of
from dealreg import books, services
from dealreg.models import RuleBook
from dealreg.models.rulebooks import BookStatus
from dealreg.rules.engagement import InvalidRule, in_words, problems_of, read_group
from dealreg.rules.facts import FACTS
from dealreg.rules.states import DeclineReason, Outcome
from dealreg.services.drafting import fingerprint, rules_of

STATUS_TONES = {
    BookStatus.DRAFT: "warning",
    BookStatus.PUBLISHED: "success",
    BookStatus.RETIRED: "",
}


class TitleForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Title"), max_length=120, widget=UnfoldAdminTextInputWidget
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)


class RuleForm(forms.Form):
    """One rule as operations write it; the conditions as JSON, read back at once."""

    place = forms.IntegerField(
        label=gettext_lazy("Place"),
        min_value=1,
        max_value=999,
        widget=UnfoldAdminIntegerFieldWidget,
    )
    code = forms.SlugField(
        label=gettext_lazy("Code"), max_length=60, widget=UnfoldAdminTextInputWidget
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"), choices=Outcome.choices, widget=UnfoldAdminSelectWidget
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason code"),
        choices=[("", gettext_lazy("None")), *DeclineReason.choices],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    message = forms.CharField(
        label=gettext_lazy("Message to the partner"),
        max_length=400,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )
    conditions = forms.CharField(
        label=gettext_lazy("Conditions"),
        required=False,
        max_length=20_000,
        widget=UnfoldAdminTextareaWidget(
            attrs={"rows": 9, "spellcheck": "false", "class": "bo-code"}
        ),
        help_text=gettext_lazy("Empty: the rule always applies."),
    )

    def clean_conditions(self) -> dict[str, Any]:
        written = self.cleaned_data["conditions"].strip() or "{}"
        try:
            conditions = json.loads(written)
        except (ValueError, RecursionError) as wrong:
            raise ValidationError(_("This is not JSON: %s") % wrong) from wrong
        try:
            read_group(conditions)
        except (InvalidRule, RecursionError) as wrong:
            raise ValidationError(str(wrong)) from wrong
        return conditions or {}


class RulesFormSet(forms.BaseFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        """No code twice: decisions name their rule by it."""
        if any(self.errors):
            return
        seen: set[str] = set()
        for form in self.kept():
            code = form.cleaned_data["code"]
            if code in seen:
                form.add_error("code", _("Another rule of this version has this code."))
            seen.add(code)

    def kept(self) -> list[Any]:
        return [
            form
            for form in self.forms
            if form.has_changed() or form.initial
            if not form.cleaned_data.get("DELETE") and form.cleaned_data.get("code")
        ]

    def drafts(self) -> list[services.RuleDraft]:
        """The rules in the order of their places."""
        ordered = sorted(self.kept(), key=lambda form: form.cleaned_data["place"])
        return [
            services.RuleDraft(
                code=form.cleaned_data["code"],
                outcome=form.cleaned_data["outcome"],
                conditions=form.cleaned_data["conditions"],
                message=form.cleaned_data["message"],
                reason=form.cleaned_data["reason"],
            )
            for form in ordered
        ]


Rules = forms.formset_factory(
    RuleForm, formset=RulesFormSet, extra=1, can_delete=True, max_num=200, absolute_max=200
)


@admin.register(RuleBook)
class RuleBookAdmin(ReadOnlyAdmin):
    list_display = ["name", "title", "status_shown", "effective_from", "created_at"]
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
        acts = {"draft": self.draft, "publish": self.publish, "discard": self.discard}
        own = [
            path(
                f"<int:book_id>/{name}/",
                self.admin_site.admin_view(require_POST(view)),
                name=f"dealreg_rulebook_{name}",
            )
            for name, view in acts.items()
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The whole version in words; a draft also as the form that rewrites it."""
        book = self._book(request, object_id)
        may_write = actor_of(request).is_ops and book.status == BookStatus.DRAFT
        if request.method != "POST":
            return self._draw(request, book, *(forms_of(book) if may_write else (None, None)))
        if not may_write:
            raise PermissionDenied
        title, rules = TitleForm(request.POST), Rules(request.POST, prefix="rules")
        if not (title.is_valid() and rules.is_valid()):
            return self._draw(request, book, title, rules, status=422)
        return self._write(request, book, title, rules)

    def _write(self, request: HttpRequest, book: RuleBook, title: Any, rules: Any) -> HttpResponse:
        try:
            services.write_draft(
                actor=actor_of(request),
                book_id=book.pk,
                title=title.cleaned_data["title"],
                rules=rules.drafts(),
                seen=title.cleaned_data["seen"],
            )
        except services.DraftChanged:
            text = _(
                "A colleague rewrote this draft after you opened it. Your text is still "
                "below; the rules in words above are theirs. Save again to replace them."
            )
            messages.error(request, text)
            title = TitleForm({**title.data.dict(), "seen": seen_now(book)})
            return self._draw(request, book, title, rules, status=409)
        except InvalidRule as wrong:
            messages.error(request, str(wrong))
            return self._draw(request, book, title, rules, status=422)
        messages.success(
            request, _("The draft is saved. It decides nothing until it is published.")
        )
        return redirect("admin:dealreg_rulebook_change", book.pk)

    def _book(self, request: HttpRequest, object_id: str) -> RuleBook:
        book = self.get_object(request, str(object_id))
        if not isinstance(book, RuleBook):
            raise Http404
        if not self.has_view_permission(request, book):
            raise PermissionDenied
        return book

    def _draw(
        self, request: HttpRequest, book: RuleBook, title: Any, rules: Any, status: int = 200
    ) -> HttpResponse:
        read = books.read_book(book)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Rules of engagement v%s") % book.version,
            "subtitle": None,
            "opts": self.opts,
            "book": book,
            "tone": STATUS_TONES[BookStatus(book.status)],
            "rules": [(rule, in_words(rule.when)) for rule in read.rules],
            "problems": problems_of(read),
            "title_form": title,
            "formset": rules,
            "facts": sorted(FACTS.values(), key=lambda fact: fact.name),
            "may_write": actor_of(request).is_ops,
        }
        return TemplateResponse(request, "admin/dealreg/rulebook/book.html", context, status=status)

    def draft(self, request: HttpRequest, book_id: int) -> HttpResponse:
        source = self._book(request, str(book_id))
        book = services.draft_book(actor=actor_of(request), from_book_id=source.pk)
        messages.success(request, _("v%s is a draft. Change what should differ.") % book.version)
        return redirect("admin:dealreg_rulebook_change", book.pk)

    def publish(self, request: HttpRequest, book_id: int) -> HttpResponse:
        book = self._book(request, str(book_id))
        try:
            services.publish_book(actor=actor_of(request), book_id=book.pk)
        except InvalidRule as wrong:
            messages.error(request, str(wrong))
        else:
            messages.success(request, _("v%s decides from now on.") % book.version)
        return redirect("admin:dealreg_rulebook_change", book.pk)

    def discard(self, request: HttpRequest, book_id: int) -> HttpResponse:
        book = self._book(request, str(book_id))
        try:
            services.discard_draft_book(actor=actor_of(request), book_id=book.pk)
        except InvalidRule as wrong:
            messages.error(request, str(wrong))
            return redirect("admin:dealreg_rulebook_change", book.pk)
        messages.success(request, _("The draft v%s is gone.") % book.version)
        return redirect("admin:dealreg_rulebook_changelist")


def forms_of(book: RuleBook) -> tuple[TitleForm, Any]:
    """The forms with a draft as it is stored."""
    rules = rules_of(book)
    initial = [
        {
            "place": place * 10,
            "code": rule.code,
            "outcome": rule.outcome,
            "reason": rule.reason,
            "message": rule.message,
            "conditions": json.dumps(rule.conditions, indent=2, ensure_ascii=False)
            if rule.conditions
            else "",
        }
        for place, rule in enumerate(rules, start=1)
    ]
    title = TitleForm(initial={"title": book.title, "seen": fingerprint(book.title, rules)})
    return title, Rules(initial=initial, prefix="rules")


def seen_now(book: RuleBook) -> str:
    return fingerprint(book.title, rules_of(book))
