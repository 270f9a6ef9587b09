"""The forms about a company: what it says of itself, and its papers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.models import PartnerDocument, PartnerProfile
from partners.rules import CompanyProfile, DocumentKind
from partners.services.documents import NewDocument

PROFILE_FIELDS = tuple(CompanyProfile.__dataclass_fields__)


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """`version` is the one that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    website = forms.URLField(
        label=_("Website"),
        required=False,
        max_length=200,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
    )

    class Meta:
        model = PartnerProfile
        fields = PROFILE_FIELDS
        widgets = {
            "about": forms.Textarea(attrs={"rows": 6}),
            "phone": forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        }

    def clean_about(self) -> str:
        return str(self.cleaned_data["about"]).replace("\r\n", "\n").strip()

    def said(self) -> CompanyProfile:
        return CompanyProfile(**{name: self.cleaned_data[name] for name in PROFILE_FIELDS})


class DocumentForm(forms.ModelForm):  # type: ignore[type-arg]
    upload = forms.FileField(label=_("File"))

    class Meta:
        model = PartnerDocument
        fields = ["kind", "title", "expires_on"]
        widgets = {"expires_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("Choose…")), *DocumentKind.choices]  # type: ignore[attr-defined]
        self.fields["expires_on"].help_text = _("You are reminded 30 days before, and on the day.")

    def new(self) -> NewDocument:
        data = self.cleaned_data
        return NewDocument(DocumentKind(data["kind"]), data["title"], data["expires_on"])
