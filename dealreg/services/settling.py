"""What becomes of a registration by the verdict of the rules."""

import datetime as dt
from dataclasses import replace

from core.actor import system
from core.clock import database_now
from core.events import NewEvent
from core.inserting import insert
from dealreg import books
from dealreg.conflicts import Conflict
from dealreg.events import DealApproved, DealDeclined, DealSentBack, DealSentToReview
from dealreg.models import Deal, Decision
from dealreg.rules import states
from dealreg.rules.states import DecisionOrigin, Outcome
from dealreg.running_cases import running_case
from dealreg.services.answering import await_answer
from dealreg.services.judging import Judged
from dealreg.services.protecting import protect

# Kept in the record like the rules' messages to partners, and so in one language.
CASE_DECIDES = (
    "A conflict case decides who works with this customer, and so about your registration."
)


def left_to_case(deal: Deal, judged: Judged) -> Judged:
    """What the rules say, but no approval and no refusal while people decide in a conflict case.
    One query, for what was registered before. The caller holds the deal."""
    if judged.verdict.outcome not in {Outcome.APPROVE, Outcome.DECLINE} or not running_case(deal):
        return judged
    verdict = replace(judged.verdict, outcome=Outcome.REVIEW, message=CASE_DECIDES, reason="")
    return replace(judged, verdict=verdict, hint=None)


def mark_judged(deal: Deal, judged: Judged | None, now: dt.datetime) -> None:
    """Sets the deal's status by the verdict; without one it waits. The caller saves."""
    outcome = judged.verdict.outcome if judged else Outcome.REVIEW
    deal.status = states.STATUS_AFTER[outcome]
    deal.updated_at = now
    deal.version += 1
    if judged is not None and deal.status in states.DECIDED:
        deal.decided_at, deal.decided_by = now, judged.book.label


def write_decision(
    deal: Deal,
    judged: Judged,
    conflict: Conflict,
    now: dt.datetime,
    origin: DecisionOrigin = DecisionOrigin.RULE,
) -> Decision:
    """Stores what was decided, by which rule, from which facts."""
    decision = Decision(
        deal=deal,
        origin=origin,
        outcome=judged.verdict.outcome,
        book_id=judged.book.id,
        rule=judged.verdict.rule,
        reason=judged.verdict.reason,
        message=judged.verdict.message,
        conflict_level=conflict.surest.value,
        facts=books.facts_to_json(judged.facts),
        trace=books.trace_to_json(judged.verdict.trace),
        hint=books.hint_to_json(judged.hint),
        asked_for=list(judged.verdict.asks_for),
        decided_at=now,
    )
    insert(decision)
    deal.just_decided = decision
    return decision


def outcome_of(deal: Deal, judged: Judged, conflict: Conflict) -> NewEvent:
    """Does what the verdict means and answers with the fact to tell."""
    fact = _settled(deal, judged, conflict)
    # The partner's seller asked; it was the rules that decided.
    return NewEvent(fact, deal, deal.partner_id, actor=system(judged.book.label))


def _settled(deal: Deal, judged: Judged, conflict: Conflict) -> object:
    verdict, decided_by, customer = judged.verdict, judged.book.label, deal.customer_name
    match verdict.outcome:
        case Outcome.APPROVE:
            until = protect(deal, deal.decided_at or database_now(), judged.book)
            return DealApproved(customer, verdict.message, decided_by, verdict.rule, until)
        case Outcome.DECLINE:
            return DealDeclined(customer, verdict.message, decided_by, verdict.rule, verdict.reason)
        case Outcome.ASK:
            await_answer(deal, deal.submitted_at or database_now())
            return DealSentBack(
                customer, verdict.message, decided_by, verdict.rule, list(verdict.asks_for)
            )
        case _:
            return DealSentToReview(customer, verdict.message, verdict.rule, conflict.surest.value)
