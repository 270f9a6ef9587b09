"""Forms in which partners propose and answer. They parse; rules/splits.py says what is right.

A proposal is a list of rows. Rows come and go by buttons of the form itself, so that it works
without a script: pressing one sends what was typed and shows it again with a row more or less.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, cast

import django_filters
from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.number_fields import NumberField
from core.sql import LARGEST_ID
from dealreg.models import Split
from dealreg.models.splits import SplitQuerySet
from dealreg.rules.splits import MOST_PARTS, OPEN, SplitRole, SplitStatus
from dealreg.services import OwnPart, PartAsked
from dealreg.sharing import SplitSeen

LONGEST_NOTE = 1000
OWN, KNOWN, INVITED = "own", "known", "invited"


class PartForm(forms.Form):
    """One row: a part of the own company, of somebody in the split in force, or of a partner
    that is invited by its domain."""

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in (OWN, KNOWN, INVITED)])
    party_id = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    domain = forms.CharField(
        label=_("Web domain of the other partner"),
        max_length=253,
        required=False,
        help_text=_(
            "As it is registered here, for example example.com; or the e-mail address of somebody "
            "there."
        ),
    )
    role = forms.ChoiceField(label=_("Role"), choices=SplitRole.choices)
    percent = NumberField(
        label=_("Share in per cent"),
        max_digits=5,
        decimal_places=2,
        min_value=Decimal("0.01"),
        max_value=Decimal(100),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("kind", "party_id"):
            self.fields[name].widget = forms.HiddenInput()

    @property
    def row_kind(self) -> str:
        return str(self["kind"].value() or OWN)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == INVITED and not data.get("domain", "").strip():
            self.add_error("domain", _("Enter the partner's web domain."))
        return data

    def asked(self) -> PartAsked:
        data = self.cleaned_data
        kind = data["kind"]
        return PartAsked(
            role=SplitRole(data["role"]),
            percent=data["percent"],
            domain=data["domain"] if kind == INVITED else "",
            party_id=data["party_id"] or 0 if kind == KNOWN else None,
        )

    def own(self) -> OwnPart:
        return OwnPart(SplitRole(self.cleaned_data["role"]), self.cleaned_data["percent"])


class PartRows(forms.BaseFormSet[PartForm]):
    """The rows of a proposal. `changed_rows` answers the buttons that add and remove one."""

    def typed(self) -> list[dict[str, Any]]:
        names = ("kind", "party_id", "domain", "role", "percent")
        return [{name: form[name].value() for name in names} for form in self.forms]

    def changed_rows(self, data: QueryDict) -> "PartRows | None":
        """The rows after an “add” or “remove” button was pressed; None for any other."""
        rows = self.typed()
        if "add" in data and len(rows) < MOST_PARTS:
            kind = OWN if data["add"] == OWN else INVITED
            return part_rows([*rows, {"kind": kind}])
        if "add" in data:
            return part_rows(rows)
        place = data.get("remove", "")
        if place.isdigit() and len(place) < 4:
            return part_rows([row for n, row in enumerate(rows) if n != int(place)] or rows)
        return None

    def asked(self) -> list[PartAsked]:
        return [form.asked() for form in self.forms]

    def own(self) -> list[OwnPart]:
        return [form.own() for form in self.forms]


_Rows = forms.formset_factory(
    PartForm,
    formset=PartRows,
    extra=0,
    min_num=1,
    validate_min=True,
    max_num=MOST_PARTS,
    absolute_max=MOST_PARTS,
    validate_max=True,
)

# No row is left out because nothing was typed into it; the browser does not insist.
WHOLE_ROWS = {"empty_permitted": False, "use_required_attribute": False}


def part_rows(rows: Iterable[Mapping[str, Any]]) -> PartRows:
    """Rows to be filled, not judged yet."""
    return cast(PartRows, _Rows(initial=list(rows), prefix="parts", form_kwargs=WHOLE_ROWS))


def sent_rows(data: QueryDict) -> PartRows:
    return cast(PartRows, _Rows(data, prefix="parts", form_kwargs=WHOLE_ROWS))


def first_rows(holding: SplitSeen | None) -> PartRows:
    """The rows of a new proposal: those of the split in force, else own part and another one."""
    if holding is None:
        return part_rows(
            [
                {"kind": OWN, "role": SplitRole.SELL.value},
                {"kind": INVITED, "role": SplitRole.IMPLEMENT.value},
            ]
        )
    return part_rows(
        {
            "kind": OWN if part.mine else KNOWN,
            "party_id": None if part.mine else part.party_id,
            "role": part.role.value,
            "percent": part.percent,
        }
        for part in holding.parts
    )


def own_rows(page: SplitSeen) -> PartRows:
    """The reader's own parts, to be changed."""
    return part_rows(
        {"kind": OWN, "role": part.role.value, "percent": part.percent} for part in page.own
    )


class WordsForm(forms.Form):
    """What goes with a proposal."""

    note = forms.CharField(
        label=_("Note to the other partners"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Optional. Everybody in the split reads it, and the vendor."),
    )
    named = forms.BooleanField(
        label=_("Show our name and share to the partners who show theirs"), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)


class AcceptForm(forms.Form):
    named = forms.BooleanField(
        label=_("Show our name and share to the partners who show theirs"), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=_("Why not?"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The other partners in the split and the vendor read it."),
        error_messages={"required": _("Say why, in a sentence.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class TakeBackForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class SplitFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What a partner can narrow its shared deals by."""

    q = django_filters.CharFilter(
        label=_("Search"),
        method="by_text",
        max_length=100,
        widget=forms.SearchInput(attrs={"placeholder": _("Customer")}),
    )
    show = django_filters.ChoiceFilter(
        label=_("Show"),
        method="by_state",
        choices=[
            ("waiting", _("Waiting for our answer")),
            ("open", _("Under discussion")),
            ("in_force", _("In force")),
            ("over", _("Over")),
        ],
        empty_label=_("Any"),
    )

    class Meta:
        model = Split
        fields = ["q", "show"]

    def by_text(self, rows: SplitQuerySet, _name: str, value: str) -> SplitQuerySet:
        words = value.strip().replace("\x00", "")
        return rows.filter(deal__customer_name__icontains=words) if words else rows

    def by_state(self, rows: SplitQuerySet, _name: str, value: str) -> SplitQuerySet:
        held = [*OPEN, SplitStatus.IN_FORCE]
        wanted = {
            "waiting": Q(waits=True),
            "open": Q(status__in=sorted(OPEN)),
            "in_force": Q(status=SplitStatus.IN_FORCE),
            "over": ~Q(status__in=sorted(held)),
        }
        return rows.filter(wanted[value])
