"""Own fields of registrations: the list, the editor, and a look at the form they make."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from unfold.decorators import display

from core import rows
from core.admin.base import BackOfficeAdmin, actor_of
from core.own_fields.fields import FieldType, Needed
from dealreg import own_fields, services
from dealreg.admin.field_forms import FieldForms, PreviewForm
from dealreg.forms import DealForm
from dealreg.models import DealField
from dealreg.services.own_field_uses import is_used
from partners.queries.regions import region_paths


@admin.register(DealField)
class DealFieldAdmin(BackOfficeAdmin):
    list_display = [
        "label",
        "code",
        "kind",
        "region",
        "product_line",
        "need",
        "in_list",
        "in_filter",
        "position",
        "in_use",
    ]
    list_display_links = ["label"]
    list_select_related = ["region", "product_line"]
    list_fullwidth = True
    list_before_template = "admin/dealreg/dealfield/above_list.html"
    ordering = ["position", "code"]
    sortable_by: list[str] = []
    actions = None
    empty_text = gettext_lazy(
        "Add a field, and partners find it on the form of their next registration."
    )

    @display(description=gettext_lazy("label"))
    def label(self, row: DealField) -> str:
        return row.spec.label

    @display(description=gettext_lazy("kind"))
    def kind(self, row: DealField) -> str:
        return str(FieldType(row.type).label)

    @display(description=gettext_lazy("needed"))
    def need(self, row: DealField) -> str:
        if row.needed == Needed.WHEN:
            return own_fields.read_definition(row).needed_in_words
        return str(Needed(row.needed).label)

    @display(description=gettext_lazy("in use"), boolean=True)
    def in_use(self, row: DealField) -> bool:
        return row.active

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed: bool = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not is_used(obj))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        services.remove_field(actor=actor_of(request), field_id=obj.pk)

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        own = [
            path(
                f"<int:field_id>/{name}/",
                guarded(require_POST(view)),
                name=f"dealreg_dealfield_{name}",
            )
            for name, view in (("retire", self.retire), ("restore", self.restore))
        ]
        shown = guarded(require_safe(self.preview))
        return [
            path("preview/", shown, name="dealreg_dealfield_preview"),
            *own,
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        own_fields.definitions()
        answer: HttpResponse = super().changelist_view(request, extra_context)
        return answer

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self._edit(request, None)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self._row(request, object_id)
        if request.method == "POST" and not self.has_change_permission(request, row):
            raise PermissionDenied
        return self._edit(request, row)

    def _row(self, request: HttpRequest, object_id: str) -> DealField:
        row = self.get_object(request, str(object_id))
        if not isinstance(row, DealField):
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return row

    def _edit(self, request: HttpRequest, row: DealField | None) -> HttpResponse:
        own_fields.definitions()
        if request.method != "POST":
            return self._draw(request, FieldForms(row))
        edited = FieldForms(row, request.POST)
        if row is not None and request.POST.get("seen", "") not in ("", rows.fingerprint(row)):
            messages.error(
                request,
                _(
                    "A colleague changed this field after you opened it, so nothing was saved. "
                    "Save again to replace what they wrote."
                ),
            )
            return self._draw(request, edited, 409)
        if not edited.is_valid():
            return self._draw(request, edited, 200)
        try:
            saved = self._save(request, edited)
        except services.InvalidField as wrong:
            edited.add_problems(wrong.problems)
            return self._draw(request, edited, 200)
        messages.success(request, _("“%s” is saved.") % saved.spec.label)
        return redirect("admin:dealreg_dealfield_change", saved.pk)

    def _save(self, request: HttpRequest, edited: FieldForms) -> DealField:
        actor, draft = actor_of(request), edited.draft()
        if edited.row is None:
            return services.add_field(actor=actor, draft=draft)
        return services.change_field(actor=actor, field_id=edited.row.pk, draft=draft)

    def _draw(self, request: HttpRequest, edited: FieldForms, status: int = 200) -> HttpResponse:
        row = edited.row
        may_write = self.has_change_permission(request, row) if row else True
        context = {
            **self.admin_site.each_context(request),
            "title": row.spec.label if row else _("Add an own field"),
            "subtitle": None,
            "opts": self.opts,
            "row": row,
            "edited": edited,
            "seen": rows.fingerprint(row) if row else "",
            "definition": own_fields.read_definition(row) if row else None,
            "may_write": may_write,
            "may_remove": row is not None and self.has_delete_permission(request, row),
        }
        return TemplateResponse(
            request, "admin/dealreg/dealfield/field.html", context, status=status
        )

    def retire(self, request: HttpRequest, field_id: int) -> HttpResponse:
        row = self._row(request, str(field_id))
        try:
            services.retire_field(actor=actor_of(request), field_id=row.pk)
        except services.InvalidField as wrong:
            messages.error(request, str(wrong))
        else:
            messages.success(
                request, _("“%s” is not offered any more. Answers stay.") % row.spec.label
            )
        return redirect("admin:dealreg_dealfield_change", row.pk)

    def restore(self, request: HttpRequest, field_id: int) -> HttpResponse:
        row = self._row(request, str(field_id))
        services.restore_field(actor=actor_of(request), field_id=row.pk)
        messages.success(request, _("“%s” is offered again.") % row.spec.label)
        return redirect("admin:dealreg_dealfield_change", row.pk)

    def preview(self, request: HttpRequest) -> HttpResponse:
        """The portal's form as a partner of a region meets it, in one of the languages."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = PreviewForm(request.GET)
        if not asked.is_valid():
            asked = PreviewForm({})
            asked.is_valid()
        region, line = asked.cleaned_data["region"], asked.cleaned_data["product_line"]
        language = asked.cleaned_data["language"] or translation.get_language()
        path_ = region_paths().get(int(region), "") if region else ""
        offered = own_fields.offered_in(own_fields.definitions(), path_, line.pk if line else None)
        with translation.override(language):
            form = DealForm(own=offered).mark_needed()
            context = {"form": form, "asked": asked, "language": language}
            return render(request, "dealreg/own_fields_preview.html", context)
