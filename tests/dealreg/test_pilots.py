"""Rules of engagement that are tried out with some regions or partners first, until a day."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from core.fsck import findings
from dealreg import books, rule_words, services
from dealreg.features import BOOKS
from dealreg.models import Decision
from partners.models import Region, RollOut

TODAY = timezone.localdate()
DAY = dt.timedelta(days=1)


@pytest.fixture
def pilot(cast, rules):
    """A second version of the rules, published but tried out by Beta only."""
    otto = cast.actor(cast.otto)
    book = services.draft_book(actor=otto, from_book_id=rules.pk)
    tried(book, partner=cast.beta)
    return services.publish_book(actor=otto, book_id=book.pk)


def tried(book, **where):
    days = {"first_day": TODAY, "last_day": TODAY + 9 * DAY, **where}
    return RollOut.objects.create(feature=f"{BOOKS.prefix}{book.pk}", **days)


def decides(partner, at=None):
    path = Region.objects.get(pk=partner.region_id).path
    return books.current_book(path, None, at, partner_id=partner.pk).id


def in_words(cast, user):
    return [one.version for one in rule_words.rules_for(cast.actor(user))]


def test_only_who_tries_them_is_decided_by_them(cast, rules, pilot, registered):
    registered()
    registered(by=cast.bo, customer_name="Zephyr AG", customer_domain="zephyr.example")

    decided = Decision.objects.order_by("deal_id").values_list("deal__partner", "book")
    assert list(decided) == [(cast.alpha.pk, rules.pk), (cast.beta.pk, pilot.pk)]
    assert (in_words(cast, cast.jonas), in_words(cast, cast.bo)) == (
        [rules.version],
        [pilot.version],
    )


def test_a_region_tries_them_with_all_below_it(cast, rules, pilot):
    tried(pilot, region=Region.objects.get(path="WORLD.EMEA"))

    assert decides(cast.alpha) == pilot.pk
    assert books.current_book("WORLD", None).id == rules.pk


def test_on_its_last_day_it_ends_and_the_older_version_decides_again(cast, rules, pilot):
    later = timezone.now() + dt.timedelta(days=10)
    assert decides(cast.beta) == pilot.pk
    assert decides(cast.beta, later) == rules.pk


def test_without_a_roll_out_they_count_for_everybody(cast, pilot):
    RollOut.objects.all().delete()

    assert (decides(cast.alpha), decides(cast.beta)) == (pilot.pk, pilot.pk)


def test_what_nobody_in_particular_tries_leaves_no_gap(rules, pilot):
    assert books.current_book().id == rules.pk
    assert list(findings(only=["dealreg.rules"])) == []


def test_operations_choose_them_in_the_back_office(client, cast, pilot):
    client.force_login(cast.otto)
    add = reverse("admin:partners_rollout_add")
    title = f"Rules of engagement v{pilot.version}: {pilot.title}"
    assert title in client.get(add).content.decode()
    body = {
        "feature": f"{BOOKS.prefix}{pilot.pk}",
        "partner": cast.alpha.pk,
        "first_day": TODAY.isoformat(),
        "last_day": TODAY.isoformat(),
    }
    assert client.post(add, body).status_code == 302
    listed = client.get(reverse("admin:partners_rollout_changelist")).content.decode()
    assert listed.count(title) >= 2
    assert decides(cast.alpha) == pilot.pk


def test_what_was_published_for_everybody_is_not_tried_out(client, cast, rules):
    client.force_login(cast.otto)
    page = client.get(reverse("admin:partners_rollout_add")).content.decode()

    assert f"{BOOKS.prefix}{rules.pk}" not in page


def test_published_for_later_the_others_go_on_until_then(cast, rules, pilot):
    otto, soon = cast.actor(cast.otto), timezone.now() + dt.timedelta(days=3)
    third = services.draft_book(actor=otto, from_book_id=rules.pk)
    services.publish_book(actor=otto, book_id=third.pk, effective_from=soon)

    assert (decides(cast.alpha), decides(cast.beta)) == (rules.pk, pilot.pk)
    assert decides(cast.alpha, soon) == third.pk


def test_published_for_everybody_the_next_one_ends_the_trial(cast, rules, pilot):
    otto = cast.actor(cast.otto)
    third = services.draft_book(actor=otto, from_book_id=rules.pk)
    services.publish_book(actor=otto, book_id=third.pk)

    assert (decides(cast.alpha), decides(cast.beta)) == (third.pk, third.pk)
