"""The answers in the vendor's own fields: checked against what is offered, and written."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from core import money_rates
from core.actor import Actor
from core.files import RefusedFile, store_file
from core.money import Money
from core.own_fields.models import columns_for
from core.own_fields.values import OwnValue, OwnValues, to_text
from dealreg import own_fields
from dealreg.models import Deal, DealAnswer, ProductLine
from dealreg.rules.facts import FactValue
from dealreg.rules.own_fields import (
    OwnField,
    problems_in,
    problems_in_completion,
    problems_of_scope,
)
from dealreg.rules.request import InvalidRegistration, Problems, RegistrationRequest
from dealreg.services.judging import known_facts
from partners.rules import RegistrationRights


@dataclass(frozen=True, slots=True)
class Answers:
    """What a deal is to hold: `values` by code in the fields `offered`, what it holds now, and
    what rules learn of it. `dropped` are answers in fields that are not offered any more."""

    offered: tuple[OwnField, ...]
    values: OwnValues
    stored: OwnValues
    facts: dict[str, FactValue]
    problems: Problems
    dropped: frozenset[str] = frozenset()


def answers_to(
    request: RegistrationRequest,
    deal: Deal,
    product_line: ProductLine | None,
    rights: RegistrationRights,
    *,
    whole: bool,
    asked: Collection[str] | None = None,
) -> Answers:
    """The request's answers, judged: `whole` for a registration, `asked` when only that may be
    completed. Two queries, and one for each currency that is not the base one."""
    definitions = own_fields.definitions()
    offered = own_fields.offered_in(
        definitions, rights.region_path, product_line.pk if product_line else None
    )
    stored = own_fields.stored_values(deal)
    codes = {field.code for field in offered}
    dropped = frozenset(stored.keys() - codes) if asked is None else frozenset()
    sent = dict(_present(request.own_values, stored, codes))
    problems = dict(problems_of_scope(offered, sent, stored))
    judged = offered
    if asked is not None:
        problems |= problems_in_completion(asked, sent, stored)
        judged = tuple(field for field in offered if field.fact in asked)
        open_codes = {field.code for field in judged}
        sent = {code: one for code, one in stored.items() if code in codes - open_codes} | {
            code: one for code, one in sent.items() if code in open_codes
        }
    facts = own_fields.facts_about(offered, sent)
    problems |= problems_in(
        judged,
        sent,
        {**known_facts(request, product_line, rights), **facts},
        today=timezone.localdate(),
        currencies=_currencies(sent),
        whole=whole,
    )
    return Answers(offered, sent, stored, facts, problems, dropped)


def _present(
    sent: OwnValues | None, stored: OwnValues, codes: Collection[str]
) -> Mapping[str, OwnValue]:
    if sent is None:
        return {code: value for code, value in stored.items() if code in codes}
    return {code: value for code, value in sent.items() if value not in (None, "")}


def _currencies(values: OwnValues) -> frozenset[str]:
    found = {value.currency for value in values.values() if isinstance(value, Money)}
    known: frozenset[str] = frozenset()
    for currency in sorted(found):
        known |= money_rates.currencies_to_check(currency)
    return known


def write_answers(*, actor: Actor, deal: Deal, answers: Answers) -> dict[str, list[str]]:
    """Stores what differs, in the caller's transaction; returns it as fact → [old, new], as text.

    Raises InvalidRegistration for a file that is not taken; the caller's transaction is then
    rolled back.
    """
    changes: dict[str, list[str]] = {}
    gone: list[int] = []
    new: list[DealAnswer] = []
    for field in answers.offered:
        old, value = answers.stored.get(field.code), answers.values.get(field.code)
        if old == value:
            continue
        changes[field.fact] = [to_text(old), to_text(value)]
        if old is not None:
            gone.append(field.id)
        if value is not None:
            kept = _kept(actor, deal, field, value)
            columns = columns_for(kept, field.spec.type)
            new.append(DealAnswer(deal=deal, field_id=field.id, type=field.spec.type, **columns))
    if gone:
        DealAnswer.objects.filter(deal=deal, field_id__in=gone).delete()
    if answers.dropped:
        DealAnswer.objects.filter(deal=deal, field__code__in=sorted(answers.dropped)).delete()
        changes |= {
            f"own.{code}": [to_text(answers.stored[code]), ""] for code in sorted(answers.dropped)
        }
    DealAnswer.objects.bulk_create(new)
    return changes


def write_past_answers(pairs: Iterable[tuple[Deal, OwnValues]]) -> None:
    """Stores the answers of new deals as they are brought in, judged by whoever reads them. Two
    statements for all of them, none when nobody answers anything."""
    answers = [(deal, code, value) for deal, values in pairs for code, value in values.items()]
    if not answers:
        return
    fields = {field.code: field for field in own_fields.definitions()}
    DealAnswer.objects.bulk_create(
        [
            DealAnswer(
                deal=deal,
                field_id=fields[code].id,
                type=fields[code].spec.type,
                **columns_for(value, fields[code].spec.type),
            )
            for deal, code, value in answers
        ],
        batch_size=2000,
    )


def _kept(actor: Actor, deal: Deal, field: OwnField, value: OwnValue) -> OwnValue:
    """A new file is stored as the deal's; everything else stays as it is."""
    if not isinstance(value, File):
        return value
    # A copy: storing may move the original away, and a lost race is tried again.
    value.seek(0)
    copy = ContentFile(value.read(), name=str(value.name or "file"))
    try:
        return store_file(actor=actor, subject=deal, upload=cast("UploadedFile[bytes]", copy)).pk
    except RefusedFile as refused:
        raise InvalidRegistration({field.fact: " ".join(refused.messages)}) from refused
