"""Known customers are found under other spellings, names, domains, and in their families."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from core import fsck
from core.actor import system
from dealreg.matching import find_similar
from dealreg.models import Account, AccountAlias, AccountKey
from dealreg.rules.names import Customer
from dealreg.services import (
    CustomerDetails,
    PastAccount,
    add_alias,
    add_customer,
    change_customer,
    import_accounts,
    indexing,
    remove_alias,
)

pytestmark = pytest.mark.django_db
ME = system("test")


def known(name="Nordwind Logistics GmbH", domain="nordwind.de", country="DE", **more) -> Account:
    details = CustomerDetails(name=name, domain=domain, country=country, **more)
    return add_customer(actor=ME, details=details)


def found(name="", domain="", country="DE") -> list[tuple[str, str]]:
    return [
        (one.name, str(one.level)) for one in find_similar(Customer.typed(name, domain, country))
    ]


@pytest.mark.parametrize(
    ("name", "level"),
    [("Logistics Nordwind AG", "same"), ("Nordwnid Logistcs", "likely"), ("Nordwind", "possible")],
)
def test_other_spellings_are_found(name, level):
    known()

    assert found(name) == [("Nordwind Logistics GmbH", level)]


def test_the_surest_comes_first():
    for name in ("Nordwind", "Nordwind Logistik", "Nordwind Logistics"):
        known(name, domain="")

    assert found("Nordwind Logistics") == [
        ("Nordwind Logistics", "same"),
        ("Nordwind Logistik", "likely"),
        ("Nordwind", "possible"),
    ]


def test_a_match_says_which_fields_and_how_alike():
    known()
    [match] = find_similar(Customer.typed("Nordwnid Logistics", "", "DE"))

    assert (match.agreeing, match.score) == (("name", "country"), 94)


def test_another_name_finds_the_customer():
    account = known("Vereinigte Hafenbetriebe AG", "")
    alias = add_alias(actor=ME, account_id=account.pk, name="Portunion", domain="portunion.com")

    assert found("PortUnion Ltd") == [("Vereinigte Hafenbetriebe AG", "same")]
    assert found("Zephyr", "portunion.com", "US") == [("Vereinigte Hafenbetriebe AG", "same")]

    remove_alias(actor=ME, alias_id=alias.pk)
    assert found("PortUnion Ltd") == []


def test_parents_and_subsidiaries_are_possible():
    parent = known("Zephyr Holding", "")
    child = known(parent_id=parent.pk)
    known("Bora Spedition", "", parent_id=child.pk)

    assert found("Nordwind Logistics") == [
        ("Nordwind Logistics GmbH", "same"),
        ("Zephyr Holding", "possible"),
        ("Bora Spedition", "possible"),
    ]


def test_a_subsidiary_of_somebody_elses_customer_is_looked_at(registered, cast):
    parent = known("Zephyr Holding", "")
    known(parent_id=parent.pk)
    registered(customer_name="Zephyr Holding", customer_domain="")
    second = registered(by=cast.bo, customer_name="Nordwind Logistics", customer_domain="")

    decision = second.decisions.get()
    assert (decision.rule, decision.conflict_level) == ("possible-conflict", "possible")


def test_a_new_name_is_found_and_the_old_one_no_more():
    account = known(domain="")
    details = CustomerDetails(name="Bora Spedition", country="DE")
    change_customer(actor=ME, account_id=account.pk, details=details)

    assert found("Bora Spedition AG") == [("Bora Spedition", "same")]
    assert found("Nordwind Logistics") == []


def test_imported_customers_are_found():
    import_accounts(actor=ME, accounts=[PastAccount("crm:1", "Nordwind Logistics", country="DE")])

    assert found("Nordwind Logistcs") == [("Nordwind Logistics", "likely")]


def test_lost_keys_are_noticed_and_written_anew():
    known()
    AccountKey.objects.all().delete()
    lost = list(fsck.findings(only=["dealreg.keys"]))
    call_command("index_accounts", "--missing")

    assert len(lost) == 1
    assert list(fsck.findings(only=["dealreg.keys"])) == []
    assert found("Nordwind Logistics") == [("Nordwind Logistics GmbH", "same")]


def test_indexing_anew_leaves_the_same_keys():
    account = known()
    add_alias(actor=ME, account_id=account.pk, name="Portunion")
    keys = set(AccountKey.objects.values_list("key", flat=True))
    call_command("index_accounts")

    assert set(AccountKey.objects.values_list("key", flat=True)) == keys


def test_indexing_anew_folds_names_as_they_are_folded_now():
    """Names that were folded by an older release are found by the newer one's keys."""
    account = known("株式会社日立製作所", "")
    Account.objects.update(name_key="株式会社日立製作所")
    add_alias(actor=ME, account_id=account.pk, name="Ørsted A/S")
    AccountAlias.objects.update(name_key="ørsted")
    call_command("index_accounts")

    assert found("日立製作所") == [("株式会社日立製作所", "same")]
    assert Account.objects.get().name_key == "日立製作所"
    assert AccountAlias.objects.get().name_key == "orsted"


@pytest.mark.parametrize("size", [1, 30])
def test_the_number_of_queries_does_not_grow(size, django_assert_max_num_queries):
    for number in range(size):
        known(f"Nordwind Logistics {number}", "")
    with django_assert_max_num_queries(3):
        assert len(find_similar(Customer.typed("Nordwind Logistics", "", "DE"))) == size


def test_operations_keep_other_names_in_the_back_office(client, cast):
    account = known("Vereinigte Hafenbetriebe AG", "")
    client.force_login(cast.otto)
    add, form = reverse("admin:dealreg_accountalias_add"), {"account": account.pk}
    empty = client.post(add, {**form, "name": "", "domain": ""}).content.decode()
    client.post(add, {**form, "name": "Portunion", "domain": "https://portunion.com/x"})

    assert "Enter another name, another domain, or both." in empty
    assert found("Zephyr", "portunion.com") == [("Vereinigte Hafenbetriebe AG", "same")]
    client.post(
        reverse("admin:dealreg_accountalias_delete", args=[account.aliases.get().pk]),
        {"post": "yes"},
    )
    assert found("Portunion") == []


@pytest.mark.parametrize("account", ["NaN", "0x10", "1.0", "'; --", "987654321"])
def test_another_name_of_no_customer_is_refused(client, cast, account):
    client.force_login(cast.otto)
    add = reverse("admin:dealreg_accountalias_add")
    answer = client.post(add, {"account": account, "name": "Portunion", "domain": ""})

    assert answer.status_code == 200
    assert "Select a valid choice" in answer.content.decode()
    assert not AccountAlias.objects.exists()


def test_channel_managers_do_not_write_other_names(cast):
    account = known()
    with pytest.raises(PermissionDenied):
        add_alias(actor=cast.actor(cast.mara), account_id=account.pk, name="Portunion")

    assert not AccountAlias.objects.exists()


def test_the_first_keys_of_many_customers_are_written_before_the_index(monkeypatch):
    for number in range(3):
        known(f"Nordwind Logistics {number}", "")
    keys = set(AccountKey.objects.values_list("key", "account_id"))
    AccountKey.objects.all().delete()
    monkeypatch.setattr(indexing, "BATCH", 2)
    call_command("index_accounts", "--missing")

    assert set(AccountKey.objects.values_list("key", "account_id")) == keys
    with connection.cursor() as cursor:
        primary = connection.introspection.get_primary_key_columns(cursor, "dealreg_accountkey")
    assert primary == ["key", "account_id"]
