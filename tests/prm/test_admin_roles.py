"""Who gets where in the back office: every page of every table, for each role."""

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from partners.models import StaffDuty

pytestmark = pytest.mark.django_db

# table → what operations may do to a row beyond reading it
OPERATIONS = {
    "core.apitoken": {"add"},
    "core.appointment": set(),
    "core.branding": {"change"},
    "core.event": set(),
    "core.eventdelivery": set(),
    "core.eventseal": set(),
    "core.exchangerate": {"add", "change", "delete"},
    "core.importrun": set(),
    "core.outgoingmail": set(),
    "core.storedfile": set(),
    "core.user": {"add", "change"},
    "dealreg.account": {"add", "change", "delete"},
    "dealreg.accountalias": {"add", "change", "delete"},
    "dealreg.accountmerge": set(),
    "dealreg.conflictcase": set(),
    "dealreg.closereason": {"add", "change", "delete"},
    "dealreg.deal": set(),
    "dealreg.extension": set(),
    "dealreg.dealfield": {"add", "change", "delete"},
    "dealreg.directopportunity": {"add", "change", "delete"},
    "dealreg.productline": {"add", "change", "delete"},
    "dealreg.purchase": {"add", "change", "delete"},
    "dealreg.rulebook": set(),
    "dealreg.split": set(),
    "dealreg.splitpolicy": {"add", "change", "delete"},
    "integrations.inboundmessage": set(),
    "dealreg.servicelevel": {"add", "change", "delete"},
    "partners.focus": {"add", "change", "delete"},
    "partners.measurevalue": {"add"},
    "partners.partnercontact": {"add", "change", "delete"},
    "partners.partnernote": {"add"},
    "partners.benefitcatalogue": {"add"},
    "partners.partnerdocument": {"add", "change"},
    "partners.rollout": {"add", "change", "delete"},
    "partners.typeplaybook": {"add", "change", "delete"},
    "partners.tierassessment": set(),
    "partners.tierexception": {"add"},
    "partners.tierprogramme": {"add"},
    "partners.tierproposal": set(),
    "partners.tierrun": {"add"},
    "partners.tierschedule": {"add", "change", "delete"},
    "dealreg.salesstage": {"change"},
    "partners.directoryprofile": {"change"},
    "dealreg.lead": {"change"},
    "partners.distributionlink": {"add", "change"},
    "partners.distributionpolicy": {"add", "change", "delete"},
    "partners.invitation": set(),
    "partners.offboarding": {"add"},
    "partners.visit": set(),
    "partners.membership": {"add", "change"},
    "partners.partner": {"add", "change"},
    "partners.region": {"add", "change", "delete"},
    "partners.staffduty": {"add", "delete"},
    "partners.tier": {"add", "change", "delete"},
    "partners.todo": set(),
}
READ_BY_CHANNEL_MANAGERS = {
    "core.exchangerate",
    "dealreg.account",
    "dealreg.accountalias",
    "dealreg.accountmerge",
    "dealreg.conflictcase",
    "dealreg.closereason",
    "dealreg.deal",
    "dealreg.extension",
    "dealreg.dealfield",
    "dealreg.directopportunity",
    "dealreg.productline",
    "dealreg.purchase",
    "dealreg.rulebook",
    "dealreg.split",
    "dealreg.splitpolicy",
    "dealreg.servicelevel",
    "partners.focus",
    "partners.benefitcatalogue",
    "partners.measurevalue",
    "partners.partnercontact",
    "partners.partnernote",
    "partners.partnerdocument",
    "partners.rollout",
    "partners.typeplaybook",
    "partners.tierassessment",
    "partners.tierexception",
    "partners.tierprogramme",
    "partners.tierproposal",
    "partners.tierrun",
    "partners.tierschedule",
    "dealreg.salesstage",
    "partners.directoryprofile",
    "dealreg.lead",
    "partners.distributionlink",
    "partners.distributionpolicy",
    "partners.invitation",
    "partners.offboarding",
    "partners.visit",
    "partners.membership",
    "partners.partner",
    "partners.region",
    "partners.tier",
    "partners.todo",
}
ADDED_BY_CHANNEL_MANAGERS = {"partners.partnerdocument", "partners.partnernote"}
TABLES = sorted(OPERATIONS)


def address(table, page, *args):
    return reverse(f"admin:{table.replace('.', '_')}_{page}", args=args)


@pytest.fixture
def as_role(client, cast):
    def sign_in(role):
        if role == "nobody":
            return client
        if role == "no duty":
            StaffDuty.objects.filter(user=cast.mara).delete()
        user = {
            "partner": cast.ada,
            "no partner": cast.olga,
            "no duty": cast.mara,
            "channel manager": cast.mara,
            "operations": cast.otto,
            "superuser": cast.otto,
        }[role]
        if role == "superuser":
            StaffDuty.objects.filter(user=user).delete()
            user.is_superuser = True
            user.save()
        client.force_login(user)
        return client

    return sign_in


def test_every_table_stands_in_the_list():
    assert sorted(model._meta.label_lower for model in admin.site._registry) == TABLES


@pytest.mark.parametrize("table", TABLES)
def test_operations_and_superusers(as_role, table):
    for role in ("operations", "superuser"):
        desk = as_role(role)
        listed = desk.get(address(table, "changelist"))
        assert listed.status_code == (302 if table == "core.branding" else 200)
        expected = 200 if "add" in OPERATIONS[table] else 403
        assert desk.get(address(table, "add")).status_code == expected


@pytest.mark.parametrize("table", TABLES)
def test_channel_managers_read_the_programme(as_role, table):
    desk = as_role("channel manager")
    expected = 200 if table in READ_BY_CHANNEL_MANAGERS else 403

    assert desk.get(address(table, "changelist"), follow=True).status_code == expected
    added = 200 if table in ADDED_BY_CHANNEL_MANAGERS else 403
    assert desk.get(address(table, "add")).status_code == added
    assert desk.post(address(table, "add"), {}).status_code == added


@pytest.mark.parametrize("role", ["partner", "no partner", "no duty"])
def test_others_are_told_on_every_address(as_role, role):
    browser = as_role(role)
    pages = [address(table, "changelist") for table in TABLES]
    pages += [reverse("admin:index"), reverse("admin:dealreg_deal_queue"), "/admin/nothing/"]

    answers = {page: browser.get(page) for page in pages}
    assert {page: answer.status_code for page, answer in answers.items()} == dict.fromkeys(
        pages, 403
    )
    says = "You have no duty yet" if role == "no duty" else "the vendor’s back office"
    assert says in answers[pages[0]].content.decode()


def test_the_sign_in_is_the_portals(client, db):
    answer = client.get(reverse("admin:index"), follow=True)

    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert (
        "next=%2Fadmin%2F" in answer.redirect_chain[-1][0]
        or "next=/admin/" in (answer.redirect_chain[-1][0])
    )


def test_the_sidebar_shows_what_may_be_opened(as_role):
    page = as_role("channel manager").get(reverse("admin:index")).content.decode()

    for table in TABLES:
        link = f'href="{address(table, "changelist")}"'
        assert (link in page) == (table in READ_BY_CHANNEL_MANAGERS), table


def test_signing_out_leads_out(as_role):
    desk = as_role("operations")
    desk.post(reverse("admin:logout"), follow=True)

    assert desk.get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize("name", ["password_change", "password_change_done"])
def test_passwords_are_changed_in_the_portal(as_role, name):
    answer = as_role("operations").get(reverse(f"admin:{name}"))

    assert answer.headers["Location"] == reverse("security")


def test_no_way_around_by_bulk(as_role, cast):
    desk = as_role("superuser")
    for table in TABLES:
        if table == "core.branding":
            continue
        page = desk.get(address(table, "changelist")).content.decode()
        assert "delete_selected" not in page, table


@pytest.mark.parametrize("table", TABLES)
def test_a_row_that_is_not_there(as_role, table):
    desk = as_role("operations")

    assert desk.get(address(table, "change", "987654321")).status_code == 404
    try:
        assert desk.get(address(table, "history", "987654321")).status_code == 404
    except NoReverseMatch:
        pytest.fail("no history")
