"""While a conflict case runs, nobody decides about its registrations behind its back."""

import pytest
from django.urls import reverse

from core.models import Event
from dealreg import services
from dealreg.desk import review_queue
from dealreg.models import ConflictCase, Deal, Decision, Protection
from dealreg.rules.cases import CaseReason, SideOutcome
from dealreg.rules.states import DeclineReason
from dealreg.services import CaseRuns, cases
from dealreg.services.together import Chosen

pytestmark = pytest.mark.django_db
LOSES = cases.SideDecision(SideOutcome.LOSES, "Nobody shows a project yet.")


@pytest.fixture
def mara(cast):
    return cast.actor(cast.mara)


@pytest.fixture
def beta(cast, registered) -> Deal:
    """Beta's registration waits; Alpha has the customer."""
    registered()
    deal: Deal = registered(cast.bo, customer_name="Nordwind Logistics AG")
    return deal


@pytest.fixture
def case(mara, beta) -> ConflictCase:
    return cases.open_case(actor=mara, deal_id=beta.pk, why="Both met the buyer.")


def approve(mara, deal):
    return services.approve_deal(actor=mara, deal_id=deal.pk)


def decline(mara, deal):
    return services.decline_deal(
        actor=mara, deal_id=deal.pk, reason=DeclineReason.OTHER, message="Not now."
    )


def state_of(deal: Deal) -> tuple[str, int, int, int]:
    deal.refresh_from_db()
    told = Event.objects.filter(kind__in=["dealreg.deal_approved", "dealreg.deal_declined"])
    decisions = Decision.objects.filter(deal=deal).count()
    return deal.status, deal.version, decisions, told.filter(subject_id=deal.pk).count()


def test_a_registration_in_a_case_is_neither_approved_nor_declined(mara, beta, case):
    Protection.objects.all().delete()
    before = state_of(beta)
    for act in (approve, decline):
        with pytest.raises(CaseRuns, match=case.reference) as refusal:
            act(mara, beta)
        assert refusal.value.case == case
    assert state_of(beta) == before
    assert not Protection.objects.exists()


def test_together_with_others_it_is_left_and_says_why(mara, beta, case):
    Protection.objects.all().delete()
    Deal.objects.exclude(pk=beta.pk).update(status="withdrawn")
    before = state_of(beta)
    [answer] = services.approve_together(actor=mara, chosen=[Chosen(beta.pk, beta.version)])
    assert case.reference in answer.refusal
    assert state_of(beta) == before


def test_the_rules_leave_it_to_the_case_too(cast, mara, beta, case):
    services.send_back_deal(
        actor=mara, deal_id=beta.pk, asks_for=["description"], message="What is it about?"
    )
    Deal.objects.exclude(pk=beta.pk).update(status="withdrawn")
    Protection.objects.all().delete()
    services.complete_deal(
        actor=cast.actor(cast.bo), deal_id=beta.pk, changes={"description": "A move."}
    )
    beta.refresh_from_db()
    newest = beta.decisions.latest("id")
    assert (beta.status, newest.outcome, newest.rule) == ("in_review", "review", "approve")
    assert "conflict case" in newest.message.lower()
    assert not Protection.objects.filter(deal=beta).exists()


def test_after_the_case_the_desk_decides_again(mara, beta, case):
    decisions = {side.pk: LOSES for side in case.sides.all()}
    cases.decide_case(
        actor=mara,
        case_id=case.pk,
        decisions=decisions,
        reason=CaseReason.NONE_QUALIFIED,
        grounds="Neither showed a project.",
    )
    beta.refresh_from_db()
    assert beta.status == "declined"
    Deal.objects.filter(pk=beta.pk).update(status="in_review")
    assert services.approve_deal(actor=mara, deal_id=beta.pk).status == "approved"


def test_the_desk_names_the_case_and_leads_to_it(client, cast, beta, case):
    client.force_login(cast.mara)
    there = reverse("admin:dealreg_conflictcase_change", args=[case.pk])
    page = client.get(reverse("admin:dealreg_deal_review", args=[beta.pk])).content.decode()
    approve = reverse("admin:dealreg_deal_approve", args=[beta.pk])
    assert (approve in page, there in page, case.reference in page) == (False, True, True)
    sent = {"approve-version": beta.version, "approve-note": "ok"}
    refused = client.post(approve, sent)
    assert refused.status_code == 409
    assert there in refused.content.decode()
    assert state_of(beta)[0] == "in_review"


def test_the_queue_shows_the_case_and_offers_no_box(client, cast, mara, beta, case):
    [line] = review_queue(mara).deals
    assert getattr(line, "case") == case.pk  # noqa: B009
    client.force_login(cast.mara)
    page = client.get(reverse("admin:dealreg_deal_queue")).content.decode()
    assert case.reference in page
    assert f'value="{beta.pk}:' not in page
