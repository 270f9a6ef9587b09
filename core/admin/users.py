"""People's accounts, as operations see them. Passwords and second factors stay their owners'."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import BooleanField, CharField, ChoiceField, EmailField, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from core import people
from core.admin.base import RecordedAdmin, actor_of
from core.models import User
from core.models.users import valid_time_zone


class PersonForm(ModelForm):  # type: ignore[type-arg]
    name = CharField(label=_("Name"), max_length=150, widget=UnfoldAdminTextInputWidget)
    language = ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, widget=UnfoldAdminSelectWidget
    )
    time_zone = CharField(
        label=_("Time zone"),
        initial=settings.TIME_ZONE,
        max_length=64,
        validators=[valid_time_zone],
        widget=UnfoldAdminTextInputWidget,
        help_text=_("For example Europe/Berlin."),
    )
    is_staff = BooleanField(
        label=_("Works at the vendor"),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
        help_text=_("Give duties afterwards; without one the back office stays closed."),
    )

    class Meta:
        model = User
        fields = ["name", "language", "time_zone", "is_staff"]

    def person(self) -> people.Person:
        data = self.cleaned_data
        return people.Person(
            name=data["name"],
            is_staff=data["is_staff"],
            language=data["language"],
            time_zone=data["time_zone"],
        )


class NewPersonForm(PersonForm):
    email = EmailField(label=_("E-mail address"), widget=UnfoldAdminEmailInputWidget)

    class Meta(PersonForm.Meta):
        fields = ["email", "name", "language", "time_zone", "is_staff"]

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


@admin.register(User)
class UserAdmin(RecordedAdmin):
    refusals = (people.AddressTaken, people.NotYourself)
    list_display = ["email", "name", "place", "is_active", "last_login", "date_joined"]
    list_filter = [("is_staff", BooleanRadioFilter), ("is_active", BooleanRadioFilter)]
    search_fields = ["email", "name"]
    ordering = ["email"]
    actions = ["close", "reopen"]
    readonly_fields = ["last_login", "date_joined", "is_active", "is_superuser"]

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = PersonForm if change else NewPersonForm
        return super().get_form(request, obj, change=change, form=form, **kwargs)

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        if obj is None:
            return ["email", "name", "language", "time_zone", "is_staff"]
        return [
            "email",
            "name",
            "language",
            "time_zone",
            "is_staff",
            "is_active",
            "is_superuser",
            "last_login",
            "date_joined",
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        # A changed address would let whoever changed it set a new password.
        return [*self.readonly_fields, *(["email"] if obj else [])]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # A closed account keeps its name in the record.
        return False

    @display(description=_("works at"), label={_("Vendor"): "primary", _("Partner"): "info"})
    def place(self, user: User) -> Any:
        return _("Vendor") if user.is_staff else _("Partner")

    def add(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        stored = people.open_account(
            actor=actor_of(request), email=form.cleaned_data["email"], person=form.person()
        )
        row.pk = stored.pk

    def change(self, request: HttpRequest, row: models.Model, form: Any) -> None:
        people.change_person(actor=actor_of(request), user_id=row.pk, person=form.person())

    @admin.action(
        description=_("Close accounts: end sessions and tokens now"), permissions=["change"]
    )
    def close(self, request: HttpRequest, queryset: "models.QuerySet[User]") -> None:
        for user in self._changeable(request, queryset):
            if user.pk == request.user.pk:
                own = _("Your own account stays open; ask a colleague.")
                self.message_user(request, own, messages.ERROR)
                continue
            people.close_account(actor=actor_of(request), user_id=user.pk)
            text = _("%s can no longer sign in. Sessions and tokens have ended.") % user
            self.message_user(request, text, messages.SUCCESS)

    @admin.action(description=_("Open accounts again"), permissions=["change"])
    def reopen(self, request: HttpRequest, queryset: "models.QuerySet[User]") -> None:
        for user in self._changeable(request, queryset):
            people.reopen_account(actor=actor_of(request), user_id=user.pk)
            self.message_user(request, _("%s can sign in again.") % user, messages.SUCCESS)

    def _changeable(self, request: HttpRequest, queryset: "models.QuerySet[User]") -> list[User]:
        chosen = list(queryset[:100])
        if not all(self.has_change_permission(request, user) for user in chosen):
            raise PermissionDenied
        return chosen
