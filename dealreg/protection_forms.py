"""The forms with which a protection is kept alive."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dealreg.rules.protection import ADDED_BY_PEOPLE
from dealreg.services import NewEvidence

KINDS = [(kind.value, kind.label) for kind in ADDED_BY_PEOPLE]


class EvidenceForm(forms.Form):
    """Dated evidence, with a file if there is one."""

    kind = forms.ChoiceField(label=_("What happened"), choices=[("", _("Choose…")), *KINDS])
    dated_on = forms.DateField(
        label=_("On which day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=500,
        required=False,
        help_text=_("With whom, about what."),
    )
    upload = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("PDF, Office document, image, text or CSV, at most 20 MB."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dated_on"].initial = timezone.localdate

    def evidence(self) -> NewEvidence:
        return NewEvidence(**{name: self.cleaned_data[name] for name in FIELDS})

    def add_problems(self, problems: dict[str, str]) -> None:
        for field, text in problems.items():
            self.add_error(field, text)


FIELDS = ("kind", "dated_on", "note", "upload")


class ExtendForm(EvidenceForm):
    """Why more time is needed, with new evidence or what is there already."""

    field_order = ["reason", *FIELDS]
    reason = forms.CharField(
        label=_("Why do you need more time?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].required = self.fields["dated_on"].required = False
        self.fields["kind"].help_text = _("Leave it empty to rely on the evidence that is there.")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("kind") and not data.get("dated_on") and "dated_on" not in self.errors:
            self.add_error("dated_on", _("Say on which day it happened."))
        if not data.get("kind") and (data.get("note") or data.get("upload")):
            self.add_error("kind", _("Choose what kind of evidence it is."))
        return data

    def new_evidence(self) -> NewEvidence | None:
        return self.evidence() if self.cleaned_data.get("kind") else None


class ConfirmForm(forms.Form):
    address = forms.EmailField(
        label=_("E-mail address at the customer"),
        max_length=254,
        help_text=_("They get a link that shows your company’s name and the product line only."),
    )
