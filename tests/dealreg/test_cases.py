"""Conflict cases: who opens them, what a side and the vendor's people do, what a decision does."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.utils import timezone

from core import appointments, delivery
from core.actor import StaffRole, system
from core.models import Appointment, Event, Notification, StoredFile
from dealreg import services
from dealreg.models import (
    CaseEscalation,
    CaseSide,
    CaseStatement,
    ConflictCase,
    Deal,
    Protection,
    Rule,
    RuleBook,
)
from dealreg.rules.cases import (
    TRANSITIONS,
    CaseReason,
    CaseStatus,
    CaseVerb,
    ImpossibleDecision,
    NotInThisCaseState,
    SideOutcome,
)
from dealreg.rules.clocks import Who
from dealreg.rules.states import DealStatus, DeclineReason
from dealreg.services import cases
from partners.models import Holiday, StaffDuty
from tests.cast import person

pytestmark = pytest.mark.django_db
KEEPS, GETS, SHARES, LOSES = (
    SideOutcome.KEEPS,
    SideOutcome.GETS,
    SideOutcome.SHARES,
    SideOutcome.LOSES,
)


@pytest.fixture
def mara(cast):
    return cast.actor(cast.mara)


@pytest.fixture
def otto(cast):
    return cast.actor(cast.otto)


@pytest.fixture
def rivals(cast, registered) -> tuple[Deal, Deal]:
    """Alpha has the customer, Beta's registration waits."""
    alpha = registered()
    beta = registered(cast.bo, customer_name="Nordwind Logistics AG")
    assert (alpha.status, beta.status) == (DealStatus.APPROVED, DealStatus.IN_REVIEW)
    return alpha, beta


@pytest.fixture
def case(mara, rivals) -> ConflictCase:
    return cases.open_case(actor=mara, deal_id=rivals[1].pk, why="Both met the buyer.")


def side_of(case, partner):
    return case.sides.get(partner=partner)


def decided(case, actor, *outcomes, reason=CaseReason.PROGRESS, **more) -> ConflictCase:
    """Decides for the sides in their order."""
    said = {
        side.pk: cases.SideDecision(outcome, f"Told {side.partner_id}.")
        for side, outcome in zip(case.sides.order_by("deal_id"), outcomes, strict=True)
    }
    return cases.decide_case(
        actor=actor, case_id=case.pk, decisions=said, reason=reason, grounds="As seen.", **more
    )


def statuses(*deals) -> list[str]:
    return [Deal.objects.get(pk=deal.pk).status for deal in deals]


def holder(deal) -> int | None:
    held = Protection.objects.filter(account=deal.account, released_at__isnull=True).first()
    return held.deal_id if held else None


# --- opening --------------------------------------------------------------------------------


def test_a_channel_manager_opens_a_case_with_a_side_for_each_partner(cast, case, rivals):
    assert (case.status, case.owner, case.conflict_level) == ("open", cast.mara, "same")
    assert {side.partner: side.deal for side in case.sides.all()} == {
        cast.alpha: rivals[0],
        cast.beta: rivals[1],
    }
    assert Appointment.objects.filter(subject_id=case.pk, kind="dealreg.case_step").count() == 4


def test_a_case_is_due_in_two_business_days_of_the_region(cast, mara, rivals):
    today = timezone.localdate()
    for day in range(1, 15):
        Holiday.objects.create(region=cast.alpha.region, day=today + dt.timedelta(day), name="Off")
    case = cases.open_case(actor=mara, deal_id=rivals[1].pk, why="Both met the buyer.")
    assert case.due_at > timezone.now() + dt.timedelta(days=14)


def test_a_second_case_about_the_customer_is_the_same_one(mara, case, rivals):
    again = cases.open_case(actor=mara, deal_id=rivals[0].pk, why="Once more.")
    assert again.pk == case.pk
    assert (ConflictCase.objects.count(), CaseSide.objects.count()) == (1, 2)


def test_a_rule_opens_a_case(cast, rules, registered):
    book = RuleBook.objects.create(version=99, title="Cases")
    Rule.objects.create(
        book=book, position=1, code="conflict", outcome="review", opens_case=True,
        conditions={"all": [{"fact": "conflict.level", "is": "same"}]}, message="We look.",
    )  # fmt: skip
    Rule.objects.create(book=book, position=2, code="yes", outcome="approve", message="Yes.")
    RuleBook.objects.filter(pk=book.pk).update(
        status="published", effective_from=timezone.now() - dt.timedelta(seconds=1)
    )
    registered()
    registered(cast.bo, customer_name="Nordwind Logistics AG")
    delivery.deliver_due()

    case = ConflictCase.objects.get()
    assert (case.origin, case.conflict_level, case.sides.count()) == ("rule", "same", 2)
    delivery.deliver_due()
    assert Notification.objects.filter(user=cast.jonas, title__contains="another registration")


def test_a_partner_contests_a_declined_registration_once(cast, mara, rivals):
    alpha, beta = rivals
    services.decline_deal(
        actor=mara, deal_id=beta.pk, reason=DeclineReason.PROTECTED, message="Taken."
    )
    bo = cast.actor(cast.bo)
    case = cases.contest_deal(actor=bo, deal_id=beta.pk, text="The buyer called us first.")

    assert (case.origin, case.opened_by_partner) == ("partner", cast.beta)
    assert side_of(case, cast.beta).statements.get().text == "The buyer called us first."
    with pytest.raises(cases.CaseRefused, match="already"):
        cases.contest_deal(actor=bo, deal_id=beta.pk, text="Once more.")
    with pytest.raises(Http404):
        cases.contest_deal(actor=bo, deal_id=alpha.pk, text="Not mine.")


def test_contesting_is_bounded(cast, registered, monkeypatch):
    monkeypatch.setattr("dealreg.rules.cases.MOST_OPEN_CONTESTS", 1)
    jonas = cast.actor(cast.jonas)
    one = registered(amount=Decimal(61_000))
    other = registered(
        amount=Decimal(61_000), customer_name="Halcyon", customer_domain="halcyon.example"
    )
    cases.contest_deal(actor=jonas, deal_id=one.pk, text="Please look.")
    with pytest.raises(cases.CaseRefused, match="1 undecided"):
        cases.contest_deal(actor=jonas, deal_id=other.pk, text="This too.")
    assert ConflictCase.objects.count() == 1


def test_an_approved_registration_is_not_contested(cast, registered):
    with pytest.raises(cases.CaseRefused):
        cases.contest_deal(actor=cast.actor(cast.jonas), deal_id=registered().pk, text="Still.")
    assert not ConflictCase.objects.exists()


# --- deciding -------------------------------------------------------------------------------


def test_the_other_side_gets_the_customer_without_overlap(case, mara, rivals):
    alpha, beta = rivals
    decided(case, mara, LOSES, GETS)

    assert statuses(alpha, beta) == ["declined", "approved"]
    assert holder(beta) == beta.pk
    case.refresh_from_db()
    assert (case.status, case.reason, case.minutes, case.in_time) == (
        "decided", "progress", 0, True,
    )  # fmt: skip
    assert {side.partner_id: side.outcome for side in case.sides.all()} == {
        alpha.partner_id: "loses",
        beta.partner_id: "gets",
    }


def test_who_has_the_customer_keeps_it(case, mara, rivals):
    before = Protection.objects.get(deal=rivals[0]).period
    decided(case, mara, KEEPS, LOSES)

    assert statuses(*rivals) == ["approved", "declined"]
    assert Protection.objects.get().period == before


def test_both_share_it_and_the_first_holds_it(case, mara, rivals):
    decided(case, mara, SHARES, SHARES)

    assert statuses(*rivals) == ["approved", "approved"]
    assert holder(rivals[0]) == rivals[0].pk


def test_nobody_gets_it(case, mara, rivals):
    decided(case, mara, LOSES, LOSES, reason=CaseReason.NONE_QUALIFIED)

    assert statuses(*rivals) == ["declined", "declined"]
    assert holder(rivals[0]) is None


@pytest.mark.parametrize(
    "outcomes", [(KEEPS, GETS), (KEEPS, SHARES), (SHARES, LOSES), (GETS, LOSES), (LOSES, KEEPS)]
)
def test_impossible_decisions_change_nothing(case, mara, rivals, outcomes):
    before = Event.objects.count()
    with pytest.raises(ImpossibleDecision):
        decided(case, mara, *outcomes)
    assert statuses(*rivals) == ["approved", "in_review"]
    assert (ConflictCase.objects.get().status, Event.objects.count()) == ("open", before)


def test_a_stale_page_decides_nothing(case, mara, rivals):
    with pytest.raises(cases.StaleCase):
        decided(case, mara, LOSES, GETS, version=case.version + 1)
    assert statuses(*rivals) == ["approved", "in_review"]


def test_a_customer_that_is_kept_for_somebody_else_is_not_given_away(case, mara, rivals, cast):
    other = rivals[0]
    Protection.objects.filter(deal=other).delete()
    stranger = Deal.objects.create(
        partner=cast.beta, account=other.account, product_line=other.product_line,
        customer_name="Nordwind", status="approved", submitted_at=timezone.now(),
        decided_at=timezone.now(), decided_by="Import",
    )  # fmt: skip
    from dealreg.services.protecting import book_for, protect

    protect(stranger, timezone.now(), book_for(stranger))
    with pytest.raises(services.CustomerIsProtected):
        decided(case, mara, GETS, LOSES)
    assert statuses(*rivals) == ["approved", "in_review"]


# --- appeal ---------------------------------------------------------------------------------


def test_an_appeal_is_decided_by_somebody_else_and_is_final(cast, case, mara, otto, rivals):
    alpha, beta = rivals
    decided(case, mara, LOSES, GETS)
    jonas = cast.actor(cast.jonas)
    cases.appeal_case(actor=jonas, case_id=case.pk, text="We have a signed letter.")

    case.refresh_from_db()
    assert (case.status, case.owner) == ("appealed", cast.otto)
    with pytest.raises(cases.CaseRefused, match="Somebody else"):
        decided(case, mara, GETS, LOSES)
    decided(case, otto, GETS, LOSES, reason=CaseReason.EVIDENCE)
    assert statuses(alpha, beta) == ["approved", "declined"]
    assert holder(alpha) == alpha.pk
    case.refresh_from_db()
    assert (case.status, case.decided_by, case.appeal_decided_by) == (
        "closed", cast.mara, cast.otto,
    )  # fmt: skip
    with pytest.raises(NotInThisCaseState):
        cases.appeal_case(actor=cast.actor(cast.bo), case_id=case.pk, text="And we?")


def test_the_database_refuses_one_judge_for_both(case, cast, mara):
    decided(case, mara, LOSES, GETS)
    now = timezone.now()
    with pytest.raises(IntegrityError, match="case_appeal_to_somebody_else"), transaction.atomic():
        ConflictCase.objects.filter(pk=case.pk).update(
            status="closed", closed_at=now, appealed_at=now, appeal_decided_at=now,
            appeal_decided_by=cast.mara,
        )  # fmt: skip


def test_who_got_the_customer_has_nothing_to_appeal(cast, case, mara):
    decided(case, mara, LOSES, GETS)
    with pytest.raises(cases.AppealRefused, match="favour"):
        cases.appeal_case(actor=cast.actor(cast.bo), case_id=case.pk, text="More!")


def test_too_late_for_an_appeal_by_the_databases_clock(cast, case, mara):
    decided(case, mara, LOSES, GETS)
    ConflictCase.objects.filter(pk=case.pk).update(
        appeal_until=timezone.now() - dt.timedelta(seconds=1)
    )
    with pytest.raises(cases.AppealRefused, match="over"):
        cases.appeal_case(actor=cast.actor(cast.jonas), case_id=case.pk, text="Late.")
    assert ConflictCase.objects.get().status == "decided"


# --- statements -----------------------------------------------------------------------------


def test_a_side_states_and_shows(cast, case):
    upload = SimpleUploadedFile("letter.csv", b"signed;1\n")
    cases.add_statement(
        actor=cast.actor(cast.bo), case_id=case.pk, text="We have a letter.", uploads=[upload]
    )
    side = side_of(case, cast.beta)
    assert CaseStatement.objects.get().side == side
    assert cases.evidence_of(side).get().name == "letter.csv"
    event = Event.objects.get(kind="dealreg.case_statement_made")
    assert (event.partner_id, event.subject_id) == (cast.beta.pk, side.pk)


def test_an_empty_statement_is_refused(cast, case):
    with pytest.raises(cases.StatementRefused):
        cases.add_statement(actor=cast.actor(cast.bo), case_id=case.pk, text=" ")
    assert not CaseStatement.objects.exists()


def test_the_case_goes_on_once_everybody_who_was_asked_has_answered(cast, case, mara):
    sides = [side_of(case, cast.alpha).pk, side_of(case, cast.beta).pk]
    cases.ask_for_evidence(actor=mara, case_id=case.pk, side_ids=sides, text="Show the quote.")
    cases.add_statement(actor=cast.actor(cast.bo), case_id=case.pk, text="Here.")
    assert ConflictCase.objects.get().status == "waiting"
    cases.add_statement(actor=cast.actor(cast.jonas), case_id=case.pk, text="And ours.")
    assert ConflictCase.objects.get().status == "open"
    assert not Appointment.objects.filter(kind="dealreg.case_evidence_over").exists()


def test_who_asked_for_a_case_takes_it_back(cast, registered):
    jonas = cast.actor(cast.jonas)
    deal = registered(amount=Decimal(61_000))
    case = cases.contest_deal(actor=jonas, deal_id=deal.pk, text="Please look.")
    cases.take_back_case(actor=jonas, case_id=case.pk)
    assert ConflictCase.objects.get().status == "withdrawn"
    assert not Appointment.objects.exclude(state="done").exists()


def test_only_who_asked_for_it(cast, case):
    with pytest.raises(cases.StatementRefused):
        cases.take_back_case(actor=cast.actor(cast.jonas), case_id=case.pk)
    assert ConflictCase.objects.get().status == "open"


# --- who may --------------------------------------------------------------------------------

ACTS = {
    CaseVerb.STATE: lambda actor, case: cases.add_statement(
        actor=actor, case_id=case.pk, text="So."
    ),
    CaseVerb.WITHDRAW: lambda actor, case: cases.take_back_case(actor=actor, case_id=case.pk),
    CaseVerb.APPEAL: lambda actor, case: cases.appeal_case(
        actor=actor, case_id=case.pk, text="No."
    ),
    CaseVerb.ASSIGN: lambda actor, case: cases.assign_case(
        actor=actor, case_id=case.pk, user_id=case.otto
    ),
    CaseVerb.ASK: lambda actor, case: cases.ask_for_evidence(
        actor=actor, case_id=case.pk, side_ids=[case.sides.first().pk], text="Show."
    ),
    CaseVerb.ESCALATE: lambda actor, case: cases.escalate_case(
        actor=actor, case_id=case.pk, who=Who.OPS, why="Stuck."
    ),
    CaseVerb.DECIDE: lambda actor, case: decided(case, actor, KEEPS, LOSES),
    CaseVerb.DECIDE_APPEAL: lambda actor, case: decided(case, actor, KEEPS, LOSES),
}
STAFF = {"mara", "otto"}
MAY = {
    CaseVerb.STATE: {"jonas", "bo"},
    CaseVerb.WITHDRAW: {"bo"},
    CaseVerb.APPEAL: {"jonas"},
    CaseVerb.ASSIGN: STAFF,
    CaseVerb.ASK: STAFF,
    CaseVerb.ESCALATE: STAFF,
    CaseVerb.DECIDE: STAFF,
    CaseVerb.DECIDE_APPEAL: {"otto"},
}
REFUSALS = (
    Http404,
    PermissionDenied,
    NotInThisCaseState,
    cases.CaseRefused,
    cases.StatementRefused,
    cases.AppealRefused,
)


def put_into(case, status, cast):
    """The case in a state, as if it had gone there: contested by Beta, decided by Mara against
    Alpha."""
    now = timezone.now()
    values = {"status": status, "opened_by_partner": cast.beta}
    if status in {"decided", "appealed", "closed"}:
        values |= {
            "decided_at": now, "decided_by": cast.mara, "minutes": 1, "in_time": True,
            "reason": "other", "appeal_until": now + dt.timedelta(days=1),
        }  # fmt: skip
    if status == "appealed":
        values |= {"appealed_at": now, "appealed_by": side_of(case, cast.alpha)}
    if status in {"closed", "withdrawn"}:
        values |= {"closed_at": now}
    ConflictCase.objects.filter(pk=case.pk).update(**values)
    CaseSide.objects.filter(case=case, partner=cast.alpha).update(outcome="loses")
    CaseSide.objects.filter(case=case, partner=cast.beta).update(outcome="gets")
    case.refresh_from_db()
    case.otto = cast.otto.pk
    return case


def state() -> tuple[object, ...]:
    return (
        Event.objects.count(),
        CaseStatement.objects.count(),
        CaseEscalation.objects.count(),
        StoredFile.objects.count(),
        list(ConflictCase.objects.values()),
        list(CaseSide.objects.order_by("pk").values()),
        list(Deal.objects.order_by("pk").values("pk", "status", "version")),
    )


@pytest.mark.parametrize("status", list(CaseStatus))
@pytest.mark.parametrize("verb", list(ACTS))
def test_every_state_verb_and_role(cast, case, status, verb):
    rita = person("Rita", staff=True)
    apac = cast.alpha.region.__class__.objects.create(code="APAC", name="APAC", path="APAC")
    StaffDuty.objects.create(user=rita, role=StaffRole.CHANNEL_MANAGER.value, region=apac)
    people = {
        name: cast.actor(getattr(cast, name))
        for name in ("jonas", "chiara", "bo", "mara", "otto", "olga")
    } | {"rita": cast.actor(rita)}  # fmt: skip
    put_into(case, status, cast)
    before, done = state(), set()
    for name, actor in people.items():
        point = transaction.savepoint()
        try:
            ACTS[verb](actor, case)
        except REFUSALS:
            assert state() == before, f"{name} left something"
        else:
            done.add(name)
        transaction.savepoint_rollback(point)
        case.refresh_from_db()
    allowed = MAY[verb] if status in TRANSITIONS[verb] else set()
    # One service decides the case and the appeal.
    if verb == CaseVerb.DECIDE and status == CaseStatus.APPEALED:
        allowed = MAY[CaseVerb.DECIDE_APPEAL]
    if verb == CaseVerb.DECIDE_APPEAL and status in TRANSITIONS[CaseVerb.DECIDE]:
        allowed = MAY[CaseVerb.DECIDE]
    assert done == allowed


def test_a_token_needs_the_scope(cast, case):
    bo = replace(cast.actor(cast.bo), token_id=1, scopes=frozenset({"cases:read"}))
    with pytest.raises(PermissionDenied):
        cases.add_statement(actor=bo, case_id=case.pk, text="So.")


def test_a_rule_case_needs_the_portal_itself(mara, rivals):
    with pytest.raises(PermissionDenied):
        cases.open_case_by_rule(actor=mara, deal_id=rivals[1].pk, why="I say so.")
    again = cases.open_case_by_rule(actor=system("test"), deal_id=rivals[1].pk, why="A rule.")
    assert again is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM dealreg_conflictcase")
        assert cursor.fetchone() == (1,)
    assert appointments.all_appointment_kinds()
