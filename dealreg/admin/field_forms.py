"""The forms with which operations define own fields without code."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from core.own_fields.fields import FieldType, Needed
from dealreg.admin.condition_forms import MOST_ROWS, SPARE_ROWS, ConditionForm, flat, rows_of_group
from dealreg.models import DealField, ProductLine
from dealreg.queries import all_product_lines
from dealreg.rules.facts import FACTS
from dealreg.rules.own_fields import may_decide_need
from dealreg.services import ChoiceDraft, FieldDraft
from dealreg.services.own_field_drafts import LONGEST_HINT, LONGEST_LABEL, MOST_CHOICES
from partners.queries.regions import regions_by_path

SPARE_CHOICES = 3


class WordsForm(forms.Form):
    """Texts in each of the portal's languages: a field for each, named by the language."""

    def texts(self, name: str) -> dict[str, str]:
        """By language."""
        return {code: self.cleaned_data.get(f"{name}_{code}", "") for code, _name in languages()}

    def words(self, name: str) -> list[forms.BoundField]:
        return [self[f"{name}_{code}"] for code, _name in languages()]

    @property
    def labels(self) -> list[forms.BoundField]:
        return self.words("label")

    def _add_words(self, name: str, label: str, longest: int, widget: Any, help_text: str) -> None:
        for code, language in languages():
            first = code == settings.LANGUAGE_CODE
            self.fields[f"{name}_{code}"] = forms.CharField(
                label=f"{label} ({language})",
                required=False,
                max_length=longest,
                widget=widget(attrs={"dir": "auto", "lang": code, "rows": 2}),
                help_text=help_text if first else "",
            )


def languages() -> list[tuple[str, str]]:
    return list(settings.LANGUAGES)


class FieldForm(WordsForm):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=UnfoldAdminTextInputWidget(attrs={"spellcheck": "false"}),
        help_text=gettext_lazy(
            "How rules, programs and files call the field, for ever: small letters, digits and _."
        ),
    )
    type = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=FieldType.choices, widget=UnfoldAdminSelectWidget
    )
    region = forms.ChoiceField(
        label=gettext_lazy("Region"),
        required=False,
        widget=UnfoldAdminSelectWidget,
        help_text=gettext_lazy("Partners of the region and of all regions in it are asked."),
    )
    product_line = forms.ModelChoiceField[ProductLine](
        label=gettext_lazy("Product line"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("All product lines"),
        widget=UnfoldAdminSelectWidget,
    )
    position = forms.IntegerField(
        label=gettext_lazy("Place"),
        min_value=0,
        max_value=9999,
        initial=10,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=gettext_lazy("Smaller numbers stand first on the form."),
    )
    least = forms.DecimalField(
        label=gettext_lazy("At least"),
        required=False,
        max_digits=18,
        decimal_places=6,
        widget=UnfoldAdminDecimalFieldWidget,
        help_text=gettext_lazy(
            "Of a number or an amount; the characters of a text; the days from today of a date."
        ),
    )
    most = forms.DecimalField(
        label=gettext_lazy("At most"),
        required=False,
        max_digits=18,
        decimal_places=6,
        widget=UnfoldAdminDecimalFieldWidget,
    )
    digits = forms.IntegerField(
        label=gettext_lazy("Decimal places"),
        required=False,
        min_value=0,
        max_value=9,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=gettext_lazy("Of a number; 0 takes whole numbers only."),
    )
    needed = forms.ChoiceField(
        label=gettext_lazy("Needed"), choices=Needed.choices, widget=UnfoldAdminSelectWidget
    )
    match = forms.ChoiceField(
        label=gettext_lazy("Needed when"),
        choices=[
            ("all", gettext_lazy("all of these conditions hold")),
            ("any", gettext_lazy("any of these conditions holds")),
        ],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    in_list = forms.BooleanField(
        label=gettext_lazy("Show it as a column in lists of deals"), required=False
    )
    in_filter = forms.BooleanField(
        label=gettext_lazy("Let lists of deals be filtered by it"), required=False
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [("", _("All regions")), *regions_by_path()]  # type: ignore[attr-defined]
        self.fields["product_line"].queryset = all_product_lines()  # type: ignore[attr-defined]
        self._add_words(
            "label",
            _("Label"),
            LONGEST_LABEL,
            UnfoldAdminTextInputWidget,
            _("Languages without a text of their own show this one."),
        )
        self._add_words("hint", _("Help text"), LONGEST_HINT, UnfoldAdminTextareaWidget, "")


class NeedRow(ConditionForm):
    """A condition on what the partner knows while it fills the form."""

    def __init__(self, *args: Any, field_code: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [
            (fact.name, str(fact.label))
            for fact in FACTS.offered()
            if may_decide_need(fact, field_code)
        ]
        self.fields["fact"].choices = [("", "—"), *known]  # type: ignore[attr-defined]


NeedRows = forms.formset_factory(
    NeedRow, extra=SPARE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)


class ChoiceForm(WordsForm):
    """One answer of a choice."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=UnfoldAdminTextInputWidget(attrs={"spellcheck": "false"}),
    )
    offered = forms.BooleanField(label=gettext_lazy("offered"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._add_words("label", _("Label"), LONGEST_LABEL, UnfoldAdminTextInputWidget, "")


class _ChoiceRows(forms.BaseFormSet):  # type: ignore[type-arg]
    def drafts(self) -> list[ChoiceDraft]:
        return [
            ChoiceDraft(
                form.cleaned_data["code"], form.texts("label"), form.cleaned_data["offered"]
            )
            for form in self.forms
            if form.cleaned_data.get("code") and not form.cleaned_data.get("DELETE")
        ]


ChoiceRows = forms.formset_factory(
    ChoiceForm,
    formset=_ChoiceRows,
    extra=SPARE_CHOICES,
    can_delete=True,
    can_order=False,
    max_num=MOST_CHOICES,
    absolute_max=MOST_CHOICES,
)


class FieldForms:
    """The whole editor: the field, its answers to choose from, and when it is needed."""

    def __init__(self, row: DealField | None, data: Any = None) -> None:
        self.row = row
        code = {"field_code": row.code if row else ""}
        self.field = FieldForm(data, initial=initial_of(row))
        self.choices: Any = ChoiceRows(data, initial=choices_of(row), prefix="choices")
        rows = rows_of_group(row.conditions) if row else []
        self.needs = NeedRows(data, initial=rows, prefix="when", form_kwargs=code)
        if row is not None:
            self.field.fields["code"].widget.attrs["readonly"] = True

    @property
    def labels(self) -> list[forms.BoundField]:
        return self.field.words("label")

    @property
    def hints(self) -> list[forms.BoundField]:
        return self.field.words("hint")

    @property
    def too_nested(self) -> bool:
        """Whether the conditions are more than rows can say; they stay as they are then."""
        return self.row is not None and not flat(self.row.conditions)

    def is_valid(self) -> bool:
        return all([self.field.is_valid(), self.choices.is_valid(), self.needs.is_valid()])

    def draft(self) -> FieldDraft:
        data = self.field.cleaned_data
        kind = FieldType(data["type"])
        return FieldDraft(
            code=data["code"],
            type=kind,
            labels=self.field.texts("label"),
            hints=self.field.texts("hint"),
            choices=tuple(self.choices.drafts()) if kind == FieldType.CHOICE else (),
            least=data["least"],
            most=data["most"],
            digits=data["digits"] or 0,
            region_id=int(data["region"]) if data["region"] else None,
            product_line_id=data["product_line"].pk if data["product_line"] else None,
            needed=Needed(data["needed"]),
            conditions=self._conditions(),
            in_list=data["in_list"],
            in_filter=data["in_filter"],
            position=data["position"],
        )

    def _conditions(self) -> dict[str, Any]:
        if self.row is not None and self.too_nested:
            return dict(self.row.conditions)
        written = [
            row.cleaned_data["condition"] for row in self.needs if row.cleaned_data.get("condition")
        ]
        return {self.field.cleaned_data["match"] or "all": written} if written else {}

    def add_problems(self, problems: dict[str, str]) -> None:
        """Says beside its part what the service refuses."""
        own_language = settings.LANGUAGE_CODE
        places = {
            "labels": f"label_{own_language}",
            "hints": f"hint_{own_language}",
            "conditions": "needed",
            "choices": "type",
        }
        for part, text in problems.items():
            name = places.get(part, part)
            self.field.add_error(name if name in self.field.fields else None, ValidationError(text))


def initial_of(row: DealField | None) -> dict[str, Any]:
    if row is None:
        return {}
    words = {f"label_{code}": text for code, text in row.labels.items()}
    words |= {f"hint_{code}": text for code, text in row.hints.items()}
    return {
        **words,
        "code": row.code,
        "type": row.type,
        "region": row.region_id or "",
        "product_line": row.product_line_id,
        "position": row.position,
        "least": plain(row.least),
        "most": plain(row.most),
        "digits": row.digits,
        "needed": row.needed,
        "match": next(iter(row.conditions), "all"),
        "in_list": row.in_list,
        "in_filter": row.in_filter,
    }


def plain(number: Decimal | None) -> str | None:
    return None if number is None else f"{number.normalize():f}"


def choices_of(row: DealField | None) -> list[dict[str, Any]]:
    return [
        {
            "code": one["code"],
            "offered": one.get("offered", True),
            **{f"label_{language}": text for language, text in one["labels"].items()},
        }
        for one in (row.choices if row else [])
    ]


class PreviewForm(forms.Form):
    """For whom the form is shown."""

    region = forms.ChoiceField(label=gettext_lazy("Region"), required=False)
    product_line = forms.ModelChoiceField[ProductLine](
        label=gettext_lazy("Product line"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("None chosen yet"),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [("", "—"), *regions_by_path()]  # type: ignore[attr-defined]
        self.fields["product_line"].queryset = all_product_lines()  # type: ignore[attr-defined]
        self.fields["language"].choices = languages()  # type: ignore[attr-defined]
