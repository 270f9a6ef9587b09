"""When conflict cases open and clocks run, and who is told what of a case: a side of its own side,
the vendor's people of the case."""

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.actor import system
from core.bidi import isolated_later
from core.events import RecordedEvent, hears
from core.models import User
from core.notify import notify
from core.spoken import day_later
from dealreg.case_events import (
    CaseAppealed,
    CaseAssigned,
    CaseEscalated,
    CaseOpened,
    DecisionDueSoon,
    EvidenceAsked,
    EvidenceDueSoon,
    EvidenceOver,
    SideDecided,
    SideJoined,
    StatementMade,
)
from dealreg.events import (
    DealApproved,
    DealDeclined,
    DealSentBack,
    DealSentToReview,
    DealWithdrawn,
)
from dealreg.handlers import readers_of
from dealreg.models import CaseSide, ConflictCase, Deal
from dealreg.rules.cases import SideOutcome
from dealreg.services.cases import open_case_by_rule
from dealreg.services.clocks import keep_clocks
from partners import queries as partners

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


# How long registrations wait for a person: the clock starts when one is sent to review and stops
# with whatever comes next.


@hears(DealSentToReview, name="dealreg.start_clock")
def start_clock(event: RecordedEvent[DealSentToReview]) -> None:
    measure(event.subject_id)


@hears(DealApproved, name="dealreg.stop_clock_approved")
def stop_clock_approved(event: RecordedEvent[DealApproved]) -> None:
    measure(event.subject_id)


@hears(DealDeclined, name="dealreg.stop_clock_declined")
def stop_clock_declined(event: RecordedEvent[DealDeclined]) -> None:
    measure(event.subject_id)


@hears(DealSentBack, name="dealreg.stop_clock_sent_back")
def stop_clock_sent_back(event: RecordedEvent[DealSentBack]) -> None:
    measure(event.subject_id)


@hears(DealWithdrawn, name="dealreg.stop_clock_withdrawn")
def stop_clock_withdrawn(event: RecordedEvent[DealWithdrawn]) -> None:
    measure(event.subject_id)


def measure(deal_id: int) -> None:
    keep_clocks(actor=system("service levels"), deal_id=deal_id)


@hears(DealSentToReview, name="dealreg.open_case")
def open_case_where_the_rule_says_so(event: RecordedEvent[DealSentToReview]) -> None:
    """A rule of the book that decided may ask for a conflict case."""
    decision = Deal.objects.get(pk=event.subject_id).decisions.order_by("-id").first()
    if decision is None or decision.book is None or decision.rule != event.payload.rule:
        return
    rule = decision.book.rules.filter(code=decision.rule).first()
    if rule is not None and rule.opens_case:
        why = f"Rule “{rule.code}”, conflict level {decision.conflict_level}."
        open_case_by_rule(actor=system(event.actor_label), deal_id=event.subject_id, why=why)


# --- the sides ------------------------------------------------------------------------------


@hears(SideJoined, name="dealreg.tell_side_of_case")
def tell_side_of_case(event: RecordedEvent[SideJoined]) -> None:
    """Whoever asked for the case knows of it."""
    if event.payload.own:
        return
    tell_side(
        event,
        _("{customer}: another registration concerns this customer"),
        _("We decide who works with it. Please tell us what speaks for your company."),
    )


@hears(EvidenceAsked, name="dealreg.tell_side_of_evidence_asked")
def tell_side_of_evidence_asked(event: RecordedEvent[EvidenceAsked]) -> None:
    tell_side(event, _("{customer}: please show us evidence"), event.payload.note)


@hears(EvidenceDueSoon, name="dealreg.remind_side_of_evidence")
def remind_side(event: RecordedEvent[EvidenceDueSoon]) -> None:
    title = _("{customer}: please show us your evidence by {day}")
    body = event.payload.note or _("Please tell us what speaks for your company.")
    tell_side(event, title, body, day=day_later(event.payload.until))


@hears(SideDecided, name="dealreg.tell_side_of_decision")
def tell_side_of_decision(event: RecordedEvent[SideDecided]) -> None:
    outcome = SideOutcome(event.payload.outcome)
    title = {
        SideOutcome.KEEPS: _("{customer}: you keep the customer"),
        SideOutcome.GETS: _("{customer}: you get the customer"),
        SideOutcome.SHARES: _("{customer}: you share the customer"),
        SideOutcome.LOSES: _("{customer}: you do not get the customer"),
    }[outcome]
    tell_side(event, title, event.payload.note)


def tell_side(
    event: RecordedEvent[SideJoined]
    | RecordedEvent[EvidenceAsked]
    | RecordedEvent[EvidenceDueSoon]
    | RecordedEvent[SideDecided],
    title: "StrOrPromise",
    body: "StrOrPromise",
    **words: "StrOrPromise",
) -> None:
    side = CaseSide.objects.select_related("deal").get(pk=event.subject_id)
    notify(
        event,
        readers_of(side.deal),
        title=format_lazy(title, customer=isolated_later(side.deal.customer_name), **words),
        body=body,
        url=reverse("case_detail", args=[side.case_id]),
    )


# --- the vendor's people --------------------------------------------------------------------


@hears(CaseOpened, name="dealreg.tell_owner_of_case")
def tell_owner_of_case(event: RecordedEvent[CaseOpened]) -> None:
    tell_staff(event, _("{customer}: a conflict case waits for you"), event.payload.note)


@hears(CaseAssigned, name="dealreg.tell_new_owner_of_case")
def tell_new_owner_of_case(event: RecordedEvent[CaseAssigned]) -> None:
    tell_staff(event, _("{customer}: the conflict case is yours now"))


@hears(EvidenceOver, name="dealreg.tell_owner_of_evidence_over")
def tell_owner_of_evidence_over(event: RecordedEvent[EvidenceOver]) -> None:
    tell_staff(event, _("{customer}: the time for evidence is over, please decide"))


@hears(DecisionDueSoon, name="dealreg.remind_owner_of_decision")
def remind_owner(event: RecordedEvent[DecisionDueSoon]) -> None:
    tell_staff(event, _("{customer}: a decision in the conflict case is due soon"))


@hears(CaseEscalated, name="dealreg.tell_next_of_escalation")
def tell_next_of_escalation(event: RecordedEvent[CaseEscalated]) -> None:
    people = list(User.objects.filter(pk__in=event.payload.told, is_active=True))
    title = _("{customer}: the conflict case is undecided")
    tell_staff(event, title, event.payload.note, people=people)


@hears(StatementMade, name="dealreg.tell_owner_of_statement")
def tell_owner_of_statement(event: RecordedEvent[StatementMade]) -> None:
    tell_staff(event, _("{customer}: a partner explained its side"), case_id=event.payload.case_id)


@hears(CaseAppealed, name="dealreg.tell_owner_of_appeal")
def tell_owner_of_appeal(event: RecordedEvent[CaseAppealed]) -> None:
    """Its owner is by now somebody who has not decided before."""
    tell_staff(event, _("{customer}: a partner appealed"), case_id=event.payload.case_id)


def tell_staff(
    event: RecordedEvent[CaseOpened]
    | RecordedEvent[CaseAssigned]
    | RecordedEvent[DecisionDueSoon]
    | RecordedEvent[EvidenceOver]
    | RecordedEvent[CaseEscalated]
    | RecordedEvent[StatementMade]
    | RecordedEvent[CaseAppealed],
    title: "StrOrPromise",
    body: str = "",
    *,
    people: list[User] | None = None,
    case_id: int | None = None,
) -> None:
    case = ConflictCase.objects.select_related("account", "owner", "region").get(
        pk=case_id or event.subject_id
    )
    if people is None:
        people = [case.owner] if case.owner else partners.nearest_managers(case.region.path)
    notify(
        event,
        people,
        title=format_lazy(title, customer=isolated_later(case.account.name)),
        body=body,
        url=reverse("admin:dealreg_conflictcase_change", args=[case.pk]),
    )
