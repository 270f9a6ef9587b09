"""Own fields as fields of a Django form, drawn like every other field.

They parse; whether a value may be stored says `values.problem_of`, for the API too.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.base import File
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.translation import gettext_lazy as _

from core.money import Money, in_its_unit
from core.number_fields import NumberField, require_its_unit
from core.own_fields.fields import FieldSpec, FieldType
from core.own_fields.values import NO, YES, OwnValue

LONG_TEXT = 200
CHOOSE = ("", _("Choose…"))


class MoneyWidget(forms.MultiWidget):
    """An amount and its currency in one line."""

    def __init__(self, currencies: Sequence[str]) -> None:
        amount = forms.TextInput({"inputmode": "decimal", "aria-label": _("Amount")})
        choices = [(code, code) for code in currencies]
        currency = forms.Select({"aria-label": _("Currency"), "class": "short"}, choices)
        super().__init__([amount, currency], {"class": "money"})
        self.first = currencies[0] if currencies else ""

    def decompress(self, value: Any) -> list[Any]:
        if not isinstance(value, Money):
            return [None, self.first]
        return [in_its_unit(value.amount, value.currency), value.currency]


class MoneyField(forms.MultiValueField):
    """Money; None when no amount is entered, whatever the currency stands at."""

    def __init__(self, currencies: Sequence[str], **kwargs: Any) -> None:
        parts = (
            NumberField(required=False),
            forms.ChoiceField(choices=[(code, code) for code in currencies], required=False),
        )
        widget = MoneyWidget(currencies)
        super().__init__(parts, widget=widget, require_all_fields=False, **kwargs)
        widget.widgets[0].is_localized = True

    def compress(self, data_list: list[Any]) -> Money | None:
        if not data_list or data_list[0] is None:
            return None
        if not data_list[1]:
            raise forms.ValidationError(_("Choose the currency of the amount."))
        require_its_unit(data_list[0], data_list[1])
        return Money(data_list[0], data_list[1])


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A stored file as the form knows it."""

    id: uuid.UUID
    name: str
    size: int

    @property
    def url(self) -> str:
        return reverse("file", args=[self.id])

    def __str__(self) -> str:
        return self.name


def form_field(spec: FieldSpec, currencies: Sequence[str]) -> forms.Field:
    """The form's field for an own field; `currencies` begin with the one that is chosen first."""
    # Help texts may hold markup in Django's forms; this one is somebody's text.
    hint = conditional_escape(spec.hint)
    shown: dict[str, Any] = {"label": spec.label, "help_text": hint, "required": False}
    match spec.type:
        case FieldType.NUMBER:
            plain = forms.TextInput({"inputmode": "decimal" if spec.digits else "numeric"})
            return NumberField(widget=plain, **shown)
        case FieldType.MONEY:
            return MoneyField(currencies, **shown)
        case FieldType.DATE:
            return forms.DateField(
                widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), **shown
            )
        case FieldType.CHOICE:
            offered = [(one.code, one.label) for one in spec.choices if one.offered]
            return forms.ChoiceField(choices=[CHOOSE, *offered], **shown)
        case FieldType.YES_NO:
            answers = [CHOOSE, (YES, _("yes")), (NO, _("no"))]
            return forms.ChoiceField(choices=answers, **shown)
        case FieldType.FILE:
            return forms.FileField(**shown)
        case _:
            return forms.CharField(
                max_length=spec.longest,
                widget=forms.Textarea({"rows": 3, "dir": "auto"})
                if spec.longest > LONG_TEXT
                else forms.TextInput({"dir": "auto"}),
                **shown,
            )


def initial_of(value: OwnValue | KeptFile) -> Any:
    """A value as the form shows it at first."""
    if isinstance(value, bool):
        return YES if value else NO
    return value


def value_from_form(spec: FieldSpec, cleaned: Any) -> OwnValue | None:
    """What the form's field has read, as a value."""
    if spec.type == FieldType.YES_NO:
        return {YES: True, NO: False}.get(cleaned)
    if isinstance(cleaned, KeptFile):
        return cleaned.id
    if isinstance(cleaned, File):
        return cleaned
    return None if cleaned is None or cleaned is False or cleaned == "" else cleaned
