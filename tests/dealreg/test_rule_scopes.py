"""Which book decides: by region, product line and time."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.fsck import findings
from core.models import Event
from dealreg import books, services
from dealreg.models import ProductLine, RuleBook
from dealreg.rules.engagement import InvalidRule
from partners.models import Region

pytestmark = pytest.mark.django_db

SOON = dt.timedelta(days=3)


@pytest.fixture
def otto(cast):
    return cast.actor(cast.otto)


@pytest.fixture
def publish(otto, rules):
    """Publishes a copy of the starter rules for a scope."""

    def publish(region=None, line=None, starts=None) -> RuleBook:
        book = services.draft_book(actor=otto, from_book_id=rules.pk)
        RuleBook.objects.filter(pk=book.pk).update(region=region, product_line=line)
        return services.publish_book(actor=otto, book_id=book.pk, effective_from=starts)

    return publish


@pytest.fixture
def emea(cast):
    return Region.objects.get(path="WORLD.EMEA")


def deciding(path, line, at=None):
    return books.current_book(path, line.pk, at).id


def test_the_most_specific_book_decides(cast, rules, publish, emea):
    dach = Region.objects.create(code="DACH", name="DACH", parent=emea, path="WORLD.EMEA.DACH")
    other = ProductLine.objects.create(code="edge", name="Edge")
    for_line, for_emea = publish(line=cast.product), publish(region=emea)
    both = publish(region=emea, line=cast.product)

    assert deciding(dach.path, cast.product) == both.pk
    assert deciding(dach.path, other) == for_emea.pk
    assert deciding("WORLD", cast.product) == for_line.pk
    assert deciding("WORLD", other) == rules.pk
    assert deciding("WORLD.EMEAN", other) == rules.pk


def test_a_book_begins_to_decide_at_its_moment(cast, rules, publish):
    starts = timezone.now() + SOON
    later = publish(starts=starts)

    rules.refresh_from_db()
    assert (rules.status, later.status) == ("published", "published")
    assert deciding("WORLD", cast.product) == rules.pk
    assert deciding("WORLD", cast.product, starts) == later.pk


def test_two_books_never_begin_at_once(otto, rules, publish):
    starts = timezone.now() + SOON
    publish(starts=starts)
    with pytest.raises(InvalidRule, match="begins at this very moment"):
        publish(starts=starts)

    copy = services.draft_book(actor=otto, from_book_id=rules.pk)
    with pytest.raises(IntegrityError, match="book_one_in_force_per_scope"), transaction.atomic():
        RuleBook.objects.filter(pk=copy.pk).update(status="published", effective_from=starts)


def test_the_scope_of_a_published_book_stays(rules, emea):
    with pytest.raises(IntegrityError, match="stay as they are"), transaction.atomic():
        RuleBook.objects.filter(pk=rules.pk).update(status="retired", region=emea)


def test_a_region_inherits_again_when_its_book_is_retired(otto, cast, rules, publish, emea):
    own = publish(region=emea)
    services.retire_book(actor=otto, book_id=own.pk)

    assert deciding(emea.path, cast.product) == rules.pk
    assert Event.objects.latest("id").kind == "dealreg.rule_book_retired"


def test_the_last_general_book_stays(otto, rules):
    events = Event.objects.count()
    with pytest.raises(InvalidRule, match="have to stay"):
        services.retire_book(actor=otto, book_id=rules.pk)

    rules.refresh_from_db()
    assert (rules.status, Event.objects.count()) == ("published", events)


@pytest.mark.parametrize("who", ["mara", "jonas", "olga"])
def test_only_operations_retire(cast, publish, emea, who):
    own = publish(region=emea)
    with pytest.raises(PermissionDenied):
        services.retire_book(actor=cast.actor(getattr(cast, who)), book_id=own.pk)

    own.refresh_from_db()
    assert own.status == "published"


def test_finding_the_book_takes_one_query(cast, rules, django_assert_num_queries):
    deciding("WORLD.EMEA", cast.product)

    with django_assert_num_queries(1):
        deciding("WORLD.EMEA", cast.product)


def test_a_registration_is_decided_by_its_regions_book(registered, publish, emea):
    own = publish(region=emea)

    assert registered().decisions.get().book_id == own.pk


def test_fsck_misses_rules_for_everybody(rules):
    assert not list(findings(only=["dealreg.rules"]))
    RuleBook.objects.filter(pk=rules.pk).update(status="retired")

    assert [finding.check for finding in findings(only=["dealreg.rules"])] == ["dealreg.rules"]


def test_partners_read_the_rules_of_their_region(client, cast, rules, publish, emea):
    own = publish(region=emea)
    client.force_login(cast.jonas)
    text = client.get(reverse("deal_rules")).content.decode()

    assert f"Version {own.version}, in force since" in text
    assert "EMEA · Cloud" in text
    assert "if it is a public-sector tender and the customer has not agreed" in text
    assert "[the customer&#x27;s name] is protected" in text
    assert "for the Silver tier (€50,000.00)" in text
    assert "protected for your company for 90 days" in text.replace("\n", " ")
    assert "Version 1," not in text


def test_the_admin_publishes_from_a_date(client, cast, otto, rules):
    draft = services.draft_book(actor=otto, from_book_id=rules.pk)
    client.force_login(cast.otto)
    starts = timezone.localtime() + SOON
    address = reverse("admin:dealreg_rulebook_publish", args=[draft.pk])
    client.post(address, {"effective_from": starts.strftime("%Y-%m-%dT%H:%M")})

    draft.refresh_from_db()
    assert draft.effective_from == starts.replace(second=0, microsecond=0)
    client.post(reverse("admin:dealreg_rulebook_retire", args=[draft.pk]))
    draft.refresh_from_db()
    assert draft.status == "retired"
