"""What the tables of the back office share."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.db import IntegrityError, models
from django.forms import BaseModelFormSet, ModelChoiceField, ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

from core import rows
from core.actor import ANONYMOUS, Actor
from core.record import story

MOST_COUNTED = 10_000
SEEN = "_seen"


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request."""
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    return actor


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts up to 10,000 rows and offers no page beyond: nobody reads that far, and neither
    counting nor skipping a million rows is done while somebody waits."""

    template_name = "admin/parts/pagination.html"

    @cached_property
    def count(self) -> int:
        found: models.QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return found.order_by().values("pk")[:MOST_COUNTED].count()

    def page(self, number: int | str) -> Page:  # type: ignore[type-arg]
        """The rows of a page by their keys, so that what a row shows (joins, subqueries) is not
        worked out for the rows that are skipped."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        rows: models.QuerySet[Any] = self.object_list  # type: ignore[assignment]
        keys = list(rows.values_list("pk", flat=True)[first : first + self.per_page])
        return Page(rows.filter(pk__in=keys), number, self)

    @property
    def more(self) -> bool:
        """Whether there are rows that no page shows."""
        return self.count >= MOST_COUNTED


class BoundedChangeList(ChangeList):  # type: ignore[misc]
    """Says how many rows there are only when that is worth a way back to all of them."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not (self.query or self.has_active_filters):
            self.full_result_count = self.result_count


class SearchedSelect(AutocompleteSelect):
    """A choice that is searched for. Django's own fails when the refused form is drawn again
    with something that is no key at all; here nothing is chosen then, and the error says so."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, [one for one in value if self.may_be_key(one)], attr)

    def may_be_key(self, value: str) -> bool:
        try:
            self.field.target_field.to_python(value)
        except ValidationError:
            return value == ""
        return True


class BackOfficeAdmin(ModelAdmin):  # type: ignore[misc]
    """A table of the back office: bounded lists, recorded history, no deleting in bulk.

    The site takes no other kind of table.
    """

    keeps_the_record = True
    paginator = BoundedPaginator
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    list_filter_submit = True
    compressed_fields = True
    actions_on_bottom = False
    empty_text: Any = ""

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        if db_field.name in self.get_autocomplete_fields(request):
            searched = SearchedSelect(db_field, self.admin_site, using=kwargs.get("using"))
            kwargs.setdefault("widget", searched)
        field: ModelChoiceField[Any] | None = super().formfield_for_foreignkey(
            db_field, request, **kwargs
        )
        return field

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return BoundedChangeList

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        # What is not there and what is not the reader's look the same, and like it elsewhere.
        raise Http404

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The row's story from the record of events."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %s") % row,
            "subtitle": None,
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "object": row,
            "story": story(row, actor_of(request)),
            "opts": self.opts,
            "preserved_filters": self.get_preserved_filters(request),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/object_history.html", context)

    # Django keeps a log of its own beside; ours is the record of events.

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> None:
        return None

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> None:
        return None

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Any]) -> None:
        return None


class ReadOnlyAdmin(BackOfficeAdmin):
    """A table that nobody writes by hand, superusers neither."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class StaleEdit:
    """Mixed into the form of a row that somebody else has changed since it was read: says what
    is stored now, keeps what was typed, saves nothing."""

    def clean(self: Any) -> Any:
        data = super().clean()  # type: ignore[misc]
        stored = rows.values_of(self.instance, self.changed_data)
        fields = self.instance._meta.get_field
        told = (
            f"{capfirst(str(fields(name).verbose_name))}: {value or '–'}"
            for name, value in stored.items()
        )
        self.add_error(
            None,
            _(
                "A colleague changed this after you opened it, so nothing was saved. Stored now: "
                "%s. Save again to write yours."
            )
            % ("; ".join(told) or _("as below")),
        )
        return data


class RecordedAdmin(BackOfficeAdmin):
    """Reference data: each change is recorded, in the transaction that makes it.

    Subclasses whose changes mean something in the business override `add`, `change` and
    `remove` with their services; nothing is saved past these three. `refusals` are what those
    services raise with a sentence for whoever asked.
    """

    refusals: tuple[type[Exception], ...] = ()
    change_form_before_template = "admin/parts/seen.html"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form. What a service refuses, or a race has made impossible, is said on it."""
        row = self.get_object(request, object_id) if object_id else None
        context = {**(extra_context or {}), "seen_state": rows.fingerprint(row) if row else ""}
        try:
            answer: HttpResponse = super().changeform_view(request, object_id, form_url, context)
        except IntegrityError:
            text = _("Somebody was faster with a similar change, so nothing was saved. Look again.")
            self.message_user(request, text, messages.ERROR)
        except self.refusals as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
        else:
            return answer
        return redirect(request.get_full_path())

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        seen = request.POST.get(SEEN, "")
        if obj is None or not seen or seen == rows.fingerprint(obj):
            return form
        return type("StaleForm", (StaleEdit, form), {})

    def add(self, request: HttpRequest, row: models.Model, form: "ModelForm[Any]") -> None:
        rows.add_row(actor=actor_of(request), row=row)

    def change(self, request: HttpRequest, row: models.Model, form: "ModelForm[Any]") -> None:
        rows.change_row(actor=actor_of(request), row=row, fields=form.changed_data)

    def remove(self, request: HttpRequest, row: models.Model) -> None:
        rows.remove_row(actor=actor_of(request), row=row)

    def save_model(
        self, request: HttpRequest, obj: models.Model, form: "ModelForm[Any]", change: bool
    ) -> None:
        write: Callable[..., None] = self.change if change else self.add
        write(request, obj, form)

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        self.remove(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Iterable[models.Model]) -> None:
        for row in queryset:
            self.remove(request, row)

    def save_formset(
        self,
        request: HttpRequest,
        form: "ModelForm[Any]",
        formset: "BaseModelFormSet[Any, Any]",
        change: bool,
    ) -> None:
        """Rows inside a row; the record names the field's change in each."""
        actor = actor_of(request)
        new = formset.save(commit=False)
        fields = {id(row): names for row, names in formset.changed_objects}
        for row in formset.deleted_objects:
            rows.remove_row(actor=actor, row=row)
        for row in new:
            if id(row) in fields:
                rows.change_row(actor=actor, row=row, fields=fields[id(row)])
            else:
                rows.add_row(actor=actor, row=row)
