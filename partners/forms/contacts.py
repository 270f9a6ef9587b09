"""The form about somebody to talk to at a partner."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from partners.models import PartnerContact
from partners.rules import ContactRole
from partners.services.contacts import ContactDetails


class ContactForm(forms.ModelForm):  # type: ignore[type-arg]
    """`version` is the one that was read; a new contact has none."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    class Meta:
        model = PartnerContact
        fields = ["name", "role", "email", "phone"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = [("", _("Choose…")), *ContactRole.choices]  # type: ignore[attr-defined]

    def details(self) -> ContactDetails:
        return details_of(self.cleaned_data)


def details_of(data: dict[str, Any]) -> ContactDetails:
    return ContactDetails(
        data["name"].strip(), ContactRole(data["role"]), data["email"], data["phone"].strip()
    )
