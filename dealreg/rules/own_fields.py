"""The vendor's own fields of registrations: who is offered which, what is still missing, and
what rules of engagement learn from the answers. Pure."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.money import Money
from core.own_fields.fields import Choice, FieldSpec, FieldType, Needed, spoken
from core.own_fields.values import OwnValue, OwnValues, problem_of
from dealreg.rules.engagement import Group, in_words, read_group
from dealreg.rules.facts import OWN, Fact, Facts, FactType, FactValue, Source

ToBase = Callable[[Money], Decimal | None]

NOT_OFFERED = gettext_lazy("This field is not offered to your company for this product line.")
NOT_ASKED_FOR = gettext_lazy("This was not asked for, so it stays as it was registered.")
NEEDED = gettext_lazy("Fill this in.")
CHOOSE_AGAIN = gettext_lazy("Choose the file again.")


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field as it is defined. `region` is a path ("" for all), `product_line_id` None for every
    product line; `conditions` say when it is needed."""

    id: int
    spec: FieldSpec
    region: str = ""
    product_line_id: int | None = None
    needed: Needed = Needed.NEVER
    conditions: Mapping[str, Any] | None = None
    in_list: bool = False
    in_filter: bool = False
    active: bool = True

    @property
    def code(self) -> str:
        return self.spec.code

    @property
    def fact(self) -> str:
        """What rules, and whoever asks for more, call it."""
        return f"{OWN}{self.spec.code}"

    @property
    def form_name(self) -> str:
        return f"own_{self.spec.code}"

    def speaks_to(self, region: str) -> bool:
        """Whether partners of a region may have met it, for whatever product line."""
        return not self.region or f"{region}.".startswith(f"{self.region}.")

    def offered_in(self, region: str, product_line_id: int | None) -> bool:
        """Whether a partner of the region is offered it for a product line."""
        return (
            self.active
            and self.speaks_to(region)
            and self.product_line_id in (None, product_line_id)
        )

    def needed_when(self) -> Group:
        return read_group(self.conditions)

    def is_needed(self, facts: Facts) -> bool:
        if self.needed == Needed.WHEN:
            return self.needed_when().holds(facts)
        return self.needed == Needed.ALWAYS

    @property
    def needed_in_words(self) -> str:
        """The conditions in the reader's language; "" when there are none."""
        return in_words(self.needed_when()) if self.needed == Needed.WHEN else ""


def problems_in(
    offered: Sequence[OwnField],
    values: OwnValues,
    facts: Facts,
    *,
    today: dt.date,
    currencies: Collection[str],
    whole: bool,
) -> dict[str, str | Promise]:
    """What is wrong with the answers, by the name of the fact; for a `whole` registration also
    what is missing. `facts` are all that is known, the answers among them."""
    found: dict[str, str | Promise] = {}
    for field in offered:
        value = values.get(field.code)
        if value is None:
            if whole and field.is_needed(facts):
                found[field.fact] = NEEDED
            continue
        problem = problem_of(field.spec, value, today=today, currencies=currencies)
        if problem:
            found[field.fact] = problem
    return found


def problems_of_scope(
    offered: Iterable[OwnField], sent: OwnValues, stored: OwnValues
) -> dict[str, str | Promise]:
    """What was sent that nobody asked: fields that are not offered, and files of others."""
    known = {field.code for field in offered}
    found: dict[str, str | Promise] = {}
    for code, value in sent.items():
        if code not in known:
            found[f"{OWN}{code}"] = NOT_OFFERED
        elif isinstance(value, uuid.UUID) and stored.get(code) != value:
            found[f"{OWN}{code}"] = CHOOSE_AGAIN
    return found


def problems_in_completion(
    asked: Collection[str], sent: OwnValues, stored: OwnValues
) -> dict[str, str | Promise]:
    """What differs although it was not asked for."""
    codes = {code for code in {*sent, *stored} if f"{OWN}{code}" not in asked}
    return {
        f"{OWN}{code}": NOT_ASKED_FOR
        for code in sorted(codes)
        if code in sent and sent[code] != stored.get(code)
    }


# --- facts for rules --------------------------------------------------------------------------

FACT_TYPES = {
    FieldType.TEXT: FactType.TEXT,
    FieldType.MONEY: FactType.MONEY,
    FieldType.DATE: FactType.NUMBER,
    FieldType.CHOICE: FactType.CHOICE,
    FieldType.YES_NO: FactType.YES_NO,
    FieldType.FILE: FactType.YES_NO,
}


def fact_of(field: OwnField) -> Fact:
    """The fact that rules may ask: a date as the days until it, a file as whether it is there,
    money in the base currency."""
    spec = field.spec
    whole = FactType.DECIMAL if spec.digits else FactType.NUMBER
    more, less = _hints(spec)
    return Fact(
        name=field.fact,
        type=FACT_TYPES.get(spec.type, whole),
        label=spoken(lambda: _days_until(spec) if spec.type == FieldType.DATE else spec.label),
        values=tuple(one.code for one in spec.choices),
        always_known=False,
        more=more,
        less=less,
        retired=not field.active,
        from_field=spoken(lambda: spec.label),
        words={one.code: spoken(partial(choice_label, one)) for one in spec.choices},
    )


def choice_label(choice: Choice) -> str:
    return choice.label


def _days_until(spec: FieldSpec) -> str:
    return _("the number of days until “%(name)s”") % {"name": spec.label}


def _hints(spec: FieldSpec) -> tuple[Promise | str, Promise | str]:
    """How a partner is told to have more or less of it. Texts, choices, dates and answers of yes
    or no say what is the case: nobody is told to say something else."""
    if spec.type in {FieldType.NUMBER, FieldType.MONEY}:
        return (
            spoken(lambda: _("at least %(value)s as “%(name)s”") % _unfilled(spec)),
            spoken(lambda: _("at most %(value)s as “%(name)s”") % _unfilled(spec)),
        )
    if spec.type == FieldType.FILE:
        return spoken(lambda: _("the file “%(name)s”") % _unfilled(spec)), ""
    return "", ""


def _unfilled(spec: FieldSpec) -> dict[str, str]:
    """The value is filled in later."""
    return {"name": spec.label.replace("%", "%%"), "value": "%(value)s"}


def facts_from(
    fields: Iterable[OwnField], values: OwnValues, *, today: dt.date, to_base: ToBase
) -> dict[str, FactValue]:
    """What rules learn of the answers in `fields`; None where there is none."""
    return {
        field.fact: _fact_value(values.get(field.code), field, today, to_base) for field in fields
    }


def _fact_value(
    value: OwnValue | None, field: OwnField, today: dt.date, to_base: ToBase
) -> FactValue:
    if field.spec.type == FieldType.FILE:
        return value is not None
    if value is None or isinstance(value, str | bool | Decimal):
        return value
    if isinstance(value, Money):
        return to_base(value)
    return Decimal((value - today).days) if isinstance(value, dt.date) else None


def may_decide_need(fact: Fact, field_code: str) -> bool:
    """Whether a field may be needed because of a fact: one that the partner knows and that is
    known while the form is filled, and not the field's own."""
    own = f"{OWN}{field_code}"
    open_to_all = not fact.confidential and fact.source == Source.REGISTRATION
    return open_to_all and not fact.name.startswith("conflict.") and fact.name != own
