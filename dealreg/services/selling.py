"""A partner keeps its sale current, and says how it ended."""

import datetime as dt
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import money_rates
from core.actor import Actor
from core.appointments import cancel_appointments, make_appointment
from core.events import NewEvent, record, record_many
from dealreg import access, sales
from dealreg.conflicts import in_force
from dealreg.events import (
    DealLost,
    DealReopened,
    DealWon,
    SaleAmountChanged,
    SaleCloseMoved,
    SaleConfirmed,
    SaleNextStepChanged,
    SaleProbabilityChanged,
    StageChanged,
)
from dealreg.matching import lock_customer
from dealreg.models import CloseReason, Deal, Protection, SaleChange, SaleClosing
from dealreg.rules import states
from dealreg.rules.names import Customer
from dealreg.rules.sale import (
    Change,
    Closing,
    InvalidSale,
    Sale,
    SaleField,
    changes_between,
    may_grow_to,
    plain,
    problems_in_closing,
    problems_in_sale,
)
from dealreg.rules.states import DealStage, Verb
from dealreg.services.protecting import follow_protection, release
from dealreg.services.reviewing import CustomerIsProtected
from dealreg.services.stale import require_version
from partners.queries import registration_rights

SALE_IS_STALE = "dealreg.sale_is_stale"


class TooLateToReopen(Exception):
    """The sale was closed too long ago, or before this portal was in use."""

    def __str__(self) -> str:
        return _("This sale was closed too long ago to be opened again. Register a new deal.")


@transaction.atomic
def update_sale(
    *, actor: Actor, deal_id: int, sale: Sale, version: int | None = None, note: str = ""
) -> Deal:
    """Keeps what differs, with a row for each changed field; what does not differ is confirmed
    to be still true, which counts as an update too.

    Raises InvalidSale (with a sentence per field), StaleEdit, NotInThisState, PermissionDenied,
    Http404; nothing changes then.
    """
    deal = access.deal_for_changing(actor, deal_id, Verb.UPDATE_SALE)
    require_version(deal, version)
    states.require(Verb.UPDATE_SALE, deal.status, deal.stage)
    old = sales.sale_of(deal)
    _require_sound(actor, deal, sale, old)
    changes = changes_between(old, sale)
    for change in changes:
        setattr(deal, change.field, getattr(sale, change.field))
    deal.updated_at = deal.sale_updated_at = timezone.now()
    deal.version += 1
    changed = [change.field.value for change in changes]
    deal.save(update_fields=[*changed, "updated_at", "sale_updated_at", "version"])
    _keep(actor, deal, changes, note)
    record_many(
        [NewEvent(fact, deal, deal.partner_id) for fact in _told(deal, changes, note.strip())],
        actor=actor,
    )
    remind_when_stale(deal)
    return deal


def _require_sound(actor: Actor, deal: Deal, new: Sale, old: Sale) -> None:
    today = timezone.localdate()
    problems = problems_in_sale(new, old, currency=deal.currency, today=today)
    if "amount" not in problems and not actor.is_staff and not _within_agreement(deal, new, today):
        problems["amount"] = _(
            "This is much more than what was registered. Ask your channel manager to enter it."
        )
    if problems:
        raise InvalidSale(problems)


def _within_agreement(deal: Deal, new: Sale, today: dt.date) -> bool:
    """Whether the new amount may be kept without somebody of the vendor's looking at it."""
    if new.amount is None or deal.amount is None or new.amount <= deal.amount:
        return True
    return may_grow_to(
        new.amount,
        in_base=money_rates.to_base(new.amount, deal.currency, today),
        limit=registration_rights(deal.partner_id).approval_limit,
        agreed=sales.agreed_amount(deal) or deal.amount,
    )


def _keep(actor: Actor, deal: Deal, changes: Iterable[Change], why: str) -> None:
    SaleChange.objects.bulk_create(
        SaleChange(
            deal=deal,
            field=change.field,
            old=change.old,
            new=change.new,
            why=why.strip(),
            by_staff=actor.is_staff,
            changed_by_id=actor.user_id,
            who=actor.label[:200],
            at=deal.updated_at,
        )
        for change in changes
    )


def _told(deal: Deal, changes: Iterable[Change], note: str) -> list[object]:
    """A fact for each change; one that says so when all is as it was."""
    customer, currency = deal.customer_name, deal.currency
    facts: list[object] = []
    for field, old, new in ((change.field, change.old, change.new) for change in changes):
        match field:
            case SaleField.STAGE:
                facts.append(StageChanged(customer, note, old, new))
            case SaleField.AMOUNT:
                facts.append(SaleAmountChanged(customer, note, old, new, currency))
            case SaleField.EXPECTED_CLOSE:
                facts.append(SaleCloseMoved(customer, note, old, new))
            case SaleField.PROBABILITY:
                facts.append(SaleProbabilityChanged(customer, note, old, new))
            case _:
                facts.append(SaleNextStepChanged(customer, note, field.value, old, new))
    return facts or [SaleConfirmed(customer, note)]


def remind_when_stale(deal: Deal) -> None:
    """Has the partner reminded once, should nobody update the sale for as long as its stage
    allows; replaces the reminder that was planned before."""
    at = sales.stale_at(deal, sales.stage_terms())
    if at is not None:
        make_appointment(SALE_IS_STALE, deal, at)


def begin_sale(deal: Deal) -> None:
    """An approved registration is a sale from now on. Called with the deal locked."""
    if deal.sale_updated_at is not None or not states.possible(
        Verb.UPDATE_SALE, deal.status, deal.stage
    ):
        return
    deal.sale_updated_at = deal.decided_at or timezone.now()
    deal.save(update_fields=["sale_updated_at"])
    remind_when_stale(deal)


@transaction.atomic
def close_deal(*, actor: Actor, deal_id: int, closing: Closing, version: int | None = None) -> Deal:
    """The sale is won or lost. Its protection ends: a customer that bought is known as one by
    the rules, a customer that did not is free.

    Raises InvalidSale (with a sentence per field), StaleEdit, NotInThisState, PermissionDenied,
    Http404; nothing changes then.
    """
    deal = access.deal_for_changing(actor, deal_id, Verb.CLOSE)
    require_version(deal, version)
    states.require(Verb.CLOSE, deal.status, deal.stage)
    reasons = {reason.code: reason for reason in sales.reasons_for(closing.outcome)}
    problems = problems_in_closing(
        closing,
        currency=deal.currency,
        registered_on=timezone.localdate(deal.submitted_at) if deal.submitted_at else None,
        today=timezone.localdate(),
        known_reasons=reasons,
    )
    if problems:
        raise InvalidSale(problems)
    before, now = deal.stage, timezone.now()
    deal.stage = closing.outcome.value
    deal.closed_on, deal.closed_amount = closing.closed_on, closing.amount or 0
    deal.updated_at = deal.sale_updated_at = now
    deal.version += 1
    fields = ["stage", "closed_on", "closed_amount", "updated_at", "sale_updated_at", "version"]
    deal.save(update_fields=fields)
    chosen = [reasons[code] for code in closing.reasons]
    _write_closing(actor, deal, closing, before, chosen)
    _keep(actor, deal, [Change(SaleField.STAGE, before, deal.stage)], closing.note)
    release(deal, now)
    record(_ended(deal, closing, chosen), subject=deal, actor=actor, partner_id=deal.partner_id)
    cancel_appointments(deal, SALE_IS_STALE)
    return deal


def _write_closing(
    actor: Actor, deal: Deal, closing: Closing, before: str, reasons: list[CloseReason]
) -> None:
    row = SaleClosing.objects.create(
        deal=deal,
        outcome=closing.outcome,
        stage_before=before,
        competitor=closing.competitor.strip(),
        note=closing.note.strip(),
        closed_by_id=actor.user_id,
        who=actor.label[:200],
        at=deal.updated_at,
    )
    row.reasons.set(reasons)


def _ended(deal: Deal, closing: Closing, reasons: list[CloseReason]) -> object:
    customer, note = deal.customer_name, closing.note.strip()
    codes, day = [reason.code for reason in reasons], closing.closed_on
    if closing.outcome == DealStage.WON:
        amount = plain(closing.amount) if closing.amount is not None else ""
        return DealWon(customer, note, day, codes, amount, deal.currency)
    return DealLost(customer, note, day, codes, closing.competitor.strip())


def reopen_deal(*, actor: Actor, deal_id: int, why: str, version: int | None = None) -> Deal:
    """A sale that was closed by mistake goes on in the stage that it had. What is left of its
    protection runs again, unless somebody else has got the customer meanwhile.

    Partners may for 14 days, staff for 90. Raises TooLateToReopen, CustomerIsProtected,
    InvalidSale when `why` is empty, StaleEdit, NotInThisState, PermissionDenied, Http404;
    nothing changes then.
    """
    try:
        return _reopen(actor, deal_id, why, version)
    except IntegrityError as error:
        if "protection_never_overlaps" not in str(error):
            raise
    # Somebody was faster between our look and our write: look again, and say so.
    return _reopen(actor, deal_id, why, version)


@transaction.atomic
def _reopen(actor: Actor, deal_id: int, why: str, version: int | None) -> Deal:
    deal = access.deal_for_changing(actor, deal_id, Verb.REOPEN)
    require_version(deal, version)
    states.require(Verb.REOPEN, deal.status, deal.stage)
    closing = sales.standing_closing(deal)
    if closing is None or not sales.reopenable(actor, closing):
        raise TooLateToReopen
    if not why.strip():
        raise InvalidSale({"why": _("Say why, in a sentence.")})
    _protect_again(deal, closing)
    before, now = deal.stage, timezone.now()
    closing.reopened_at = now
    closing.save(update_fields=["reopened_at"])
    deal.stage, deal.closed_on, deal.closed_amount = closing.stage_before, None, None
    deal.updated_at = deal.sale_updated_at = now
    deal.version += 1
    fields = ["stage", "closed_on", "closed_amount", "updated_at", "sale_updated_at", "version"]
    deal.save(update_fields=fields)
    follow_protection(deal)
    _keep(actor, deal, [Change(SaleField.STAGE, before, deal.stage)], why)
    fact = DealReopened(deal.customer_name, why.strip(), before, deal.stage)
    record(fact, subject=deal, actor=actor, partner_id=deal.partner_id)
    remind_when_stale(deal)
    return deal


def _protect_again(deal: Deal, closing: SaleClosing) -> None:
    """Undoes what the closing released, and nothing that was released for another reason.

    Raises CustomerIsProtected, or IntegrityError when somebody is faster.
    """
    lock_customer(Customer.typed(deal.customer_name, deal.customer_domain, deal.customer_country))
    others = Protection.objects.filter(
        in_force(), account=deal.account, product_line=deal.product_line
    ).exclude(deal=deal)
    holder = others.select_related("deal", "partner").first()
    if holder is not None:
        raise CustomerIsProtected(holder)
    Protection.objects.filter(
        deal=deal, released_at=closing.at, period__endswith__gt=timezone.now()
    ).update(released_at=None)
