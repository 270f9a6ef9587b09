"""Deals that run through a distributor: who sees what, who endorses, what a reseller keeps."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from core.appointments import DueAppointment
from core.delivery import deliver_due
from core.models import Appointment, Event, Notification
from dealreg import distributed, services
from dealreg.models import Deal, DealRoute, Decision, Protection
from dealreg.rules.distribution import KEEP, Endorsement, NotAWay, Way, way_of
from dealreg.rules.request import InvalidRegistration
from dealreg.services import endorsing
from dealreg.services.routing import ENDORSE_BY
from partners.models import DistributionLink, DistributionPolicy, Partner
from partners.queries import registration_rights
from partners.rules import PartnerRole
from partners.services.distribution import end_distribution
from tests.cast import member


@pytest.fixture
def gamma(cast):
    """A distributor that works with Alpha."""
    return distributor(cast, "Gamma Distribution")


def distributor(cast, name, *, days=9):
    partner = Partner.objects.create(
        name=name,
        type="distributor",
        status="active",
        region=cast.alpha.region,
        tier=cast.alpha.tier,
    )
    DistributionLink.objects.create(
        distributor=partner,
        reseller=cast.alpha,
        state="active",
        proposed_by="vendor",
        starts_on=timezone.now().date() - dt.timedelta(days=days),
    )
    return partner


@pytest.fixture
def gus_user(gamma):
    return member("Gus", gamma, PartnerRole.SALES)


@pytest.fixture
def gus(cast, gus_user):
    return cast.actor(gus_user)


@pytest.fixture
def policy(db):
    """What the vendor lays down for all; cautious until a test says otherwise."""
    return DistributionPolicy.objects.create()


def lay_down(policy, **values):
    for name, value in values.items():
        setattr(policy, name, value)
    policy.save()


def due(deal):
    return DueAppointment("", "dealreg.deal", deal.pk, "", timezone.now())


# --- which way ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "may_keep", "way"),
    [("", False, Way(7)), ("3", False, Way(3)), (KEEP, True, Way(kept=True))],
)
def test_the_way_that_a_choice_means(choice, may_keep, way):
    assert way_of(choice, {7: "oldest", 3: "newer"}, may_keep=may_keep) == way


@pytest.mark.parametrize("choice", [KEEP, "8", "-7", "7.0", "x", "٧", "9" * 30])
def test_ways_that_are_not_open(choice):
    with pytest.raises(NotAWay):
        way_of(choice, {7: "oldest"}, may_keep=False)


def test_without_a_distributor_there_is_no_way_to_choose():
    assert way_of("", {}, may_keep=True) == way_of(KEEP, {}, may_keep=False) == Way()


def test_a_registration_runs_through_the_oldest_distributor(registered, cast, gamma):
    distributor(cast, "Younger", days=1)
    deal = registered()

    assert DealRoute.objects.get(deal=deal).distributor == gamma
    told = Event.objects.get(kind="dealreg.deal_routed", subject_id=deal.pk)
    assert told.payload["distributor"] == "Gamma Distribution"


def test_without_a_distributor_nothing_is_written(registered):
    registered()

    assert not DealRoute.objects.exists()


def test_a_reseller_keeps_a_deal_where_the_programme_allows_it(registered, gus, policy):
    with pytest.raises(InvalidRegistration) as refused:
        registered(distributor=KEEP)
    assert list(refused.value.problems) == ["distributor"]
    assert not Deal.objects.exists()

    lay_down(policy, may_keep=True)
    deal = registered(distributor=KEEP)
    assert DealRoute.objects.get(deal=deal).kept
    assert Event.objects.filter(kind="dealreg.deal_kept", subject_id=deal.pk).count() == 1
    assert distributed.shown(gus, distributed.routes(gus)) == []


def test_a_foreign_relation_is_refused_like_a_missing_one(registered, cast, gamma):
    foreign = DistributionLink.objects.create(
        distributor=gamma,
        reseller=cast.beta,
        state="active",
        proposed_by="vendor",
        starts_on=timezone.now().date(),
    )
    said = []
    for choice in (str(foreign.pk), "987654321"):
        with pytest.raises(InvalidRegistration) as refused:
            registered(distributor=choice)
        said.append({field: str(text) for field, text in refused.value.problems.items()})

    assert said[0] == said[1] == {"distributor": "Choose one of your distributors."}


# --- who sees what --------------------------------------------------------------------------


def test_a_distributor_sees_the_least_that_the_programme_shows(registered, gus, policy):
    deal = registered()
    (one,) = distributed.shown(gus, distributed.routes(gus))
    assert (one.reference, one.reseller) == (deal.reference, "Alpha Systems")
    assert (one.customer, one.amount) == (deal.customer_name, None)

    lay_down(policy, customers_shown=False, amounts_shown=True)
    (one,) = distributed.shown(gus, distributed.routes(gus))
    assert (one.customer, one.country) == ("", "")
    assert one.amount is not None
    assert one.amount.amount == deal.amount


def test_a_distributor_sees_nothing_of_other_distributors(registered, cast, gamma, gus):
    """The canary: Beta's deal through Delta, Alpha's kept ones, Alpha's drafts."""
    delta = distributor(cast, "Delta")
    DistributionLink.objects.filter(distributor=delta).update(reseller=cast.beta)
    theirs = registered(by=cast.bo, customer_name="Südwind", customer_domain="")
    own = registered()

    assert [row.deal_id for row in distributed.routes(gus)] == [own.pk]
    for deal_id in (theirs.pk, 987654321):
        with pytest.raises(Http404):
            distributed.distributed_deal(gus, deal_id)


def test_drafts_are_not_seen(cast, gus, asking):
    services.save_draft(actor=cast.actor(cast.jonas), request=asking())

    assert DealRoute.objects.count() == 1
    assert not distributed.routes(gus).exists()


def test_when_they_part_the_distributor_sees_nothing_more(registered, cast, gus):
    registered()
    link = DistributionLink.objects.get()
    end_distribution(actor=cast.actor(cast.otto), link_id=link.pk, reason="Over")

    assert not distributed.routes(gus).exists()


SECRETS = ("Secret margin talk", "12,345", "12345", "Jonas", "jonas@")


def test_no_page_of_the_distributor_says_what_is_not_its_own(client, registered, gus_user, policy):
    deal = registered(description="Secret margin talk", amount=Decimal(12345))
    client.force_login(gus_user)
    pages = [
        "/distribution/",
        "/distribution/deals/",
        f"/distribution/deals/{deal.pk}/",
        "/api/v1/distribution/deals/",
        f"/api/v1/distribution/deals/{deal.pk}/",
    ]
    said = "".join(client.get(page).content.decode() for page in pages)

    assert deal.reference in said
    assert [word for word in SECRETS if word in said] == []
    assert client.get(f"/deals/{deal.pk}/").status_code == 404


# --- endorsement ----------------------------------------------------------------------------


@pytest.fixture
def waiting(registered, gus, policy):
    """A registration of Alpha's that waits for Gamma, which the rules would approve."""
    lay_down(policy, endorses_first=True)
    return registered()


def test_the_distributor_is_asked_first_and_nothing_is_decided(waiting, cast, gus):
    assert waiting.status == "in_review"
    assert not Decision.objects.exists()
    assert not Protection.objects.exists()
    assert [one.may_answer for one in distributed.shown(gus, distributed.routes(gus))] == [True]
    assert Appointment.objects.filter(kind=ENDORSE_BY).count() == 1
    deliver_due()
    told = Notification.objects.get(user_id=gus.user_id)
    assert waiting.reference in told.title
    assert waiting.customer_name not in told.title


def test_endorsed_the_rules_decide(waiting, cast, gus):
    deal = services.endorse_deal(actor=gus, deal_id=waiting.pk, note="We know them.")

    assert (deal.status, Decision.objects.get().origin) == ("approved", "rule")
    assert Protection.objects.filter(deal=deal).count() == 1
    route = DealRoute.objects.get()
    assert (route.endorsement, route.answered_by_id) == ("endorsed", gus.user_id)
    heard = Event.objects.get(kind="dealreg.endorsement_heard")
    assert (heard.actor_label, heard.partner_id) == (
        "Distributor Gamma Distribution",
        cast.alpha.pk,
    )
    assert not Appointment.objects.filter(kind=ENDORSE_BY).exists()


def test_not_endorsed_a_person_looks(waiting, gus):
    with pytest.raises(endorsing.ReasonMissing):
        services.refuse_endorsement(actor=gus, deal_id=waiting.pk, note=" ")
    deal = services.refuse_endorsement(actor=gus, deal_id=waiting.pk, note="Never heard of it.")

    assert deal.status == "in_review"
    decision = Decision.objects.get()
    assert (decision.origin, decision.outcome) == ("person", "review")
    assert not Protection.objects.exists()


def test_not_answered_in_time_the_vendor_goes_on(waiting):
    endorsing.go_on_when_time_is_over(due(waiting))

    waiting.refresh_from_db()
    assert waiting.status == "approved"
    assert DealRoute.objects.get().endorsement == Endorsement.UNANSWERED


def test_when_they_part_what_waits_goes_on(waiting, cast):
    link = DistributionLink.objects.get()
    end_distribution(actor=cast.actor(cast.ada), link_id=link.pk, reason="Over")
    deliver_due()

    waiting.refresh_from_db()
    assert waiting.status == "approved"


def test_the_vendor_does_not_decide_before_and_may_go_on_without(waiting, cast):
    mara = cast.actor(cast.mara)
    with pytest.raises(services.AwaitsEndorsement):
        services.approve_deal(actor=mara, deal_id=waiting.pk)
    assert not Protection.objects.exists()

    deal = services.go_on_without_distributor(actor=mara, deal_id=waiting.pk)
    assert deal.status == "approved"
    assert DealRoute.objects.get().endorsement == Endorsement.PASSED_OVER


def test_the_queue_shows_it_when_it_is_the_vendors_turn(waiting, cast, gus):
    from dealreg.desk import waiting as queue

    mara = cast.actor(cast.mara)
    assert not queue(mara).exists()
    services.refuse_endorsement(actor=gus, deal_id=waiting.pk, note="No.")
    assert [deal.pk for deal in queue(mara)] == [waiting.pk]


@pytest.mark.parametrize("who", ["jonas", "bo", "marketing"])
def test_only_the_distributors_sellers_endorse(waiting, cast, gamma, who):
    user = cast.jonas if who == "jonas" else cast.bo
    if who == "marketing":
        user = member("Greta", gamma, PartnerRole.MARKETING)
    with pytest.raises(PermissionDenied if who == "marketing" else Http404):
        services.endorse_deal(actor=cast.actor(user), deal_id=waiting.pk)

    assert DealRoute.objects.get().endorsement == Endorsement.WAITING


def test_a_second_answer_changes_nothing(waiting, gus):
    services.endorse_deal(actor=gus, deal_id=waiting.pk)
    with pytest.raises(services.EndorsementIsOver):
        services.refuse_endorsement(actor=gus, deal_id=waiting.pk, note="Wait")
    endorsing.go_on_when_time_is_over(due(waiting))

    assert (DealRoute.objects.get().endorsement, Decision.objects.count()) == ("endorsed", 1)


def test_withdrawn_meanwhile_there_is_nothing_to_endorse(waiting, cast, gus):
    services.withdraw_deal(
        actor=cast.actor(cast.jonas), deal_id=waiting.pk, version=waiting.version, note=""
    )
    with pytest.raises(services.EndorsementIsOver):
        services.endorse_deal(actor=gus, deal_id=waiting.pk)


def test_rules_may_ask_what_the_distributor_said(waiting, gus):
    from dealreg.rules.facts import FACTS
    from dealreg.services.judging import distribution

    route = DealRoute.objects.get()
    route.endorsement = Endorsement.REFUSED
    waiting.chosen_route = route
    assert distribution(waiting, registration_rights(waiting.partner_id)) == {
        "deal.through_distributor": True,
        "deal.endorsement": "refused",
    }
    assert "refused" in FACTS["deal.endorsement"].values


# --- pages ----------------------------------------------------------------------------------


def test_the_form_offers_the_ways(client, cast, gamma, policy):
    client.force_login(cast.jonas)
    assert 'name="distributor"' not in client.get("/deals/new/").content.decode()

    lay_down(policy, may_keep=True)
    page = client.get("/deals/new/").content.decode()
    assert 'name="distributor"' in page
    assert "Through Gamma Distribution" in page


def test_the_distributor_answers_on_its_page(client, waiting, gus_user, cast):
    client.force_login(gus_user)
    assert waiting.reference in client.get("/distribution/deals/?show=waiting").content.decode()
    page = f"/distribution/deals/{waiting.pk}/"
    assert client.post(f"{page}refuse/", {"note": ""}).status_code == 422
    answer = client.post(f"{page}endorse/", {"note": "Fine"}, follow=True)
    assert "You endorsed" in answer.content.decode()

    client.force_login(cast.jonas)
    shown = client.get(f"/deals/{waiting.pk}/").content.decode()
    assert "Gamma Distribution" in shown
    assert "Fine" in shown


def test_the_vendor_goes_on_in_the_back_office(client, waiting, cast):
    client.force_login(cast.mara)
    page = client.get(f"/admin/dealreg/deal/{waiting.pk}/review/").content.decode()
    assert "Go on without the distributor" in page
    client.post(f"/admin/dealreg/deal/{waiting.pk}/go-on/")

    waiting.refresh_from_db()
    assert waiting.status == "approved"


def test_programs_of_the_distributor_endorse(client, waiting, gus_user):
    client.force_login(gus_user)
    listed = client.get("/api/v1/distribution/deals/?waiting=true").json()["results"]
    assert [one["reference"] for one in listed] == [waiting.reference]
    path = f"/api/v1/distribution/deals/{waiting.pk}/endorse/"
    answer = client.post(path, {}, content_type="application/json")
    assert (answer.status_code, answer.json()["status"]) == (200, "approved")
    assert client.post(path, {}, content_type="application/json").status_code == 409
