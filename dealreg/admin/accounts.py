"""The vendor's list of customers."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import CharField, ChoiceField, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from core import countries
from core.admin.base import RecordedAdmin, actor_of
from dealreg import services
from dealreg.admin import merges
from dealreg.desk import search_accounts
from dealreg.duplicates import survivor_of
from dealreg.models import Account
from dealreg.rules.names import NotADomain, name_key, registrable_domain


class AccountForm(ModelForm):  # type: ignore[type-arg]
    domain = CharField(
        label=gettext_lazy("Web domain"),
        required=False,
        max_length=253,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("For example example.com. Tells customers of one name apart."),
    )
    country = ChoiceField(
        label=gettext_lazy("Country"), required=False, widget=UnfoldAdminSelectWidget
    )

    class Meta:
        model = Account
        fields = ["name", "domain", "country", "parent", "sector", "employees", "external_ref"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "country" in self.fields:
            self.fields["country"].choices = [("", _("Unknown")), *countries.choices()]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if not name_key(name):
            raise ValidationError(_("Enter the customer's name in letters or digits."))
        return name

    def clean_domain(self) -> str:
        try:
            return registrable_domain(self.cleaned_data["domain"])
        except NotADomain as wrong:
            raise ValidationError(str(wrong)) from wrong

    def details(self) -> services.CustomerDetails:
        data = self.cleaned_data
        return services.CustomerDetails(
            name=data["name"],
            domain=data["domain"],
            country=data["country"],
            parent_id=data["parent"].pk if data["parent"] else None,
            sector=data["sector"],
            employees=data["employees"],
            external_ref=data["external_ref"] or None,
        )


@admin.register(Account)
class AccountAdmin(RecordedAdmin):
    refusals = (services.OwnParent,)
    list_display = ["name", "domain", "country", "sector", "parent"]
    list_select_related = ["parent"]
    search_fields = ["name"]
    search_help_text = gettext_lazy("Beginnings of words of the name, or the domain.")
    ordering = ["name", "id"]
    form = AccountForm
    autocomplete_fields = ["parent"]
    fields = [
        "name",
        ("domain", "country"),
        ("parent", "sector"),
        ("employees", "external_ref"),
    ]

    change_form_before_template = "admin/dealreg/account/above.html"

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[Account]":
        """Those that were merged into others stand in no list; their history can be read."""
        rows: models.QuerySet[Account] = super().get_queryset(request)
        match = request.resolver_match
        history = match is not None and match.url_name == "dealreg_account_history"
        return rows if history else merges.live(rows)

    def get_urls(self) -> list[URLPattern]:
        return [*merges.of_accounts(self.admin_site), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Old links to a customer that was merged lead to the one that was kept."""
        if object_id.isdigit() and len(object_id) <= 18:
            kept = survivor_of(int(object_id))
            if kept is not None:
                messages.info(
                    request, _("This customer was merged; you see the one that was kept.")
                )
                return redirect("admin:dealreg_account_change", kept)
        answer: HttpResponse = super().change_view(request, object_id, form_url, extra_context)
        return answer

    def get_search_results(
        self, request: HttpRequest, queryset: "models.QuerySet[Account]", search_term: str
    ) -> "tuple[models.QuerySet[Account], bool]":
        if not search_term.strip():
            return queryset, False
        return search_accounts(queryset, search_term), False

    def add(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        account = services.add_customer(actor=actor_of(request), details=form.details())
        row.pk = account.pk

    def change(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        services.change_customer(actor=actor_of(request), account_id=row.pk, details=form.details())
