"""The two tables of own fields, for an app to complete: what is defined, and what was answered.

An app adds to the definition for whom it is, and to the value whose it is and the indexes that
its lists need (dealreg/models/own_fields.py).
"""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import StoredFile
from core.money import Money
from core.own_fields.fields import Choice, FieldSpec, FieldType, Needed
from core.own_fields.values import OwnValue, plain

COLUMNS = ("text", "number", "amount", "currency", "date", "choice", "yes_no", "file")
COLUMNS_OF: dict[FieldType, tuple[str, ...]] = {
    FieldType.TEXT: ("text",),
    FieldType.NUMBER: ("number",),
    FieldType.MONEY: ("amount", "currency"),
    FieldType.DATE: ("date",),
    FieldType.CHOICE: ("choice",),
    FieldType.YES_NO: ("yes_no",),
    FieldType.FILE: ("file",),
}


class Definition(models.Model):
    """One own field. `labels` and `hints` are texts by language; `choices` a list of {"code",
    "labels", "offered"}; `conditions` when it is needed, in the form of the app's own rules.

    `code` is how rules, programs and files call it, for ever. One that is no longer `active` is
    not offered; what was answered stays."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    type = models.CharField(_("kind"), max_length=8, choices=FieldType.choices)
    labels = models.JSONField(_("label"), default=dict)
    hints = models.JSONField(_("help text"), default=dict, blank=True)
    choices = models.JSONField(_("answers"), default=list, blank=True)
    least = models.DecimalField(_("at least"), max_digits=18, decimal_places=6, null=True)
    most = models.DecimalField(_("at most"), max_digits=18, decimal_places=6, null=True)
    digits = models.PositiveSmallIntegerField(_("decimal places"), default=0)
    needed = models.CharField(
        _("needed"), max_length=8, choices=Needed.choices, default=Needed.NEVER
    )
    conditions = models.JSONField(_("needed when"), default=dict, blank=True)
    in_list = models.BooleanField(_("shown in lists"), default=False)
    in_filter = models.BooleanField(_("lists can be filtered by it"), default=False)
    position = models.PositiveSmallIntegerField(_("place"), default=10)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z][a-z0-9_]*$"), name="%(class)s_code_spelling"
            ),
            models.CheckConstraint(
                condition=Q(type__in=FieldType.values), name="%(class)s_type_known"
            ),
            models.CheckConstraint(
                condition=Q(needed__in=Needed.values), name="%(class)s_needed_known"
            ),
            models.CheckConstraint(
                condition=~Q(needed=Needed.WHEN) | ~Q(conditions={}), name="%(class)s_when_says"
            ),
            # the other end of the values' foreign key over field and type
            models.UniqueConstraint(fields=["id", "type"], name="%(class)s_id_type"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def spec(self) -> FieldSpec:
        return FieldSpec(
            code=self.code,
            type=FieldType(self.type),
            labels=self.labels,
            hints=self.hints,
            choices=tuple(
                Choice(one["code"], one["labels"], one.get("offered", True)) for one in self.choices
            ),
            least=self.least,
            most=self.most,
            digits=self.digits,
        )


def only_its_columns() -> Q:
    """The condition that a value fills the columns of its type and no others."""
    found = Q()
    for kind, filled in COLUMNS_OF.items():
        nulls = {f"{name}__isnull": name not in filled for name in COLUMNS}
        found |= Q(type=kind, **nulls)
    return found


class Answer(models.Model):
    """What one thing holds in one own field. There is no row for no value.

    `type` repeats the field's: a foreign key over both keeps a field with answers from becoming
    another kind.
    """

    type = models.CharField(max_length=8, choices=FieldType.choices)
    text = models.TextField(null=True)  # noqa: DJ001 - exactly one column is filled
    number = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    amount = models.DecimalField(max_digits=18, decimal_places=3, null=True)
    currency = models.CharField(max_length=3, null=True)  # noqa: DJ001
    date = models.DateField(null=True)
    choice = models.CharField(max_length=40, null=True)  # noqa: DJ001
    yes_no = models.BooleanField(null=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=only_its_columns(), name="%(class)s_one_value")
        ]

    @property
    def value(self) -> OwnValue:
        if self.type == FieldType.MONEY:
            return Money(self.amount, self.currency).quantize()  # type: ignore[arg-type]
        if self.type == FieldType.NUMBER:
            return plain(self.number)  # type: ignore[arg-type]
        if self.type == FieldType.FILE:
            return self.file_id  # type: ignore[return-value]
        value: OwnValue = getattr(self, COLUMNS_OF[FieldType(self.type)][0])
        return value


def columns_for(value: OwnValue, kind: FieldType) -> dict[str, Any]:
    """The columns of an answer that holds `value`; a file is a stored one's key."""
    if isinstance(value, Money):
        return {"amount": value.amount, "currency": value.currency}
    if kind == FieldType.FILE:
        return {"file_id": value}
    return {COLUMNS_OF[kind][0]: value}
