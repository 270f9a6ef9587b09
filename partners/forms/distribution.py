"""The forms about distributors and resellers."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST = 500
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")


class ProposeForm(forms.Form):
    domain = forms.CharField(
        label=_("Web domain of the company"),
        max_length=253,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url", "dir": "ltr"}),
        help_text=_("For example example.com."),
    )
    note = forms.CharField(
        label=_("What you want to say to them"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_domain(self) -> str:
        domain = str(self.cleaned_data["domain"]).strip().lower()
        if not DOMAIN.fullmatch(domain):
            raise forms.ValidationError(_("Enter a web domain such as example.com."))
        return domain


class EndForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does it end?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Both companies and the vendor read it."),
        error_messages={"required": _("Say why; both companies read it.")},
    )
