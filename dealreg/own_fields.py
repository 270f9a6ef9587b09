"""The vendor's own fields of registrations, read: what is defined, what is offered to whom, what
a deal says, and lists narrowed by it.

`definitions` is one query, and there are few; who needs several of the functions below fetches
them once and hands them on.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Left, Upper
from django.utils import timezone
from django.utils.translation import gettext as _

from core import money_rates
from core.actor import Actor
from core.kept import kept_until_changed
from core.money import Money
from core.own_fields import values
from core.own_fields.fields import FieldType, Needed
from core.own_fields.forms import KeptFile
from core.own_fields.values import OwnValue, OwnValues
from dealreg.models import Deal, DealAnswer, DealField
from dealreg.models.deals import DealQuerySet
from dealreg.models.own_fields import TEXT_START
from dealreg.rules.facts import FACTS, OWN, FactValue
from dealreg.rules.own_fields import NOT_OFFERED, OwnField, fact_of, facts_from
from dealreg.rules.request import InvalidRegistration
from partners.queries import region_of, registration_rights

MOST_LISTED = 4


@kept_until_changed(DealField, "partners_region")
def definitions() -> tuple[OwnField, ...]:
    """Every field, retired ones too, in the order of the form. Read when one has changed; from
    then on rules know them as facts."""
    rows = DealField.objects.select_related("region").order_by("position", "code")
    found = tuple(read_definition(row) for row in rows)
    FACTS.learn(fact_of(field) for field in found)
    return found


FACTS.read_own_with(definitions)


def read_definition(row: DealField) -> OwnField:
    return OwnField(
        id=row.pk,
        spec=row.spec,
        region=row.region.path if row.region else "",
        product_line_id=row.product_line_id,
        needed=Needed(row.needed),
        conditions=row.conditions,
        in_list=row.in_list,
        in_filter=row.in_filter,
        active=row.active,
    )


def offered_to(partner_id: int, product_line_id: int | None) -> tuple[OwnField, ...]:
    """The fields of a partner's form for a product line (None: none chosen yet). Two queries."""
    _key, region = region_of(partner_id)
    return offered_in(definitions(), region, product_line_id)


def offered_in(
    fields: Iterable[OwnField], region: str, product_line_id: int | None
) -> tuple[OwnField, ...]:
    return tuple(field for field in fields if field.offered_in(region, product_line_id))


# --- what a deal says -------------------------------------------------------------------------


def answers_of(deal: Deal) -> list[DealAnswer]:
    """The deal's answers, those in retired fields too. One query, none for one that is new or was
    fetched `with_answers`."""
    if not deal.pk:
        return []
    known: Mapping[str, Any] = getattr(deal, "_prefetched_objects_cache", {})
    if "answers" in known:
        return list(deal.answers.all())
    return list(deal.answers.select_related("field", "file").order_by("field__position", "pk"))


def stored_values(deal: Deal) -> dict[str, OwnValue]:
    """By code; a file is its key."""
    return {answer.field.code: answer.value for answer in answers_of(deal)}


def kept_files(answers: Iterable[DealAnswer]) -> dict[str, KeptFile]:
    """The files among a deal's answers as a form shows them, by code."""
    return {
        answer.field.code: KeptFile(answer.file.pk, answer.file.name, answer.file.size)
        for answer in answers
        if answer.file is not None
    }


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """An answer for a reader. `file_id` is set for a file, whose name is `text`."""

    code: str
    label: str
    text: str
    file_id: uuid.UUID | None = None
    long: bool = False


def shown(answer: DealAnswer) -> AnswerShown:
    spec = answer.field.spec
    if answer.file is not None:
        return AnswerShown(spec.code, spec.label, answer.file.name, answer.file.pk)
    text = values.in_words(spec, answer.value)
    return AnswerShown(spec.code, spec.label, text, None, len(text) > 100)


def answers_shown(deal: Deal) -> tuple[AnswerShown, ...]:
    return tuple(shown(answer) for answer in answers_of(deal))


def as_json(deal: Deal) -> dict[str, Any]:
    """The answers as the API shows them; a file with its name, size and where it is."""
    return {
        answer.field.code: {
            "id": str(answer.file.pk),
            "name": answer.file.name,
            "size": answer.file.size,
        }
        if answer.file is not None
        else values.to_json(answer.value)
        for answer in answers_of(deal)
    }


def from_json(data: Mapping[str, Any], fields: Iterable[OwnField]) -> dict[str, OwnValue]:
    """What a program sent, by code. Raises InvalidRegistration, naming what is not offered or
    cannot be read."""
    known = {field.code: field.spec for field in fields}
    read: dict[str, OwnValue] = {}
    problems: dict[str, Any] = {}
    for code, raw in data.items():
        if code not in known:
            problems[f"{OWN}{code}"] = NOT_OFFERED
            continue
        try:
            value = values.from_json(known[code], raw)
        except values.WrongValue as wrong:
            problems[f"{OWN}{code}"] = str(wrong)
        else:
            if value is not None:
                read[code] = value
    if problems:
        raise InvalidRegistration(problems)
    return read


def facts_about(
    fields: Iterable[OwnField], known: OwnValues, today: dt.date | None = None
) -> dict[str, FactValue]:
    """What rules learn of answers; money at today's rates."""
    today = today or timezone.localdate()

    def to_base(money: Money) -> Decimal | None:
        return money_rates.to_base(money.amount, money.currency, today)

    return facts_from(fields, known, today=today, to_base=to_base)


# --- lists ------------------------------------------------------------------------------------


def with_answers(rows: DealQuerySet, fields: Sequence[OwnField] | None = None) -> DealQuerySet:
    """`rows` with their answers in `fields` (default: all). One more query."""
    answers = DealAnswer.objects.select_related("field", "file").order_by("field__position", "pk")
    if fields is not None:
        if not fields:
            return rows
        answers = answers.filter(field_id__in=[field.id for field in fields])
    return rows.prefetch_related(Prefetch("answers", queryset=answers))


def answer_in(deal: Deal, field: OwnField) -> AnswerShown | None:
    """The answer of a deal fetched `with_answers`."""
    found = (answer for answer in answers_of(deal) if answer.field_id == field.id)
    answer = next(found, None)
    return shown(answer) if answer else None


def seen_by(actor: Actor) -> tuple[OwnField, ...]:
    """The fields that deals of the actor's partner, or of a staff member's regions, may have.
    At most two queries."""
    if actor.partner_id is None:
        return definitions()
    region = registration_rights(actor.partner_id).region_path
    return tuple(field for field in definitions() if field.speaks_to(region))


def listed(fields: Iterable[OwnField]) -> tuple[OwnField, ...]:
    """The first of those that lists show as columns (at most 4)."""
    return tuple(field for field in fields if field.in_list and field.active)[:MOST_LISTED]


def filtering(fields: Iterable[OwnField]) -> tuple[OwnField, ...]:
    """The first of those that lists can be filtered by (at most 4)."""
    return tuple(field for field in fields if field.in_filter and field.active)[:MOST_LISTED]


def narrowed(rows: DealQuerySet, field: OwnField, **wanted: Any) -> DealQuerySet:
    """The deals with an answer in `field` that is `equal`, at `least`, at `most`, or, of a text,
    begins with `equal`; money in the base currency at today's rates. Each by an index of the
    answers, money after one query for the rates."""
    if field.spec.type == FieldType.MONEY:
        return _narrowed_by_money(rows, field, **wanted)
    lookups: dict[str, Any] = {}
    column = "file" if field.spec.type == FieldType.FILE else str(field.spec.type.value)
    for name, value in wanted.items():
        if value is None or value == "":
            continue
        if name == "least":
            lookups[f"{column}__gte"] = value
        elif name == "most":
            lookups[f"{column}__lte"] = value
        elif field.spec.type == FieldType.TEXT:
            lookups["beginning__startswith"] = str(value).upper()[:TEXT_START]
        else:
            lookups[column] = value
    if not lookups:
        return rows
    answers = DealAnswer.objects.filter(deal=OuterRef("pk"), field_id=field.id)
    if "beginning__startswith" in lookups:
        answers = answers.annotate(beginning=Upper(Left("text", TEXT_START)))
        answers = answers.filter(text__isnull=False)
    return rows.filter(Exists(answers.filter(**lookups)))


def _narrowed_by_money(rows: DealQuerySet, field: OwnField, **wanted: Any) -> DealQuerySet:
    """Each currency has a bound of its own, so that amounts are compared as they are stored. An
    amount without a rate today is in no range."""
    least, most = wanted.get("least"), wanted.get("most")
    if least in (None, "") and most in (None, ""):
        return rows
    inside = Q()
    for currency, rate in money_rates.rates_on(timezone.localdate()).items():
        bounds: dict[str, Any] = {"currency": currency}
        if least not in (None, ""):
            bounds["amount__gte"] = bound_in(Decimal(least), rate, ROUND_UP)
        if most not in (None, ""):
            bounds["amount__lte"] = bound_in(Decimal(most), rate, ROUND_DOWN)
        inside |= Q(**bounds)
    answers = DealAnswer.objects.filter(deal=OuterRef("pk"), field_id=field.id)
    return rows.filter(Exists(answers.filter(inside)))


def bound_in(amount: Decimal, rate: Decimal, rounding: str) -> Decimal:
    """A bound in the base currency as an amount of a currency, as fine as amounts are stored."""
    if not amount.is_finite():
        return Decimal(0)
    return (amount / rate).quantize(Decimal("0.001"), rounding)


def with_file(rows: DealQuerySet, field: OwnField, *, there: bool) -> DealQuerySet:
    """The deals that have, or do not have, a file in `field`."""
    attached = Exists(DealAnswer.objects.filter(deal=OuterRef("pk"), field_id=field.id))
    return rows.filter(attached if there else ~attached)


def export_columns(fields: Iterable[OwnField], taken: Iterable[str]) -> dict[str, Any]:
    """Headings and what each row of an export `with_answers` says under them. A label that is
    there already gets the field's code behind it."""
    headings = set(taken)
    columns: dict[str, Any] = {}
    for field in fields:
        heading = field.spec.label
        if heading in headings:
            heading = _("%(label)s (%(code)s)") % {"label": heading, "code": field.code}
        headings.add(heading)
        columns[heading] = _cell(field)
    return columns


def _cell(field: OwnField) -> Any:
    def read(deal: Deal) -> Any:
        for answer in answers_of(deal):
            if answer.field_id == field.id:
                if answer.file is not None:
                    return answer.file.name
                value = answer.value
                return value if isinstance(value, Decimal) else values.to_text(value)
        return None

    return read
