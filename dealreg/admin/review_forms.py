"""What whoever decides a registration writes, and what of the queue is shown."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from dealreg import desk
from dealreg.queries import product_lines
from dealreg.rules.request import PERSON_MAY_ASK
from dealreg.rules.states import DeclineReason

LONGEST_NOTE = 2000


class ApproveForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Note to the partner"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=gettext_lazy("Optional. The partner reads it beside the decision."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class DeclineForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[("", gettext_lazy("Choose…")), *DeclineReason.choices],
        widget=UnfoldAdminSelectWidget,
        error_messages={"required": gettext_lazy("Choose the reason.")},
    )
    message = forms.CharField(
        label=gettext_lazy("What the partner should know"),
        max_length=LONGEST_NOTE,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=gettext_lazy("Why, and what the partner could do now."),
        error_messages={"required": gettext_lazy("Tell the partner why, in a sentence.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class SendBackForm(forms.Form):
    asks_for = forms.MultipleChoiceField(
        label=gettext_lazy("What the partner is to complete"),
        # Asked for each form: the vendor may have defined fields of its own meanwhile.
        choices=lambda: list(PERSON_MAY_ASK.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Only this can be changed; everything else stays as it is."),
        error_messages={"required": gettext_lazy("Choose what the partner is to complete.")},
    )
    message = forms.CharField(
        label=gettext_lazy("What the partner should do"),
        max_length=LONGEST_NOTE,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Tell the partner what to do, in a sentence.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class QueueForm(forms.Form):
    """What of the queue is shown; anything that is no choice shows everything."""

    region = forms.ChoiceField(required=False)
    conflict = forms.BooleanField(required=False)
    mine = forms.BooleanField(required=False)

    def __init__(self, *args: Any, regions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product_line"] = line = forms.ModelChoiceField(
            label=_("Product line"),
            queryset=product_lines(),
            required=False,
            empty_label=_("All product lines"),
        )
        line.widget.attrs["class"] = "bo-select"
        region = self.fields["region"]
        region.label, region.choices = _("Region"), [("", _("All regions")), *regions]  # type: ignore[attr-defined]
        region.widget.attrs["class"] = "bo-select"
        self.fields["conflict"].label = _("Conflicts only")
        self.fields["mine"].label = _("My partners only")

    def wanted(self) -> desk.QueueFilter:
        self.is_valid()
        data = self.cleaned_data
        line = data.get("product_line")
        return desk.QueueFilter(
            product_line_id=line.pk if line else None,
            region=data.get("region", ""),
            conflict=data.get("conflict", False),
            mine=data.get("mine", False),
        )
