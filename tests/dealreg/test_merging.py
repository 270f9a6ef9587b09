"""Two customers become one, and two again."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core import fsck
from core.actor import system
from core.models import Event
from dealreg.matching import find_similar
from dealreg.models import (
    Account,
    AccountAlias,
    AccountKey,
    AccountMerge,
    Deal,
    DirectOpportunity,
    DuplicatePair,
    ProductLine,
    Protection,
    Purchase,
)
from dealreg.rules.names import Customer
from dealreg.services import (
    CustomerDetails,
    MergeRefused,
    PastAccount,
    add_alias,
    add_customer,
    change_customer,
    dismiss_duplicate,
    import_accounts,
    merge_accounts,
    plan_merge,
    undo_merge,
)
from dealreg.services.duplicates import look_on, open_pairs

pytestmark = pytest.mark.django_db
ME = system("test")
TABLES = (Account, AccountAlias, AccountKey, Deal, Protection, Purchase, DirectOpportunity)


def known(name: str, **more) -> Account:
    return add_customer(actor=ME, details=CustomerDetails(name=name, **more))


def merge(survivor: Account, loser: Account) -> AccountMerge:
    return merge_accounts(actor=ME, survivor_id=survivor.pk, loser_id=loser.pk)


def rows() -> dict[str, list[str]]:
    """Every stored value, but for the ids of keys, which have none."""
    return {
        model.__name__: sorted(str(row) for row in model._base_manager.values()) for model in TABLES
    }


def found(name: str, domain: str = "") -> list[str]:
    return [one.name for one in find_similar(Customer.typed(name, domain, "DE"))]


@pytest.fixture
def nordwind(db) -> Account:
    return known("Nordwind Logistics GmbH", country="DE")


@pytest.fixture
def zephyr(cast, registered) -> Account:
    """The same company under its old name, with all that a customer can have."""
    parent = known("Boreas Holding")
    deal = registered(
        customer_name="Zephyr Spedition", customer_domain="zephyr.de", amount=Decimal(9000)
    )
    zephyr = Account.objects.get(pk=deal.account_id)
    change_customer(
        actor=ME,
        account_id=zephyr.pk,
        details=CustomerDetails(
            name=zephyr.name, domain="zephyr.de", country="DE", parent_id=parent.pk, employees=40
        ),
    )
    known("Zephyr Kühlhaus", parent_id=zephyr.pk)
    add_alias(actor=ME, account_id=zephyr.pk, name="Westwind Transporte")
    day = timezone.localdate() - dt.timedelta(days=400)
    Purchase.objects.create(account=zephyr, product_line=cast.product, bought_on=day)
    DirectOpportunity.objects.create(account=zephyr, opened_on=day)
    zephyr.refresh_from_db()
    return zephyr


def test_everything_goes_to_the_survivor(nordwind, zephyr):
    merge(nordwind, zephyr)
    nordwind.refresh_from_db()

    deal = Deal.objects.get()
    assert {deal.account, deal.protection.account} == {nordwind}
    assert {Purchase.objects.get().account, DirectOpportunity.objects.get().account} == {nordwind}
    assert Account.objects.get(name="Zephyr Kühlhaus").parent == nordwind
    assert (nordwind.domain, nordwind.employees) == ("zephyr.de", 40)
    assert Account.objects.get(pk=zephyr.pk).merged_into == nordwind
    assert list(fsck.findings(only=["dealreg.merged", "dealreg.keys", "dealreg.protections"])) == []


@pytest.mark.parametrize(
    ("name", "domain"),
    [("Zephyr Spedition", ""), ("Westwind Transport", ""), ("Quux", "zephyr.de"), ("Nordwind", "")],
)
def test_the_survivor_is_found_under_every_name(nordwind, zephyr, name, domain):
    merge(nordwind, zephyr)
    names = found(name, domain)

    assert nordwind.name in names
    assert zephyr.name not in names


def test_a_registration_of_the_old_name_meets_what_the_survivor_has(
    nordwind, zephyr, registered, cast
):
    merge(nordwind, zephyr)
    second = registered(by=cast.bo, customer_name="Nordwind Logistics", customer_domain="")

    assert (second.account, second.status) == (nordwind, "in_review")


def test_undoing_restores_every_value(nordwind, zephyr):
    before = rows()
    done = merge(nordwind, zephyr)
    assert rows() != before
    undo_merge(actor=ME, merge_id=done.pk)

    assert rows() == before


def test_undoing_a_merge_of_a_parent_restores_it(nordwind, zephyr):
    Account.objects.filter(pk=nordwind.pk).update(parent=zephyr)
    before = rows()
    done = merge(nordwind, zephyr)
    assert str(Account.objects.get(pk=nordwind.pk).parent) == "Boreas Holding"
    undo_merge(actor=ME, merge_id=done.pk)

    assert rows() == before


def test_what_came_since_stays_with_the_survivor(nordwind, zephyr, registered, cast):
    done = merge(nordwind, zephyr)
    later = registered(by=cast.bo, customer_name="Zephyr Spedition", customer_domain="")
    undo_merge(actor=ME, merge_id=done.pk)

    later.refresh_from_db()
    assert later.account == nordwind
    assert list(fsck.findings(only=["dealreg.merged", "dealreg.keys"])) == []


def test_both_customers_tell_of_it(nordwind, zephyr):
    done = merge(nordwind, zephyr)
    undo_merge(actor=ME, merge_id=done.pk)
    told = Event.objects.filter(kind__contains="merge").order_by("id")

    assert [(event.kind, event.subject_id) for event in told] == [
        ("dealreg.accounts_merged", nordwind.pk),
        ("dealreg.accounts_merged", zephyr.pk),
        ("dealreg.merge_undone", nordwind.pk),
        ("dealreg.merge_undone", zephyr.pk),
    ]
    assert told[0].payload["moved"]["dealreg.deal"] == 1


def test_the_plan_says_what_would_happen_and_changes_nothing(nordwind, zephyr):
    before = rows()
    plan = plan_merge(actor=ME, survivor_id=nordwind.pk, loser_id=zephyr.pk)

    assert plan.possible
    assert plan.moves["deals"] == plan.moves["protections"] == plan.moves["purchases"] == 1
    assert plan.takes_over["domain"] == "zephyr.de"
    assert plan.names == ("Zephyr Spedition",)
    assert rows() == before


def refused(before, error, *words: str) -> bool:
    """Nothing was changed or told, and the refusal names these."""
    told = Event.objects.filter(kind="dealreg.merge_undone").exists()
    return rows() == before and not told and all(word in str(error.value) for word in words)


def test_two_protections_at_once_are_refused_by_name(nordwind, zephyr, registered, cast):
    other = registered(by=cast.bo, customer_name=nordwind.name, customer_domain="")
    before = rows()
    with pytest.raises(MergeRefused) as error:
        merge(nordwind, zephyr)

    assert refused(before, error, other.reference, Deal.objects.earliest("id").reference)
    assert not plan_merge(actor=ME, survivor_id=nordwind.pk, loser_id=zephyr.pk).possible


def test_protections_of_two_product_lines_go_together(nordwind, zephyr, registered, cast):
    line = ProductLine.objects.create(code="other", name="Other")
    registered(by=cast.bo, customer_name=nordwind.name, customer_domain="", product_line_id=line.pk)
    merge(nordwind, zephyr)

    assert Protection.objects.filter(account=nordwind).count() == 2


def test_a_circle_of_companies_is_refused(nordwind, zephyr):
    Account.objects.filter(pk=nordwind.pk).update(
        parent=Account.objects.get(name="Zephyr Kühlhaus")
    )
    before = rows()
    with pytest.raises(MergeRefused) as error:
        merge(nordwind, zephyr)

    assert refused(before, error, "subsidiary of Zephyr")


@pytest.mark.parametrize("change", ["survivor", "deal", "alias"])
def test_undoing_after_a_contradiction_is_refused(nordwind, zephyr, change):
    done = merge(nordwind, zephyr)
    if change == "survivor":
        Account.objects.filter(pk=nordwind.pk).update(domain="other.de")
    elif change == "deal":
        Deal.objects.update(account=known("Somebody Else"))
    else:
        AccountAlias.objects.filter(pk__in=done.alias_ids).delete()
    before = rows()
    with pytest.raises(MergeRefused) as error:
        undo_merge(actor=ME, merge_id=done.pk)

    assert refused(before, error, "since")
    done.refresh_from_db()
    assert done.undone_at is None


def test_merges_are_undone_in_turn(nordwind, zephyr):
    third = known("Favonius Fracht")
    before = rows()
    first, second = merge(nordwind, zephyr), merge(third, nordwind)
    with pytest.raises(MergeRefused):
        undo_merge(actor=ME, merge_id=first.pk)
    assert Account.objects.get(pk=zephyr.pk).merged_into == third

    undo_merge(actor=ME, merge_id=second.pk)
    undo_merge(actor=ME, merge_id=first.pk)
    assert rows() == before


def test_a_merge_is_undone_once_and_a_customer_merged_once(nordwind, zephyr):
    done = merge(nordwind, zephyr)
    with pytest.raises(MergeRefused):
        merge(nordwind, zephyr)
    with pytest.raises(MergeRefused):
        merge(zephyr, nordwind)
    undo_merge(actor=ME, merge_id=done.pk)
    with pytest.raises(MergeRefused):
        undo_merge(actor=ME, merge_id=done.pk)
    with pytest.raises(MergeRefused):
        merge(nordwind, nordwind)


def test_an_import_finds_the_survivor_by_the_old_reference(nordwind):
    past = PastAccount("crm:Z", "Zephyr Spedition", country="DE")
    old = import_accounts(actor=ME, accounts=[past]).ids["crm:Z"]
    merge(nordwind, Account.objects.get(pk=old))

    assert import_accounts(actor=ME, accounts=[past]).ids == {"crm:Z": nordwind.pk}


@pytest.mark.parametrize("who", ["mara", "jonas"])
def test_only_operations_merge(nordwind, zephyr, cast, who):
    actor = cast.actor(getattr(cast, who))
    with pytest.raises(PermissionDenied):
        merge_accounts(actor=actor, survivor_id=nordwind.pk, loser_id=zephyr.pk)

    assert not AccountMerge.objects.exists()


# --- the list of pairs ----------------------------------------------------------------------


def test_the_audit_proposes_likely_pairs_once(nordwind):
    twin = known("Nordwnid Logistics", country="DE")
    known("Nordwind Solar", country="DE")

    assert (look_on(), look_on()) == (1, 0)
    pair = DuplicatePair.objects.get()
    assert (pair.first, pair.second, pair.level) == (nordwind, twin, "likely")


def test_the_audit_goes_on_where_it_stopped_and_rests_a_day(nordwind):
    for number in range(4):
        known(f"Zephyr {number} Spedition")
    known("Nordwnid Logistics", country="DE")

    assert [look_on(at_once=3), look_on(at_once=3), look_on(at_once=3)] == [1, 0, 0]
    assert [look_on(at_once=3)] == [0]


def test_dismissed_and_merged_pairs_are_gone(nordwind, cast):
    twin = known("Nordwnid Logistics", country="DE")
    look_on()
    done = merge(nordwind, twin)
    assert not open_pairs().exists()
    undo_merge(actor=ME, merge_id=done.pk)
    assert open_pairs().count() == 1

    dismiss_duplicate(actor=cast.actor(cast.otto), pair_id=DuplicatePair.objects.get().pk)
    assert not open_pairs().exists()
    assert Event.objects.filter(kind="dealreg.duplicate_dismissed").count() == 2
