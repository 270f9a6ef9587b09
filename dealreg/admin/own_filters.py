"""Filters of the vendor's list of deals by its own fields."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from unfold.contrib.filters.admin import DropdownFilter, TextFilter

from core.own_fields.fields import FieldType
from core.own_fields.values import NO, YES, WrongValue, from_text
from dealreg import own_fields
from dealreg.filters import ends_of
from dealreg.models import Deal
from dealreg.rules.own_fields import OwnField

RANGED = {FieldType.NUMBER, FieldType.MONEY, FieldType.DATE}


class OwnChoiceFilter(DropdownFilter):  # type: ignore[misc]
    """One of the answers, or yes and no."""

    own: OwnField

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        if self.own.spec.type == FieldType.CHOICE:
            return [(one.code, one.label) for one in self.own.spec.choices]
        return [(YES, _("yes")), (NO, _("no"))]

    def queryset(self, request: HttpRequest, queryset: "models.QuerySet[Deal]") -> Any:
        value = self.value()
        if not value:
            return queryset
        if self.own.spec.type == FieldType.FILE:
            return own_fields.with_file(queryset, self.own, there=value == YES)  # type: ignore[arg-type]
        wanted = value == YES if self.own.spec.type == FieldType.YES_NO else value
        return own_fields.narrowed(queryset, self.own, equal=wanted)  # type: ignore[arg-type]


class OwnTextFilter(TextFilter):  # type: ignore[misc]
    """The beginning of a text, or one end of a range. What cannot be read filters nothing."""

    own: OwnField
    bound: str

    def queryset(self, request: HttpRequest, queryset: "models.QuerySet[Deal]") -> Any:
        value = read(self.own, str(self.value() or "").replace("\x00", ""))
        if value is None:
            return queryset
        return own_fields.narrowed(queryset, self.own, **{self.bound: value})  # type: ignore[arg-type]


def read(own: OwnField, text: str) -> str | Decimal | dt.date | None:
    """A typed bound as what the column holds; None for what cannot be read."""
    if own.spec.type == FieldType.MONEY:
        text = text.split(" ")[0]
    try:
        kind = FieldType.NUMBER if own.spec.type == FieldType.MONEY else own.spec.type
        value = from_text(replace(own.spec, type=kind), text)
    except WrongValue:
        return None
    return value if isinstance(value, str | Decimal | dt.date) else None


def filters_of(own: OwnField) -> list[type]:
    """The filters by one own field: two for a range."""
    kind = own.spec.type
    if kind not in RANGED | {FieldType.TEXT}:
        named = {"title": own.spec.label, "parameter_name": own.form_name, "own": own}
        return [type("OwnFilter", (OwnChoiceFilter,), named)]
    bounds = [("equal", own.spec.label, own.form_name)]
    if kind in RANGED:
        bounds = [
            (bound, title, f"{own.form_name}_{bound}") for bound, title in ends_of(own).items()
        ]
    return [
        type(
            "OwnFilter",
            (OwnTextFilter,),
            {"title": title, "parameter_name": parameter, "own": own, "bound": bound},
        )
        for bound, title, parameter in bounds
    ]
