from django import forms
from django.utils.translation import gettext_lazy


class PublishForm(forms.Form):
    """From when a version decides."""

    effective_from = forms.DateTimeField(
        label=gettext_lazy("In force from"),
        required=False,
        help_text=gettext_lazy("Empty: from now on."),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "bo-input"}, format="%Y-%m-%dT%H:%M"
        ),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
