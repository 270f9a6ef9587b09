"""Otto tidies the list of customers in the back office."""

import pytest
from django.urls import reverse

from core.actor import system
from dealreg.models import Account, AccountMerge, Deal, DuplicatePair
from dealreg.services import CustomerDetails, add_customer
from dealreg.services.duplicates import look_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, cast):
    client.force_login(cast.otto)
    return client


@pytest.fixture
def pair(registered) -> DuplicatePair:
    """Nordwind with a deal, and the same under another spelling."""
    registered()
    details = CustomerDetails(name="Nordwnid Logistics", country="DE")
    add_customer(actor=system("test"), details=details)
    look_on()
    return DuplicatePair.objects.get()


def address(name: str, *args: object) -> str:
    return reverse(f"admin:dealreg_{name}", args=args)


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_from_the_start_page_to_a_merge_and_back(desk, pair):
    assert "1 pair to look at" in words(desk.get(reverse("admin:index")))
    listed = words(desk.get(address("account_duplicates")))
    assert "name 94 %" in listed
    assert "1 deal<" in listed

    here = address("account_merge", pair.second_id, pair.first_id)
    preview = words(desk.get(here))
    assert "nordwind.example.com" not in preview or "example.com" in preview
    assert "Protections" in preview
    done = desk.post(here, follow=True)
    assert "Nordwind Logistics GmbH is merged." in words(done)
    assert Deal.objects.get().account_id == pair.second_id

    undone = desk.post(address("accountmerge_undo", AccountMerge.objects.get().pk), follow=True)
    assert "two customers again" in words(undone)
    assert Deal.objects.get().account_id == pair.first_id


def test_old_links_lead_to_the_customer_that_was_kept(desk, pair):
    desk.post(address("account_merge", pair.first_id, pair.second_id))
    answer = desk.get(address("account_change", pair.second_id), follow=True)

    assert answer.redirect_chain[-1][0] == address("account_change", pair.first_id)
    assert "you see the one that was kept" in words(answer)
    assert "Nordwnid" not in words(desk.get(address("account_changelist")))
    assert "merged the customer" in words(desk.get(address("account_history", pair.second_id)))


def test_a_pair_that_is_two_is_not_proposed_again(desk, pair):
    answer = desk.post(address("account_dismiss", pair.pk), follow=True)

    assert "No pair waits" in words(answer)
    assert Account.objects.filter(merged_into__isnull=False).count() == 0


def test_the_other_one_is_found_by_likeness_and_by_words(desk, pair):
    alike = words(desk.get(address("account_choose", pair.first_id)))
    found = words(desk.get(address("account_choose", pair.first_id), {"q": "nordwnid"}))
    nothing = words(desk.get(address("account_choose", pair.first_id), {"q": "zephyr"}))

    link = address("account_merge", pair.first_id, pair.second_id)
    assert [link in page for page in (alike, found, nothing)] == [True, True, False]


def test_a_refused_merge_says_why_and_offers_none(desk, pair, registered, cast):
    Deal.objects.update(status="declined")
    Account.objects.filter(pk=pair.first_id).update(parent=pair.second_id)
    child = add_customer(
        actor=system("test"), details=CustomerDetails(name="Zephyr", parent_id=pair.second_id)
    )
    Account.objects.filter(pk=pair.first_id).update(parent=child)
    here = address("account_merge", pair.first_id, pair.second_id)

    assert "They belong to each other" in words(desk.get(here))
    answer = desk.post(here)
    assert answer.status_code == 409
    assert "subsidiary" in words(answer)
    assert not AccountMerge.objects.exists()


@pytest.mark.parametrize("size", [2, 8])
def test_the_list_costs_the_same_for_any_number(desk, rules, size, django_assert_max_num_queries):
    for number in range(size):
        details = CustomerDetails(name=f"Zephyr Spedition {'x' * number}", country="DE")
        add_customer(actor=system("test"), details=details)
    look_on()
    with django_assert_max_num_queries(12):
        desk.get(address("account_duplicates"))
