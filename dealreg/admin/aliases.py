"""The other names and domains under which customers are known."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import CharField, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from core.admin.base import RecordedAdmin, actor_of
from dealreg import services
from dealreg.models import AccountAlias
from dealreg.rules.names import NotADomain, name_key, registrable_domain


class AliasForm(ModelForm):  # type: ignore[type-arg]
    domain = CharField(
        label=gettext_lazy("Web domain"),
        required=False,
        max_length=253,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Leave it empty when the other name has no domain of its own."),
    )

    class Meta:
        model = AccountAlias
        fields = ["account", "name", "domain"]

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if name and not name_key(name):
            raise ValidationError(_("Enter the customer's name in letters or digits."))
        return name

    def clean_domain(self) -> str:
        try:
            return registrable_domain(self.cleaned_data["domain"])
        except NotADomain as wrong:
            raise ValidationError(str(wrong)) from wrong

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("name") and not data.get("domain"):
            raise ValidationError(_("Enter another name, another domain, or both."))
        return data


@admin.register(AccountAlias)
class AccountAliasAdmin(RecordedAdmin):
    list_display = ["name", "domain", "account"]
    list_select_related = ["account"]
    search_fields = ["name", "domain"]
    ordering = ["-id"]
    form = AliasForm
    autocomplete_fields = ["account"]
    fields = ["account", ("name", "domain")]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["account"] if obj is not None else []

    def add(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        data = form.cleaned_data
        alias = services.add_alias(
            actor=actor_of(request),
            account_id=data["account"].pk,
            name=data["name"],
            domain=data["domain"],
        )
        row.pk = alias.pk

    def change(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        data = form.cleaned_data
        services.change_alias(
            actor=actor_of(request), alias_id=row.pk, name=data["name"], domain=data["domain"]
        )

    def remove(self, request: HttpRequest, row: models.Model) -> None:
        services.remove_alias(actor=actor_of(request), alias_id=row.pk)
