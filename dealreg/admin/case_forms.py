"""What the vendor's people fill in about a conflict case, and how they look for precedents."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from dealreg import case_queries
from dealreg.look import CONFLICT_LABELS
from dealreg.queries import product_lines
from dealreg.rules.cases import CaseReason, SideOutcome
from dealreg.rules.clocks import Who
from dealreg.rules.facts import ConflictLevel

LONGEST = 4000
TEXT = {"rows": 3}


class SideForm(forms.Form):
    """What one side gets and is told."""

    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), widget=UnfoldAdminSelectWidget)
    message = forms.CharField(
        label=gettext_lazy("What this side reads"),
        max_length=LONGEST,
        widget=UnfoldAdminTextareaWidget(attrs=TEXT),
        error_messages={"required": gettext_lazy("Tell this side why, in a sentence.")},
    )

    def __init__(self, *args: Any, outcomes: tuple[SideOutcome, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.value, one.label) for one in outcomes]
        self.fields["outcome"].choices = [("", _("Choose…")), *choices]  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[("", gettext_lazy("Choose…")), *CaseReason.choices],
        widget=UnfoldAdminSelectWidget,
    )
    grounds = forms.CharField(
        label=gettext_lazy("Grounds, for the vendor’s people only"),
        max_length=LONGEST,
        widget=UnfoldAdminTextareaWidget(attrs=TEXT),
        help_text=gettext_lazy("Found again as a precedent."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class AssignForm(forms.Form):
    owner = forms.ChoiceField(label=gettext_lazy("Owner"), widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, page: case_queries.CasePage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [(one.pk, str(one)) for one in page.owners]  # type: ignore[attr-defined]
        self.fields["owner"].initial = page.case.owner_id


class AskForm(forms.Form):
    sides = forms.MultipleChoiceField(
        label=gettext_lazy("Whom"), widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(
        label=gettext_lazy("What they should show"),
        max_length=LONGEST,
        widget=UnfoldAdminTextareaWidget(attrs=TEXT),
    )

    def __init__(self, *args: Any, page: case_queries.CasePage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.side.pk, one.side.partner.name) for one in page.sides]
        self.fields["sides"].choices = choices  # type: ignore[attr-defined]


class EscalateForm(forms.Form):
    who = forms.ChoiceField(
        label=gettext_lazy("To whom"),
        choices=[choice for choice in Who.choices if choice[0] != Who.OWNER],
        widget=UnfoldAdminSelectWidget,
    )
    why = forms.CharField(
        label=gettext_lazy("Why"), max_length=500, widget=UnfoldAdminTextInputWidget
    )


class OpenForm(forms.Form):
    why = forms.CharField(label=gettext_lazy("Why"), max_length=LONGEST)


class PrecedentForm(forms.Form):
    """Which decided cases are shown; anything that is no choice bounds nothing."""

    words = forms.CharField(
        label=gettext_lazy("Words"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"class": "bo-input", "type": "search"}),
    )  # fmt: skip
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), required=False,
        choices=[("", gettext_lazy("Any")), *CaseReason.choices],
    )  # fmt: skip
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"), required=False,
        choices=[("", gettext_lazy("Any")), *SideOutcome.choices],
    )  # fmt: skip
    level = forms.ChoiceField(label=gettext_lazy("Conflict"), required=False)
    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)

    def __init__(self, *args: Any, regions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        levels = [(level.value, CONFLICT_LABELS[level]) for level in ConflictLevel]
        self.fields["level"].choices = [("", _("Any")), *levels]  # type: ignore[attr-defined]
        self.fields["region"].choices = [("", _("All regions")), *regions]  # type: ignore[attr-defined]
        self.fields["product_line"] = forms.ModelChoiceField(
            label=_("Product line"), queryset=product_lines(), required=False,
            empty_label=_("All product lines"),
        )  # fmt: skip
        for name in ("reason", "outcome", "level", "region", "product_line"):
            self.fields[name].widget.attrs["class"] = "bo-select"

    def wanted(self) -> case_queries.PrecedentFilter:
        self.is_valid()
        data = self.cleaned_data
        line = data.get("product_line")
        return case_queries.PrecedentFilter(
            words=data.get("words", ""),
            reason=data.get("reason", ""),
            outcome=data.get("outcome", ""),
            level=data.get("level", ""),
            product_line_id=line.pk if line else None,
            region=data.get("region", ""),
        )


def side_form(shown: case_queries.SideShown, data: Any = None) -> SideForm:
    return SideForm(data, outcomes=shown.outcomes, prefix=f"side-{shown.side.pk}")
