"""Several partners agree how to share a deal, or do not."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.utils import timezone

from core import appointments, delivery, fsck
from core.models import Appointment, Event, Notification
from dealreg.models import Split, SplitPart, SplitParty, SplitPolicy, SplitTerms
from dealreg.rules.splits import InvalidSplit, SplitMovedOn, SplitStatus
from dealreg.services import (
    NotShareable,
    SplitChanged,
    SplitIsOpen,
    TooManyInvitations,
    accept_split,
    apply_default_split,
    change_split,
    counter_split,
    decide_split,
    decline_split,
    withdraw_deal,
    withdraw_split,
)
from dealreg.sharing import split_page, splits, waiting_count
from tests.dealreg.sharing import IMPLEMENT, SELL, SOURCE, own, part, share_a_deal

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(cast, registered):
    return share_a_deal(cast, registered(amount=Decimal(40_000)))


def percents(split):
    rows = SplitPart.objects.filter(terms__split=split, terms__number=split.number)
    return {
        (row.party.partner.name if row.party.partner else row.party.invited_as): str(row.percent)
        for row in rows.select_related("party__partner")
    }


def as_(shared, user):
    return shared.cast.actor(user)


def past_deadline(split):
    Split.objects.filter(pk=split.pk).update(deadline=timezone.now() - dt.timedelta(seconds=1))
    Appointment.objects.filter(subject_id=split.pk, kind="dealreg.split_deadline").update(
        due_at=timezone.now() - dt.timedelta(seconds=1)
    )


def test_a_proposal_is_agreed_by_all_and_then_in_force(shared):
    split = shared.propose(note="As discussed in Hamburg.")
    accept_split(actor=as_(shared, shared.cast.bo), split_id=split.pk, version=split.version)

    split.refresh_from_db()
    assert (split.status, split.basis, split.settled_by) == ("in_force", "agreed", "Bo")
    assert percents(split) == {"Alpha Systems": "70.00", "Beta Networks": "30.00"}
    page = split_page(as_(shared, shared.cast.bo), split.pk)
    assert (str(page.own_money), str(page.whole)) == ("12000.00 EUR", "40000.000 EUR")
    assert list(fsck.findings(only=["dealreg.splits"])) == []


def test_one_of_three_is_not_enough(shared):
    split = shared.three()
    accept_split(actor=as_(shared, shared.cast.bo), split_id=split.pk, version=1)

    split.refresh_from_db()
    assert split.status == "proposed"
    assert waiting_count(as_(shared, shared.gia)) == 1
    assert waiting_count(as_(shared, shared.cast.bo)) == 0


def test_a_counter_keeps_the_others_in_proportion_and_asks_them_anew(shared):
    split = shared.three()
    bo = as_(shared, shared.cast.bo)
    counter_split(actor=bo, split_id=split.pk, version=1, own=own("44"), note="Twice the sites.")

    split.refresh_from_db()
    assert (split.status, split.number) == ("countered", 2)
    assert percents(split) == {
        "Alpha Systems": "40.00",
        "Beta Networks": "44.00",
        "Gamma Consult": "16.00",
    }
    for user in (shared.cast.jonas, shared.gia):
        accept_split(actor=as_(shared, user), split_id=split.pk, version=split.version)
        split.refresh_from_db()
    assert split.status == "in_force"


def test_a_decline_ends_it_for_all_with_its_reason(shared):
    split = shared.three()
    bo = as_(shared, shared.cast.bo)
    with pytest.raises(InvalidSplit, match="Say why"):
        decline_split(actor=bo, split_id=split.pk, version=1, reason=" ")
    decline_split(actor=bo, split_id=split.pk, version=1, reason="We have no people free.")

    split.refresh_from_db()
    assert (split.status, split.reason) == ("declined", "We have no people free.")
    with pytest.raises(SplitMovedOn):
        accept_split(actor=as_(shared, shared.gia), split_id=split.pk, version=split.version)


def test_only_who_wrote_the_terms_takes_them_back(shared):
    split = shared.propose()
    with pytest.raises(SplitMovedOn):
        withdraw_split(actor=as_(shared, shared.cast.bo), split_id=split.pk, version=1)
    withdraw_split(actor=as_(shared, shared.cast.ada), split_id=split.pk, version=1)

    split.refresh_from_db()
    assert split.status == "withdrawn"
    assert not Appointment.objects.filter(subject_id=split.pk, state="waiting").exists()


def test_b6_nobody_answers_what_they_have_not_seen(shared):
    split = shared.three()
    counter_split(actor=as_(shared, shared.cast.bo), split_id=split.pk, version=1, own=own("44"))
    with pytest.raises(SplitChanged) as changed:
        accept_split(actor=as_(shared, shared.gia), split_id=split.pk, version=1)

    assert changed.value.current.version == 2
    assert not SplitParty.objects.filter(partner=shared.gamma, agreed_to__gt=0).exists()


def test_a_change_is_a_new_proposal_that_replaces_the_old_when_all_agree(shared):
    first = shared.propose()
    bo = as_(shared, shared.cast.bo)
    accept_split(actor=bo, split_id=first.pk, version=1)
    first.refresh_from_db()
    second = change_split(
        actor=bo, split_id=first.pk, version=first.version, own=own("35"), note="More work."
    )

    first.refresh_from_db()
    assert (first.status, second.status) == ("in_force", "proposed")
    accept_split(actor=as_(shared, shared.cast.jonas), split_id=second.pk, version=1)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("superseded", "in_force")
    assert percents(second) == {"Alpha Systems": "65.00", "Beta Networks": "35.00"}


def test_one_proposal_at_a_time(shared):
    shared.propose()
    with pytest.raises(SplitIsOpen):
        shared.propose()
    assert Split.objects.count() == 1


@pytest.mark.parametrize("change", [{"status": "in_review"}, {"status": "withdrawn"}])
def test_only_an_approved_deal_is_shared(shared, change):
    type(shared.deal).objects.filter(pk=shared.deal.pk).update(**change)
    with pytest.raises(NotShareable):
        shared.propose()
    assert not Split.objects.exists()


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ([part("70"), part("29.99", IMPLEMENT, "beta.example")], "99.99"),
        ([part("100")], "at least one other partner"),
        ([part("100", IMPLEMENT, "beta.example")], "whose deal it is"),
        ([part("70"), part("30", IMPLEMENT, "not a domain")], "web domain"),
        ([part("70"), part("30", IMPLEMENT, "gmail.com")], "web domain"),
        ([part("70"), part("30", IMPLEMENT, party_id=987654)], "no such partner"),
        ([part("70"), part("30", IMPLEMENT, partner_id=1)], "no such partner"),
    ],
)
def test_what_cannot_be_proposed(shared, parts, says):
    with pytest.raises(InvalidSplit, match=says):
        shared.propose(parts)
    assert not Split.objects.exists()
    assert not Event.objects.filter(subject_type="dealreg.split").exists()


# --- who may --------------------------------------------------------------------------------


def test_a3_others_deals_and_splits_are_not_there(shared):
    split = shared.propose()
    gia = as_(shared, shared.gia)
    with pytest.raises(Http404):
        accept_split(actor=gia, split_id=split.pk, version=1)
    with pytest.raises(Http404):
        accept_split(actor=gia, split_id=987654321, version=1)
    assert not splits(gia).exists()


def test_being_named_opens_the_split_and_not_the_deal(shared):
    split = shared.propose()
    bo = as_(shared, shared.cast.bo)

    assert splits(bo).get() == split
    assert not type(shared.deal).objects.visible_to(bo).exists()


def test_a4_nobody_answers_for_another_or_without_the_role(shared):
    split = shared.propose()
    with pytest.raises(SplitMovedOn):
        accept_split(actor=as_(shared, shared.cast.jonas), split_id=split.pk, version=1)
    with pytest.raises(PermissionDenied):
        withdraw_split(actor=as_(shared, shared.cast.chiara), split_id=split.pk, version=1)
    with pytest.raises(PermissionDenied):
        accept_split(actor=as_(shared, shared.cast.mara), split_id=split.pk, version=1)
    bo = as_(shared, shared.cast.bo).through_token(1, frozenset({"deals:write", "splits:read"}))
    with pytest.raises(PermissionDenied):
        accept_split(actor=bo, split_id=split.pk, version=1)
    split.refresh_from_db()
    assert (split.status, split.version) == ("proposed", 1)


def test_a_suspended_partner_agrees_to_nothing(shared):
    split = shared.propose()
    type(shared.gamma).objects.filter(pk=shared.cast.beta.pk).update(status="suspended")
    with pytest.raises(PermissionDenied):
        accept_split(actor=as_(shared, shared.cast.bo), split_id=split.pk, version=1)


# --- what nobody learns ---------------------------------------------------------------------


def test_each_sees_its_own_terms_and_the_roles_of_the_others(shared):
    split = shared.three()
    page = split_page(as_(shared, shared.cast.bo), split.pk)

    seen = [(one.who, one.role.value, one.percent, one.money) for one in page.parts]
    assert [(who, role, percent) for who, role, percent, _money in seen] == [
        ("Another partner", "sell", None),
        ("Your company", "implement", Decimal("30.00")),
        ("Another partner", "source", None),
    ]
    assert [money is None for *_rest, money in seen] == [True, False, True]


def test_names_are_seen_by_those_who_both_agreed_to_it(shared):
    split = shared.propose(named=True)
    bo, jonas = as_(shared, shared.cast.bo), as_(shared, shared.cast.jonas)
    assert split_page(bo, split.pk).parts[0].who == "Another partner"
    assert split_page(jonas, split.pk).parts[1].who == "beta.example"
    accept_split(actor=bo, split_id=split.pk, version=1, named=True)

    assert split_page(bo, split.pk).parts[0].who == "Alpha Systems"
    assert split_page(jonas, split.pk).parts[1].who == "Beta Networks"


def test_i1_a_domain_of_nobody_looks_like_one_that_waits(shared):
    real = split_page(as_(shared, shared.cast.jonas), shared.propose().pk)
    withdraw_split(actor=as_(shared, shared.cast.jonas), split_id=real.split.pk, version=1)
    invented = shared.propose([part("70"), part("30", IMPLEMENT, "nobody.example")])
    page = split_page(as_(shared, shared.cast.jonas), invented.pk)

    assert [(one.who, one.percent, one.agreed) for one in page.parts] == [
        ("Your company", Decimal("70.00"), True),
        ("nobody.example", Decimal("30.00"), False),
    ]
    assert [(one.who, one.percent, one.agreed) for one in real.parts][1:] == [
        ("beta.example", Decimal("30.00"), False)
    ]


@pytest.mark.parametrize("domain", ["beta.example", "nobody.example"])
def test_i1_the_default_does_not_tell_whether_an_invitation_led_to_anybody(shared, domain):
    SplitPolicy.objects.create(default_share="equal", names_shown=True)
    split = shared.propose([part("70"), part("30", IMPLEMENT, domain)])
    assert split_page(as_(shared, shared.cast.jonas), split.pk).parts[1].who == domain
    past_deadline(split)
    held = apply_default_split(actor=as_(shared, shared.cast.otto), split_id=split.pk)

    assert held is not None
    assert percents(held) == {"Alpha Systems": "100.00"}


def test_invitations_are_counted(shared, settings):
    settings.INVITATIONS_A_DAY = 1
    shared.propose()
    withdraw_split(actor=as_(shared, shared.cast.jonas), split_id=Split.objects.get().pk, version=1)
    with pytest.raises(TooManyInvitations):
        shared.propose()


def test_nobodys_person_is_named_to_another_partner(shared):
    split = shared.three()
    counter_split(actor=as_(shared, shared.cast.bo), split_id=split.pk, version=1, own=own("44"))
    delivery.deliver_due()

    told = Event.objects.filter(subject_type="dealreg.split", partner_id=shared.gamma.pk)
    assert {event.actor_label for event in told} == {"Another partner"}
    assert {event.actor_user_id for event in told} == {None}
    notices = Notification.objects.filter(user=shared.gia).values_list("title", "body")
    said = " ".join(f"{title} {body}" for title, body in notices)
    assert len(notices) == 2
    assert not any(word in said for word in ("Bo", "Beta", "Alpha", "Jonas", "44", "50"))


# --- the deadline ---------------------------------------------------------------------------


def test_nobody_answers_behind_the_deadline(shared):
    split = shared.propose()
    past_deadline(split)
    with pytest.raises(SplitMovedOn):
        accept_split(actor=as_(shared, shared.cast.bo), split_id=split.pk, version=1)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ({}, {"Alpha Systems": "100.00"}),
        (
            {"default_share": "equal"},
            {"Alpha Systems": "50.00", "Gamma Consult": "50.00"},
        ),
        (
            {"default_share": "weights", "weight_sell": 60, "weight_source": 20},
            {"Alpha Systems": "75.00", "Gamma Consult": "25.00"},
        ),
    ],
)
def test_without_agreement_the_policy_holds_among_those_who_took_part(shared, policy, expected):
    SplitPolicy.objects.create(**policy)
    split = shared.three()
    accept_split(actor=as_(shared, shared.gia), split_id=split.pk, version=1)
    past_deadline(split)
    assert appointments.keep_due() == 1

    split.refresh_from_db()
    held = Split.objects.get(status="in_force")
    assert (split.status, held.basis, held.settled_by) == ("expired", "default", "The deadline")
    assert percents(held) == expected
    assert list(fsck.findings(only=["dealreg.splits"])) == []


def test_a_later_policy_does_not_change_what_was_promised(shared):
    SplitPolicy.objects.create(default_share="equal", region=shared.cast.beta.region)
    split = shared.propose()
    SplitPolicy.objects.update(default_share="registrant")

    assert split.default_share == "equal"


def test_the_partner_whose_deal_it_is_does_not_win_by_declining(shared):
    SplitPolicy.objects.create(default_share="equal")
    split = shared.propose()
    counter_split(actor=as_(shared, shared.cast.bo), split_id=split.pk, version=1, own=own("50"))
    decline_split(
        actor=as_(shared, shared.cast.jonas), split_id=split.pk, version=2, reason="Too much."
    )
    past_deadline(split)
    held = apply_default_split(actor=as_(shared, shared.cast.otto), split_id=split.pk)

    assert held is not None
    assert percents(held) == {"Alpha Systems": "50.00", "Beta Networks": "50.00"}


def test_an_agreement_in_force_outlives_a_proposal_that_expires(shared):
    first = shared.propose()
    accept_split(actor=as_(shared, shared.cast.bo), split_id=first.pk, version=1)
    first.refresh_from_db()
    second = change_split(
        actor=as_(shared, shared.cast.bo), split_id=first.pk, version=first.version, own=own("35")
    )
    past_deadline(second)
    appointments.keep_due()

    first.refresh_from_db()
    assert first.status == "in_force"
    assert Split.objects.filter(status="in_force").count() == 1


def test_a_deal_that_is_withdrawn_ends_the_talks(shared):
    split = shared.propose()
    withdraw_deal(actor=as_(shared, shared.cast.jonas), deal_id=shared.deal.pk)
    delivery.deliver_due()

    split.refresh_from_db()
    assert (split.status, split.settled_by) == ("withdrawn", "The end of the deal")


# --- the vendor -----------------------------------------------------------------------------


def test_the_vendor_decides_with_a_reason_and_replaces_what_there_was(shared):
    split = shared.propose()
    mara = as_(shared, shared.cast.mara)
    parts = [
        part("80", SELL, partner_id=shared.cast.alpha.pk),
        part("20", SOURCE, partner_id=shared.gamma.pk),
    ]
    with pytest.raises(InvalidSplit, match="why"):
        decide_split(actor=mara, deal_id=shared.deal.pk, parts=parts, reason="")
    decided = decide_split(
        actor=mara, deal_id=shared.deal.pk, parts=parts, reason="Gamma brought the customer."
    )

    split.refresh_from_db()
    assert (split.status, decided.status, decided.basis) == ("superseded", "in_force", "staff")
    told = Event.objects.get(kind="dealreg.split_replaced")
    assert (told.partner_id, told.payload["note"]) == (
        shared.cast.beta.pk,
        "Gamma brought the customer.",
    )


def test_partners_decide_nothing_for_others(shared):
    with pytest.raises(PermissionDenied):
        decide_split(
            actor=as_(shared, shared.cast.jonas),
            deal_id=shared.deal.pk,
            parts=[part("100")],
            reason="Because.",
        )
    assert not Split.objects.exists()


# --- what the database guarantees -----------------------------------------------------------


def check_now():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_c4_the_database_refuses_parts_that_do_not_make_100(shared):
    split = shared.propose()
    party = split.parties.first()

    def write(percents):
        terms = SplitTerms.objects.create(split=split, number=2)
        for value, role in zip(percents, (SELL, SOURCE), strict=False):
            SplitPart.objects.create(terms=terms, party=party, role=role, percent=Decimal(value))
        check_now()

    for percents_written in (["60", "39.99"], ["60", "40.01"], []):
        with pytest.raises(IntegrityError, match="not to 100"), transaction.atomic():
            write(percents_written)


def test_c4_the_database_keeps_terms_as_they_were_written(shared):
    split = shared.propose()
    check_now()
    with pytest.raises(IntegrityError, match="stay as they were"), transaction.atomic():
        SplitPart.objects.filter(terms__split=split).update(percent=50)


def test_c4_no_part_is_taken_away(shared):
    split = shared.propose()
    check_now()

    def take_one():
        SplitPart.objects.filter(terms__split=split)[0].delete()
        check_now()

    with pytest.raises(IntegrityError, match="not to 100"), transaction.atomic():
        take_one()


def test_the_database_holds_one_agreement_for_a_deal(shared):
    split = shared.propose()
    accept_split(actor=as_(shared, shared.cast.bo), split_id=split.pk, version=1)
    with pytest.raises(IntegrityError, match="split_one_in_force"), transaction.atomic():
        Split.objects.create(
            deal=shared.deal, status=SplitStatus.IN_FORCE, settled_at=timezone.now()
        )
