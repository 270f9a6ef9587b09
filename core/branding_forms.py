"""The form with which operations set the vendor's look; the admin shows it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from core import branding
from core.branding_rules import readable_on_white
from core.models import Branding


class BrandingForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Branding
        fields = ("name", "logo", "brand_colour", "accent_colour", "support_email")

    def clean_brand_colour(self) -> str:
        return self.readable("brand_colour")

    def clean_accent_colour(self) -> str:
        return self.readable("accent_colour")

    def readable(self, field: str) -> str:
        colour: str = self.cleaned_data[field].lower()
        if not readable_on_white(colour):
            raise ValidationError(
                _("White text on this colour cannot be read well. Choose a darker one.")
            )
        return colour

    def clean_logo(self) -> Any:
        """Refused here beside the field; change_branding draws it anew."""
        logo = self.cleaned_data.get("logo")
        if isinstance(logo, UploadedFile):
            if (logo.size or 0) > branding.LARGEST_LOGO:
                raise ValidationError(_("The logo is larger than 1 MB."))
            try:
                branding.redrawn(logo.read())
            except branding.UnusableLogo as error:
                raise ValidationError(str(error)) from error
            logo.seek(0)
        return logo

    def look(self) -> branding.Look:
        return branding.Look(**{name: self.cleaned_data[name] for name in branding.FIELDS})

    def new_logo(self) -> bytes | None:
        logo = self.cleaned_data.get("logo")
        return logo.read() if isinstance(logo, UploadedFile) else None

    def removes_logo(self) -> bool:
        return self.cleaned_data.get("logo") is False
