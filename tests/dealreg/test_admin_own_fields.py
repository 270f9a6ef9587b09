"""The back office's editor of own fields, and its list of deals with them."""

from decimal import Decimal

import pytest
from django.urls import reverse

from core.models import Event
from core.own_fields.fields import FieldType
from dealreg import services
from dealreg.models import DealField
from dealreg.services import ChoiceDraft, FieldDraft

pytestmark = pytest.mark.django_db
ADD = "admin:dealreg_dealfield_add"


@pytest.fixture
def otto(client, cast):
    client.force_login(cast.otto)
    return client


@pytest.fixture
def hosting(cast, rules):
    answers = (ChoiceDraft("own", {"en": "Own"}), ChoiceDraft("cloud", {"en": "Cloud"}))
    draft = FieldDraft(
        "hosting",
        FieldType.CHOICE,
        {"en": "Hosting"},
        choices=answers,
        in_list=True,
        in_filter=True,
    )
    return services.add_field(actor=cast.actor(cast.otto), draft=draft)


def written(**changes):
    return {
        "code": "seats",
        "type": "number",
        "position": "10",
        "needed": "never",
        "label_en": "Seats",
        "label_de": "Plätze",
        "least": "1",
        "choices-TOTAL_FORMS": "0",
        "choices-INITIAL_FORMS": "0",
        "when-TOTAL_FORMS": "0",
        "when-INITIAL_FORMS": "0",
        **changes,
    }


def test_a_field_is_defined_without_code(otto, hosting):
    need = {
        "needed": "when",
        "match": "any",
        "when-TOTAL_FORMS": "2",
        "when-0-fact": "own.hosting",
        "when-0-operator": "is",
        "when-0-value": "own",
        "when-1-fact": "deal.public_sector",
        "when-1-operator": "is",
        "when-1-value": "yes",
    }
    page = otto.post(reverse(ADD), written(**need), follow=True)

    row = DealField.objects.get(code="seats")
    assert row.labels == {"en": "Seats", "de": "Plätze"}
    assert row.conditions == {
        "any": [{"fact": "own.hosting", "is": "own"}, {"fact": "deal.public_sector", "is": True}]
    }
    assert "Needed if Hosting is Own or it is a public-sector tender." in page.content.decode()


def test_a_choice_is_written_as_rows_and_changed(otto, hosting):
    address = reverse("admin:dealreg_dealfield_change", args=[hosting.pk])
    rows = {
        "choices-TOTAL_FORMS": "3",
        "choices-INITIAL_FORMS": "2",
        "choices-0-code": "own",
        "choices-0-label_en": "Own",
        "choices-1-code": "cloud",
        "choices-1-label_en": "Cloud",
        "choices-1-offered": "on",
        "choices-2-code": "mixed",
        "choices-2-label_en": "Mixed",
        "choices-2-offered": "on",
    }
    otto.post(address, written(code="hosting", type="choice", least="", **rows))

    hosting.refresh_from_db()
    assert [(one["code"], one["offered"]) for one in hosting.choices] == [
        ("own", False),
        ("cloud", True),
        ("mixed", True),
    ]


def test_what_cannot_be_is_said_beside_its_part(otto, hosting):
    wrong = written(code="hosting", label_en="", label_de="", digits="9")
    page = otto.post(reverse(ADD), wrong).content.decode()

    for sentence in (
        "Another field has this code.",
        "Write the label in the portal’s own language",
        "up to 6 decimal places",
    ):
        assert sentence in page
    assert DealField.objects.count() == 1


def test_a_stale_form_replaces_nothing(otto, hosting):
    address = reverse("admin:dealreg_dealfield_change", args=[hosting.pk])
    stale = written(code="hosting", type="choice", seen="another")
    page = otto.post(address, stale)

    assert page.status_code == 409
    assert "A colleague changed this field" in page.content.decode()
    assert not Event.objects.filter(kind="dealreg.own_field_changed").exists()


def test_retired_and_offered_again(otto, hosting):
    for verb, active in (("retire", False), ("restore", True)):
        otto.post(reverse(f"admin:dealreg_dealfield_{verb}", args=[hosting.pk]))
        hosting.refresh_from_db()
        assert hosting.active is active


def test_channel_managers_read_what_operations_write(client, cast, hosting):
    client.force_login(cast.mara)
    address = reverse("admin:dealreg_dealfield_change", args=[hosting.pk])

    assert "Save the field" not in client.get(address).content.decode()
    assert client.post(address, written(code="hosting")).status_code == 403
    retire = reverse("admin:dealreg_dealfield_retire", args=[hosting.pk])
    assert client.post(retire).status_code == 403
    hosting.refresh_from_db()
    assert hosting.active


def test_the_preview_speaks_the_chosen_language(otto, cast):
    words = {"en": "Seats", "de": "Plätze"}
    services.add_field(
        actor=cast.actor(cast.otto), draft=FieldDraft("seats", FieldType.NUMBER, words)
    )
    address = reverse("admin:dealreg_dealfield_preview")

    assert "Plätze" in otto.get(f"{address}?language=de").content.decode()
    assert "Seats" in otto.get(f"{address}?language=nonsense&region=x").content.decode()


def test_the_list_of_deals_shows_and_filters_by_own_fields(otto, hosting, registered, cast):
    size = FieldDraft("size", FieldType.NUMBER, {"en": "Size"}, in_list=True, in_filter=True)
    services.add_field(actor=cast.actor(cast.otto), draft=size)
    registered(own_values={"hosting": "own", "size": Decimal(5)})
    registered(customer_name="Halcyon", customer_domain="", own_values={"size": Decimal(50)})
    address = reverse("admin:dealreg_deal_changelist")

    def names(query):
        return {deal.customer_name for deal in otto.get(address + query).context["cl"].result_list}

    page = otto.get(address).content.decode()
    assert "Hosting" in page
    assert names("?own_hosting=own") == {"Nordwind Logistics GmbH"}
    assert names("?own_size_least=6") == {"Halcyon"}
    assert names("?own_size_most=6&own_size_least=") == {"Nordwind Logistics GmbH"}
    assert len(names("?own_size_least=%27x")) == 2
