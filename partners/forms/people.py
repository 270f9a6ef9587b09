"""The forms about people at partners."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.models import User
from partners.rules import PartnerRole


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=PartnerRole.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Sales and administrators work on deals; everybody reads them."),
    )

    def chosen(self) -> list[PartnerRole]:
        return [PartnerRole(role) for role in self.cleaned_data["roles"]]


class ChangeRolesForm(RolesForm):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)


class InviteForm(RolesForm):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=_("At one of your company's domains. Other addresses wait for the vendor."),
    )
    field_order = ["email", "roles"]


class JoinForm(forms.Form):
    """A name and a password for the address that was invited."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters."),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password"):
            owner = User(email=self.email, name=data.get("name", ""))
            try:
                validate_password(data["password"], owner)
            except ValidationError as error:
                self.add_error("password", error)
        return data
