"""A partner's life: every change of status by the table, and the checklist that lets it go."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core import appointments, fsck
from core.actor import StaffRole
from core.models import Event, OutgoingMail
from dealreg.models import Deal, Protection
from dealreg.services import save_draft
from partners.models import Membership, Offboarding, StatusMove
from partners.queries import actor_for
from partners.registries.offboarding import step_named
from partners.rules import PartnerStatus
from partners.rules.lifecycle import (
    OffboardingState,
    OffboardingVerb,
    needs_reason,
    offboarding_after,
    who_may_move,
)
from partners.services import change_status, offboarding
from partners.services.lifecycle import LifecycleRefused
from tests.dealreg.conftest import asking as asking
from tests.dealreg.conftest import registered as registered

pytestmark = pytest.mark.django_db
ROLES = {"mara": StaffRole.CHANNEL_MANAGER, "otto": StaffRole.OPS}


@pytest.mark.parametrize("old", PartnerStatus.values)
@pytest.mark.parametrize("who", ["mara", "otto", "ada", "bo"])
def test_every_status_by_every_role_as_the_table_says(cast, old, who):
    for new in (one for one in PartnerStatus if one != old):
        type(cast.alpha).objects.filter(pk=cast.alpha.pk).update(status=old)
        before = Event.objects.count()
        may = ROLES.get(who) in who_may_move(old, new)
        actor = actor_for(getattr(cast, who))
        try:
            change_status(actor=actor, partner_id=cast.alpha.pk, status=new, note="Because")
        except (LifecycleRefused, PermissionDenied):
            assert (may, Event.objects.count()) == (False, before), (old, new)
        else:
            assert may, (old, new)
            cast.alpha.refresh_from_db()
            assert cast.alpha.status == new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("active", "suspended"),
        ("active", "at_risk"),
        ("suspended", "active"),
        ("offboarded", "onboarding"),
    ],
)
def test_what_the_partner_must_understand_needs_a_reason(cast, old, new):
    assert needs_reason(old, new)
    type(cast.alpha).objects.filter(pk=cast.alpha.pk).update(status=old)
    with pytest.raises(LifecycleRefused):
        change_status(
            actor=actor_for(cast.otto), partner_id=cast.alpha.pk, status=PartnerStatus(new)
        )
    assert not StatusMove.objects.exists()


def suspend(cast):
    suspended = PartnerStatus.SUSPENDED
    change_status(
        actor=actor_for(cast.otto), partner_id=cast.alpha.pk, status=suspended, note="Unpaid"
    )


def test_each_change_is_dated_with_reason_and_who(cast):
    suspend(cast)

    move = StatusMove.objects.get()
    assert (move.old, move.new, move.reason) == ("active", "suspended", "Unpaid")
    assert (move.moved_by, move.moved_at is None) == (cast.otto, False)


def test_a_suspended_partner_reads_and_writes_nothing(client, cast, registered, asking):
    deal = registered()
    suspend(cast)
    client.force_login(cast.jonas)

    assert client.get(f"/deals/{deal.pk}/").status_code == 200
    assert "Unpaid" in client.get("/company/").content.decode()
    with pytest.raises(PermissionDenied):
        save_draft(actor=actor_for(cast.jonas), request=asking())
    assert client.post(f"/deals/{deal.pk}/withdraw/", {"version": deal.version}).status_code == 403
    assert Deal.objects.get().status == "approved"


def test_after_its_return_it_writes_again(cast, registered):
    suspend(cast)
    change_status(
        actor=actor_for(cast.otto),
        partner_id=cast.alpha.pk,
        status=PartnerStatus.ACTIVE,
        note="Paid",
    )
    assert registered().status == "approved"


@pytest.fixture
def leaving(cast, registered):
    """Alpha with an open registration, which operations begin to let go."""
    registered()
    return offboarding.start_offboarding(
        actor=actor_for(cast.otto), partner_id=cast.alpha.pk, reason="Sold their business"
    )


def steps(row):
    return {step.name: step.state for step in row.steps.all()}


def test_the_checklist_acts(cast, leaving):
    appointments.keep_due()

    leaving.refresh_from_db()
    assert leaving.state == "ready"
    assert steps(leaving) == {
        "partners.close_access": "done",
        "partners.end_distribution": "done",
        "partners.leave_directory": "done",
        "partners.close_plans": "done",
        "partners.settle_todos": "done",
        "dealreg.close_deals": "done",
        "dealreg.return_leads": "done",
        "dealreg.release_protections": "done",
        "partners.settle_funds": "not_applicable",
        "partners.keep_history": "done",
    }
    assert Deal.objects.get().status == "withdrawn"
    assert not Protection.objects.filter(released_at__isnull=True).exists()
    assert actor_for(cast.jonas).partner_id is None
    told = set(OutgoingMail.objects.filter(state="waiting").values_list("to_address", flat=True))
    assert told == {cast.jonas.email, cast.chiara.email, cast.ada.email}


def test_only_the_last_step_offboards(cast, leaving):
    appointments.keep_due()
    cast.alpha.refresh_from_db()
    assert cast.alpha.status == "active"
    offboarding.finish_offboarding(actor=actor_for(cast.otto), offboarding_id=leaving.pk)

    cast.alpha.refresh_from_db()
    assert cast.alpha.status == "offboarded"
    assert StatusMove.objects.get().reason == "Sold their business"


def test_halted_nothing_more_is_done(cast, leaving):
    offboarding.do_next_step(offboarding_id=leaving.pk)
    offboarding.halt_offboarding(actor=actor_for(cast.otto), offboarding_id=leaving.pk)
    appointments.keep_due()
    assert Deal.objects.get().status == "approved"

    offboarding.resume_offboarding(actor=actor_for(cast.otto), offboarding_id=leaving.pk)
    appointments.keep_due()
    assert Deal.objects.get().status == "withdrawn"


def test_taken_back_the_people_are_in_again(cast, leaving):
    offboarding.do_next_step(offboarding_id=leaving.pk)
    assert actor_for(cast.jonas).partner_id is None
    offboarding.take_back_offboarding(actor=actor_for(cast.otto), offboarding_id=leaving.pk)
    appointments.keep_due()

    assert actor_for(cast.jonas).partner_id == cast.alpha.pk
    assert Membership.objects.filter(partner=cast.alpha, left_at__isnull=True).count() == 3
    assert Deal.objects.get().status == "approved"


def test_killed_half_way_it_goes_on_where_it_was(cast, leaving, monkeypatch):
    step = step_named

    def die(name):
        if name == "dealreg.close_deals":
            raise RuntimeError("killed")
        return step(name)

    monkeypatch.setattr(offboarding, "step_named", die)
    appointments.keep_due()
    assert steps(leaving)["partners.close_access"] == "done"
    assert steps(leaving)["dealreg.close_deals"] == "waiting"
    monkeypatch.setattr(offboarding, "step_named", step)
    leaving_again = Offboarding.objects.get(pk=leaving.pk)
    while offboarding.do_next_step(offboarding_id=leaving_again.pk):
        pass

    assert Deal.objects.get().status == "withdrawn"
    assert Event.objects.filter(kind="partners.person_left").count() == 3


def test_open_registrations_go_to_the_partner_that_operations_name(cast, registered):
    """It reads the customer, and nothing that the first one wrote."""
    old = registered()
    row = offboarding.start_offboarding(
        actor=actor_for(cast.otto),
        partner_id=cast.alpha.pk,
        reason="Sold their business",
        deals_to_id=cast.beta.pk,
    )
    appointments.keep_due()

    new = Deal.objects.get(partner=cast.beta)
    old.refresh_from_db()
    assert (old.status, old.protection.released_at is None) == ("withdrawn", False)
    assert (new.status, new.account, new.product_line) == (
        "approved",
        old.account,
        old.product_line,
    )
    assert (new.amount, new.description, new.created_by) == (old.amount, "", None)
    assert (new.protection.partner, new.protection.released_at) == (cast.beta, None)
    assert row.steps.get(name="dealreg.close_deals").note.endswith("taken over what it could.")
    told = Event.objects.filter(subject_type="dealreg.deal", subject_id=new.pk)
    assert list(told.order_by("id").values_list("kind", "partner_id")) == [
        ("dealreg.deal_registered", cast.beta.pk),
        ("dealreg.deal_approved", cast.beta.pk),
    ]
    of_deals = [one.name for one in fsck.all_checks() if one.name.startswith("dealreg.")]
    assert list(fsck.findings(only=of_deals, deep=True)) == []


def test_what_waits_for_a_person_waits_at_the_other_partner_too(cast, registered):
    old = registered()
    Deal.objects.update(status="in_review", decided_at=None, decided_by="")
    Protection.objects.all().delete()
    offboarding.start_offboarding(
        actor=actor_for(cast.otto), partner_id=cast.alpha.pk, reason="x", deals_to_id=cast.beta.pk
    )
    appointments.keep_due()

    new = Deal.objects.exclude(pk=old.pk).get()
    assert (new.status, new.decisions.get().outcome) == ("in_review", "review")
    assert not Protection.objects.exists()


def test_an_heir_that_is_not_in_business_any_more_gets_nothing(cast, registered):
    registered()
    offboarding.start_offboarding(
        actor=actor_for(cast.otto), partner_id=cast.alpha.pk, reason="x", deals_to_id=cast.beta.pk
    )
    type(cast.beta).objects.filter(pk=cast.beta.pk).update(status="suspended")
    appointments.keep_due()

    assert [deal.status for deal in Deal.objects.all()] == ["withdrawn"]


@pytest.mark.parametrize("heir", ["alpha", "beta"])
def test_registrations_go_to_another_active_partner_only(cast, heir):
    type(cast.beta).objects.filter(pk=cast.beta.pk).update(status="suspended")
    with pytest.raises(LifecycleRefused):
        offboarding.start_offboarding(
            actor=actor_for(cast.otto),
            partner_id=cast.alpha.pk,
            reason="x",
            deals_to_id=getattr(cast, heir).pk,
        )
    assert not Offboarding.objects.exists()


def test_on_a_later_day_nothing_is_done_before(cast, registered):
    later = timezone.localdate() + dt.timedelta(days=7)
    row = offboarding.start_offboarding(
        actor=actor_for(cast.otto), partner_id=cast.alpha.pk, reason="Ends", begins_on=later
    )

    assert appointments.keep_due() == 0
    assert set(steps(row).values()) == {"waiting"}


@pytest.mark.parametrize("state", OffboardingState.values)
@pytest.mark.parametrize("verb", list(OffboardingVerb))
def test_every_verb_in_every_state_by_every_role(cast, state, verb):
    ended = timezone.now() if state in {"finished", "taken_back"} else None
    row = Offboarding.objects.create(
        partner=cast.alpha,
        reason="x",
        begins_on=timezone.localdate(),
        state=state,
        ended_at=ended,
    )
    act = {
        "halt": offboarding.halt_offboarding,
        "go_on": offboarding.resume_offboarding,
        "take_back": offboarding.take_back_offboarding,
        "finish": offboarding.finish_offboarding,
    }[verb]
    for who in (cast.ada, cast.mara):
        with pytest.raises(PermissionDenied):
            act(actor=actor_for(who), offboarding_id=row.pk)
    after = offboarding_after(state, verb)
    if after is None:
        with pytest.raises(LifecycleRefused):
            act(actor=actor_for(cast.otto), offboarding_id=row.pk)
    else:
        act(actor=actor_for(cast.otto), offboarding_id=row.pk)
    row.refresh_from_db()
    assert row.state == (after or state)


def test_operations_do_it_in_the_back_office(client, cast):
    client.force_login(cast.otto)
    body = {"partner": cast.alpha.pk, "reason": "Ends", "begins_on": timezone.localdate()}
    assert client.post("/admin/partners/offboarding/add/", body).status_code == 302
    row = Offboarding.objects.get()
    assert (
        "Settle funds"
        in client.get(f"/admin/partners/offboarding/{row.pk}/change/").content.decode()
    )
    page = client.get(f"/admin/partners/offboarding/{row.pk}/change/").content.decode()
    assert ('value="halt"' in page, 'value="go_on"' in page) == (True, False)
    client.post("/admin/partners/offboarding/", {"action": "halt", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert row.state == "halted"
