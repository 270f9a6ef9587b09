"""Reads about the sale behind a registration: its terms, its history, what has gone quiet."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, F, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from core.actor import Actor
from core.money import Money, format_money
from dealreg import access
from dealreg.models import CloseReason, Deal, SaleChange, SaleClosing, SalesStage
from dealreg.models.deals import IN_PIPELINE, DealQuerySet
from dealreg.rules.sale import Sale, SaleField, may_reopen
from dealreg.rules.states import CLOSED_STAGES, DealStage, Verb

MOST_CHANGES = 50


@dataclass(frozen=True, slots=True)
class StageTerms:
    """How likely a deal of a stage is won, in percent, and after how long it counts as stale."""

    probability: int
    stale_after: dt.timedelta


# What holds for a stage as long as operations have said nothing.
AT_FIRST = {
    stage.value: StageTerms(probability, dt.timedelta(days=days))
    for stage, probability, days in (
        (DealStage.PROSPECTING, 10, 30),
        (DealStage.ENGAGING, 25, 21),
        (DealStage.PROPOSAL, 50, 14),
        (DealStage.NEGOTIATION, 75, 14),
    )
}


def stage_terms() -> dict[str, StageTerms]:
    """The terms of every open stage. One query."""
    said = {
        row.stage: StageTerms(row.probability, dt.timedelta(days=row.stale_after_days))
        for row in SalesStage.objects.all()
    }
    return {**AT_FIRST, **said}


def probability_of(deal: Deal, terms: Mapping[str, StageTerms]) -> int:
    """How likely the deal is won, in percent: the seller's own figure, or that of the stage."""
    if deal.stage in CLOSED_STAGES:
        return 100 if deal.stage == DealStage.WON else 0
    return terms[deal.stage].probability if deal.probability is None else deal.probability


def sale_of(deal: Deal) -> Sale:
    """The deal's sale as it stands."""
    return Sale(
        stage=deal.stage,
        amount=deal.amount,
        expected_close=deal.expected_close,
        probability=deal.probability,
        next_step=deal.next_step,
        next_step_on=deal.next_step_on,
    )


def stale_at(deal: Deal, terms: Mapping[str, StageTerms]) -> dt.datetime | None:
    """When the deal goes, or went, stale; None for one that is not being sold."""
    if deal.sale_updated_at is None or deal.stage not in terms:
        return None
    return deal.sale_updated_at + terms[deal.stage].stale_after


def quiet(terms: Mapping[str, StageTerms]) -> Q:
    """The condition that nobody has updated an open sale for as long as its stage allows."""
    now = timezone.now()
    found = Q(pk__in=[])
    for stage, one in terms.items():
        found |= Q(stage=stage, sale_updated_at__lt=now - one.stale_after)
    return found


def stale(rows: DealQuerySet) -> DealQuerySet:
    """The open sales of `rows` that nobody has updated for long. One query more, for the terms."""
    return rows.filter(IN_PIPELINE).filter(quiet(stage_terms()))


def overdue(rows: DealQuerySet) -> DealQuerySet:
    """The open sales of `rows` whose expected close has passed."""
    return rows.filter(IN_PIPELINE, expected_close__lt=timezone.localdate())


def reasons_for(outcome: DealStage) -> tuple[CloseReason, ...]:
    """What may be chosen for a sale that is won, or lost. One query."""
    return tuple(CloseReason.objects.filter(outcome=outcome, active=True))


def standing_closing(deal: Deal) -> SaleClosing | None:
    """How the sale ended here; None for an open one and for imported history."""
    return deal.closings.filter(reopened_at__isnull=True).prefetch_related("reasons").first()


def agreed_amount(deal: Deal) -> Decimal | None:
    """What was last agreed with the vendor: the newest amount that staff entered, else the one
    that was registered. One query."""
    changes = list(deal.sale_changes.filter(field=SaleField.AMOUNT).order_by("at", "id"))
    by_staff = [change.new for change in changes if change.by_staff]
    known = by_staff[-1] if by_staff else changes[0].old if changes else ""
    return Decimal(known) if known else deal.amount


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """A change in the reader's words: "Expected amount", "€80,000", "€65,000"."""

    field: str
    old: str
    new: str
    who: str
    at: dt.datetime
    why: str


def history(deal: Deal) -> tuple[ChangeShown, ...]:
    """How the sale got where it is, newest first. One query."""
    rows = deal.sale_changes.order_by("-at", "-id")[:MOST_CHANGES]
    return tuple(_shown(row, deal.currency) for row in rows)


def _shown(row: SaleChange, currency: str) -> ChangeShown:
    field = SaleField(row.field)
    old, new = (in_words(field, value, currency) for value in (row.old, row.new))
    return ChangeShown(str(field.label), old, new, row.who, row.at, row.why)


def in_words(field: SaleField, value: str, currency: str) -> str:
    """A stored value of a sale in the reader's language."""
    if not value:
        return _("by stage") if field == SaleField.PROBABILITY else "—"
    match field:
        case SaleField.STAGE:
            return str(DealStage(value).label)
        case SaleField.AMOUNT:
            amount = Decimal(value)
            return format_money(Money(amount, currency)) if currency else number_format(amount)
        case SaleField.PROBABILITY:
            return _("%(number)s %%") % {"number": number_format(int(value))}
        case SaleField.NEXT_STEP:
            return value
        case _:
            return str(date_format(dt.date.fromisoformat(value), "DATE_FORMAT"))


@dataclass(frozen=True, slots=True)
class SaleShown:
    """The sale for its page. `probability` in percent, `own` when it is the seller's; `stale`
    and `late` (the expected close has passed) ask for an update; `closing` is how it ended."""

    probability: int
    own: bool
    stale: bool
    late: bool
    closing: SaleClosing | None
    may_reopen: bool


def sale_shown(actor: Actor, deal: Deal) -> SaleShown:
    """At most three queries."""
    terms = stage_terms()
    quiet_from = stale_at(deal, terms)
    is_open = deal.stage not in CLOSED_STAGES
    closing = None if is_open else standing_closing(deal)
    return SaleShown(
        probability=probability_of(deal, terms),
        own=deal.probability is not None,
        stale=is_open and quiet_from is not None and quiet_from < timezone.now(),
        late=is_open
        and deal.expected_close is not None
        and deal.expected_close < timezone.localdate(),
        closing=closing,
        may_reopen=closing is not None
        and access.may(actor, Verb.REOPEN)
        and reopenable(actor, closing),
    )


def reopenable(actor: Actor, closing: SaleClosing) -> bool:
    return may_reopen(closing.at, timezone.now(), staff=actor.is_staff)


def weighted(terms: Mapping[str, StageTerms]) -> Combinable:
    """A deal's amount times its probability in percent: a hundred times what may come of it."""
    usual = Case(
        *(When(stage=stage, then=Value(one.probability)) for stage, one in terms.items()),
        default=Value(0),
    )
    return exact(F("amount") * Coalesce(F("probability"), usual))


def exact(expression: Any) -> Combinable:
    """A product of amounts, wide enough for all sums there can be; the database does not round."""
    return Case(
        When(pk__isnull=False, then=expression),
        output_field=DecimalField(max_digits=30, decimal_places=3),
    )
