"""Distributors and resellers find, keep and leave each other."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from core.appointments import DueAppointment
from core.delivery import deliver_due
from core.models import Appointment, Event, Notification
from partners.models import (
    DistributionLink,
    DistributionPolicy,
    Partner,
    PartnerDomain,
    Region,
)
from partners.queries import distribution
from partners.rules import PartnerRole, PartnerStatus, PartnerType
from partners.rules.distribution import (
    DistributionTerms,
    LinkState,
    LinkVerb,
    Side,
    TermsOfRegion,
    counts_on,
    may_say,
    terms_in_force,
)
from partners.services import distribution as services
from partners.services.distribution import DistributionRefused, ending
from partners.services.lifecycle import change_status
from tests.cast import member

DAY = dt.timedelta(days=1)


@pytest.fixture
def gamma(cast):
    """A distributor whose administrator is Gina."""
    partner = Partner.objects.create(
        name="Gamma Distribution",
        type=PartnerType.DISTRIBUTOR,
        status=PartnerStatus.ACTIVE,
        region=cast.alpha.region,
        tier=cast.alpha.tier,
        country="DE",
    )
    PartnerDomain.objects.create(partner=partner, domain="gamma.example")
    return partner


@pytest.fixture
def gina_user(gamma):
    return member("Gina", gamma, PartnerRole.ADMIN)


@pytest.fixture
def ada(cast):
    return cast.actor(cast.ada)


@pytest.fixture
def gina(cast, gina_user):
    return cast.actor(gina_user)


@pytest.fixture
def together(ada, gina):
    """Gamma distributes to Alpha."""
    link = services.propose_distribution(actor=gina, domain="alpha.example")
    return services.accept_distribution(actor=ada, link_id=link.pk)


def today():
    return timezone.now().date()


# --- rules ----------------------------------------------------------------------------------


def test_the_deepest_region_says_what_holds():
    strict, loose = DistributionTerms(several=False), DistributionTerms(may_keep=True)

    assert terms_in_force([TermsOfRegion("", loose), TermsOfRegion("WORLD.EMEA", strict)]) == strict
    assert terms_in_force([]) == DistributionTerms()


def test_both_days_are_in_the_relation():
    first = dt.date(2026, 1, 1)

    assert [counts_on(first + n * DAY, first, first + DAY) for n in (-1, 0, 1, 2)] == [
        False, True, True, False
    ]  # fmt: skip
    assert not counts_on(first, None, None)


@pytest.mark.parametrize("state", LinkState)
@pytest.mark.parametrize("verb", LinkVerb)
@pytest.mark.parametrize("side", Side)
def test_who_may_say_what(state, verb, side):
    """Proposed by the distributor: the reseller answers, the distributor takes back."""
    said = may_say(verb, state, side, Side.DISTRIBUTOR)

    expected = {
        (LinkState.PROPOSED, LinkVerb.ACCEPT): {Side.RESELLER},
        (LinkState.PROPOSED, LinkVerb.DECLINE): {Side.RESELLER},
        (LinkState.PROPOSED, LinkVerb.WITHDRAW): {Side.DISTRIBUTOR, Side.VENDOR},
        (LinkState.ACTIVE, LinkVerb.END): set(Side),
    }
    assert said == (side in expected.get((state, verb), set()))


# --- proposing ------------------------------------------------------------------------------


def test_a_reseller_accepts_what_a_distributor_proposes(cast, gamma, ada, gina):
    link = services.propose_distribution(actor=gina, domain="Alpha.Example", note="Join us")
    services.accept_distribution(actor=ada, link_id=link.pk)

    link.refresh_from_db()
    assert (link.state, link.starts_on, link.region) == ("active", today(), cast.alpha.region)
    assert [one.name for one in distribution.distributors_of(cast.alpha.pk, "WORLD.EMEA")] == [
        "Gamma Distribution"
    ]
    assert distribution.resellers_in_force(gamma.pk) == [cast.alpha.pk]
    assert not Appointment.objects.filter(subject_id=link.pk, state="waiting").exists()


def test_a_distributor_accepts_what_a_reseller_proposes(ada, gina):
    link = services.propose_distribution(actor=ada, domain="gamma.example")

    assert services.accept_distribution(actor=gina, link_id=link.pk).state == LinkState.ACTIVE


@pytest.mark.parametrize("domain", ["nobody.example", "alpha.example", "other-gamma.example"])
def test_whoever_asks_learns_nothing_from_the_answer(gamma, gina, domain):
    """Nobody, a reseller, and a distributor (who could not stand on the other side)."""
    other = Partner.objects.create(
        name="Other", type="distributor", status="active", region=gamma.region, tier=gamma.tier
    )
    PartnerDomain.objects.create(partner=other, domain="other-gamma.example")
    services.propose_distribution(actor=gina, domain=domain)

    (one,) = distribution.distribution_page(gina).asked
    assert (one.other, one.link.state, one.verbs) == (
        domain,
        "proposed",
        frozenset({LinkVerb.WITHDRAW}),
    )


def test_until_it_is_accepted_only_who_is_asked_knows_the_other(ada, gina):
    services.propose_distribution(actor=gina, domain="alpha.example")

    assert distribution.links(gina)[0].other == "alpha.example"
    assert distribution.links(ada)[0].other == "Gamma Distribution"


def test_the_same_company_is_asked_once_at_a_time(gina):
    for domain in ("alpha.example", "nobody.example"):
        services.propose_distribution(actor=gina, domain=domain)
        with pytest.raises(DistributionRefused, match="already"):
            services.propose_distribution(actor=gina, domain=domain)
    assert DistributionLink.objects.count() == 2


def test_only_administrators_speak_for_their_company(cast, gina):
    jonas = cast.actor(cast.jonas)
    link = services.propose_distribution(actor=gina, domain="alpha.example")
    with pytest.raises(PermissionDenied):
        services.propose_distribution(actor=jonas, domain="gamma.example")
    with pytest.raises(PermissionDenied):
        services.accept_distribution(actor=jonas, link_id=link.pk)

    assert DistributionLink.objects.get().state == LinkState.PROPOSED


def test_others_do_not_find_it(cast, together):
    with pytest.raises(Http404):
        services.end_distribution(actor=cast.actor(cast.bo), link_id=together.pk, reason="x")

    assert distribution.links(cast.actor(cast.bo)) == []


def test_where_the_vendor_says_who_works_with_whom(gina):
    DistributionPolicy.objects.create(partners_propose=False)
    with pytest.raises(DistributionRefused):
        services.propose_distribution(actor=gina, domain="alpha.example")

    assert not DistributionLink.objects.exists()
    assert not distribution.distribution_page(gina).may_propose


def test_nobody_answers_in_time(gina):
    link = services.propose_distribution(actor=gina, domain="alpha.example")
    ending.expire_proposal(due(link))
    link.refresh_from_db()

    assert (link.state, link.settled_by) == ("expired", "vendor")


def due(link):
    return DueAppointment("", link._meta.label_lower, link.pk, "", timezone.now())


# --- one or several -------------------------------------------------------------------------


def test_one_distributor_where_the_programme_allows_one(cast, gamma, ada, together):
    DistributionPolicy.objects.create(region=cast.alpha.region, several=False)
    delta = Partner.objects.create(
        name="Delta", type="distributor", status="active", region=gamma.region, tier=gamma.tier
    )
    PartnerDomain.objects.create(partner=delta, domain="delta.example")
    dora = cast.actor(member("Dora", delta, PartnerRole.ADMIN))
    link = services.propose_distribution(actor=dora, domain="alpha.example")
    with pytest.raises(DistributionRefused, match="one distributor"):
        services.accept_distribution(actor=ada, link_id=link.pk)

    services.end_distribution(actor=ada, link_id=together.pk, reason="Changed")
    assert services.accept_distribution(actor=ada, link_id=link.pk).state == "active"


# --- ending ---------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["ada", "gina", "otto"])
def test_either_side_and_the_vendor_end_it_with_a_reason(cast, gina_user, together, who):
    actor = cast.actor({"ada": cast.ada, "gina": gina_user, "otto": cast.otto}[who])
    with pytest.raises(DistributionRefused):
        services.end_distribution(actor=actor, link_id=together.pk, reason=" ")
    services.end_distribution(actor=actor, link_id=together.pk, reason="Moved on")

    together.refresh_from_db()
    assert (together.state, together.reason, together.ends_on) == ("ended", "Moved on", today())
    assert distribution.distributors_of(cast.alpha.pk, "WORLD.EMEA") == []


def test_each_side_hears_of_it_and_no_person_of_the_other_is_named(cast, gina, together):
    deliver_due()
    services.end_distribution(actor=gina, link_id=together.pk, reason="We stop selling there.")
    deliver_due()

    told = Notification.objects.filter(user=cast.ada).latest("pk")
    assert (told.title, told.body) == (
        "Distribution with Gamma Distribution has ended",
        "We stop selling there.",
    )
    own = Event.objects.filter(partner_id=cast.alpha.pk, kind="partners.distribution_moved")
    assert own.latest("pk").actor_label == "The other company"


def test_it_ends_when_its_last_day_is_over(cast, gamma):
    link = services.set_distribution(
        actor=cast.actor(cast.otto),
        distributor_id=gamma.pk,
        reseller_id=cast.alpha.pk,
        region_id=None,
        starts_on=today() - 3 * DAY,
        ends_on=today(),
    )
    assert distribution.distributors_of(cast.alpha.pk, "WORLD.EMEA")
    DistributionLink.objects.filter(pk=link.pk).update(ends_on=today() - DAY)
    assert not distribution.distributors_of(cast.alpha.pk, "WORLD.EMEA")

    ending.end_on_last_day(due(link))
    link.refresh_from_db()
    assert (link.state, link.ends_on) == ("ended", today() - DAY)


def test_a_suspended_distributor_does_not_count(cast, gamma, together):
    change_status(
        actor=cast.actor(cast.otto),
        partner_id=gamma.pk,
        status=PartnerStatus.SUSPENDED,
        note="Unpaid",
    )

    assert distribution.distributors_of(cast.alpha.pk, "WORLD.EMEA") == []


def test_a_partner_that_is_let_go_leaves_its_distributor(cast, together):
    done = services.end_all_distribution(cast.actor(cast.otto), cast.alpha.pk, "Bankrupt")

    together.refresh_from_db()
    assert (done.whole, together.state, together.reason) == (True, "ended", "Bankrupt")


# --- the vendor -----------------------------------------------------------------------------


def test_operations_say_who_works_with_whom_and_where(cast, gamma):
    apac = Region.objects.create(code="APAC", name="APAC", path="APAC")
    link = services.set_distribution(
        actor=cast.actor(cast.otto),
        distributor_id=gamma.pk,
        reseller_id=cast.alpha.pk,
        region_id=apac.pk,
        starts_on=today(),
    )
    assert distribution.distributors_of(cast.alpha.pk, "WORLD.EMEA") == []

    changed = services.change_distribution(
        actor=cast.actor(cast.otto),
        link_id=link.pk,
        region_id=cast.alpha.region_id,
        starts_on=today(),
        ends_on=None,
    )
    assert changed
    assert len(distribution.distributors_of(cast.alpha.pk, "WORLD.EMEA.DE")) == 1


def test_setting_it_accepts_what_was_proposed(cast, gamma, gina):
    link = services.propose_distribution(actor=gina, domain="alpha.example")
    made = services.set_distribution(
        actor=cast.actor(cast.otto),
        distributor_id=gamma.pk,
        reseller_id=cast.alpha.pk,
        region_id=None,
        starts_on=today(),
    )

    assert (made.pk, made.state) == (link.pk, "active")


def test_channel_managers_read_it_only(cast, gamma):
    with pytest.raises(PermissionDenied):
        services.set_distribution(
            actor=cast.actor(cast.mara),
            distributor_id=gamma.pk,
            reseller_id=cast.alpha.pk,
            region_id=None,
            starts_on=today(),
        )

    assert not DistributionLink.objects.exists()


def test_the_database_keeps_one_open_relation_of_two(together):
    with pytest.raises(IntegrityError), transaction.atomic():
        DistributionLink.objects.create(
            distributor=together.distributor, reseller=together.reseller, proposed_by="vendor"
        )


# --- pages, back office, API ----------------------------------------------------------------


def test_the_page_asks_answers_and_ends(client, cast, gina_user, django_assert_max_num_queries):
    client.force_login(gina_user)
    client.post("/distribution/", {"domain": "alpha.example", "note": "Join us"})
    link = DistributionLink.objects.get()
    client.force_login(cast.ada)
    with django_assert_max_num_queries(15):
        assert "Join us" in client.get("/distribution/").content.decode()
    client.post(f"/distribution/{link.pk}/accept/")
    assert "Gamma Distribution" in client.get("/distribution/").content.decode()
    assert client.post(f"/distribution/{link.pk}/end/", {"reason": ""}).status_code == 422
    client.post(f"/distribution/{link.pk}/end/", {"reason": "Changed our mind"})

    link.refresh_from_db()
    assert (link.state, link.settled_by) == ("ended", "reseller")


def test_operations_set_change_and_end_it_in_the_back_office(client, cast, gamma):
    client.force_login(cast.otto)
    made = {"distributor": gamma.pk, "reseller": cast.alpha.pk, "region": "", "starts_on": today()}
    client.post("/admin/partners/distributionlink/add/", made)
    link = DistributionLink.objects.get()
    path = f"/admin/partners/distributionlink/{link.pk}/change/"
    client.post(path, {"region": "", "starts_on": today(), "ends_on": today() + 9 * DAY})
    link.refresh_from_db()
    assert (link.state, link.ends_on) == ("active", today() + 9 * DAY)

    client.post(path, {"region": "", "starts_on": today(), "ends_on": "", "end_because": "Fraud"})
    link.refresh_from_db()
    assert (link.state, link.reason) == ("ended", "Fraud")


def test_the_back_office_says_why_two_do_not_fit(client, cast):
    client.force_login(cast.otto)
    made = {"distributor": cast.beta.pk, "reseller": cast.alpha.pk, "starts_on": today()}
    answer = client.post("/admin/partners/distributionlink/add/", made, follow=True)

    assert "type Distributor" in answer.content.decode()
    assert not DistributionLink.objects.exists()


def test_programs_see_and_end_it(client, cast, gamma, together):
    client.force_login(cast.ada)
    (seen,) = client.get("/api/v1/distribution/").json()
    assert (seen["other"], seen["side"], seen["can"]) == ("Gamma Distribution", "reseller", ["end"])

    path = f"/api/v1/distribution/{together.pk}/end/"
    ended = client.post(path, {"reason": "Over"}, content_type="application/json")
    assert (ended.status_code, ended.json()["state"]) == (200, "ended")
    again = client.post(path, {"reason": "Over"}, content_type="application/json")
    assert again.status_code == 409
