"""Programs' keys. A new one is shown once, right after it was issued."""

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.forms import CharField, ModelForm, MultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from core import tokens
from core.admin.base import RecordedAdmin, actor_of
from core.models import ApiToken
from core.scopes import known_scopes


class TokenForm(ModelForm):  # type: ignore[type-arg]
    label = CharField(
        label=gettext_lazy("What is it for?"), max_length=100, widget=UnfoldAdminTextInputWidget
    )
    scopes = MultipleChoiceField(
        label=gettext_lazy("What it may do"), widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    class Meta:
        model = ApiToken
        fields = ["user", "label", "scopes", "expires_at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "scopes" in self.fields:
            choices = [(name, f"{name}: {label}") for name, label in known_scopes().items()]
            self.fields["scopes"].choices = choices  # type: ignore[attr-defined]


@admin.register(ApiToken)
class ApiTokenAdmin(RecordedAdmin):
    list_display = ["prefix", "label", "user", "may", "state", "last_used_at", "created_at"]
    list_select_related = ["user"]
    search_fields = ["prefix", "label", "user__email"]
    ordering = ["-id"]
    form = TokenForm
    fields = ["user", "label", "scopes", "expires_at"]
    autocomplete_fields = ["user"]
    actions = ["revoke"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return actor_of(request).is_ops

    @display(description=gettext_lazy("may do"))
    def may(self, token: ApiToken) -> str:
        return ", ".join(token.scopes)

    @display(
        description=gettext_lazy("state"),
        label={"valid": "success", "revoked": "danger", "expired": "warning", "closed": "danger"},
    )
    def state(self, token: ApiToken) -> tuple[str, str]:
        if token.revoked_at:
            return "revoked", _("Revoked")
        if token.expires_at and token.expires_at <= timezone.now():
            return "expired", _("Expired")
        return ("valid", _("Valid")) if token.user.is_active else ("closed", _("Account closed"))

    def add(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        data = form.cleaned_data
        issued = tokens.issue_token(
            actor=actor_of(request),
            user=data["user"],
            label=data["label"],
            scopes=data["scopes"],
            expires_at=data["expires_at"],
        )
        row.pk = issued.token.pk
        request.issued_token = issued  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: ApiToken, post_url_continue: Any = None
    ) -> HttpResponse:
        """The one page that ever shows the token."""
        issued: tokens.IssuedToken = request.issued_token  # type: ignore[attr-defined]
        context = {
            **self.admin_site.each_context(request),
            "title": _("New API token"),
            "subtitle": None,
            "opts": self.opts,
            "token": issued.token,
            "secret": issued.secret,
        }
        answer = TemplateResponse(request, "admin/core/apitoken/issued.html", context)
        patch_cache_control(answer, no_store=True)
        return answer

    @admin.action(description=gettext_lazy("Revoke tokens"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: "models.QuerySet[ApiToken]") -> None:
        for key in list(queryset.values_list("pk", flat=True)[:100]):
            tokens.revoke_token(actor=actor_of(request), token_id=key)
        self.message_user(request, _("The tokens no longer work."), messages.SUCCESS)
