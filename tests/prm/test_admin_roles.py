"""What the back office shows to whom. Who gets which address is walked in tests/access."""

import pytest
from django.contrib import admin
from django.urls import reverse

from partners.models import StaffDuty
from tests.access.rows import BACK_OFFICE

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
    "partners.jointplan": set(),
    "partners.swotpoint": set(),
    "partners.quarterlyreview": set(),
    "partners.reviewpack": set(),
    "partners.reviewtemplate": {"add", "change", "delete"},
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
    "partners.distributionlink",
    "partners.distributionpolicy",
    "partners.invitation",
    "partners.offboarding",
    "partners.visit",
    "partners.membership",
    "partners.partner",
    "partners.region",
    "partners.tier",
    "partners.jointplan",
    "partners.swotpoint",
    "partners.quarterlyreview",
    "partners.reviewpack",
    "partners.reviewtemplate",
    "partners.todo",
}
ADDED_BY_CHANNEL_MANAGERS = {"partners.partnerdocument", "partners.partnernote"}
TABLES = sorted(OPERATIONS)
TABLES = sorted(model._meta.label_lower for model in admin.site._registry)


def read_by(role):
    """The tables whose lists the role gets, as the table of addresses says."""
    lists = {f"/admin/{name.replace('.', '/')}/": name for name in TABLES}
    return {
        lists[row.address]
        for row in BACK_OFFICE
        if row.address in lists and (row.role, row.method, row.answer) == (role, "GET", "200")
    }


def address(name, page, *args):
    return reverse(f"admin:{name.replace('.', '_')}_{page}", args=args)


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


@pytest.mark.parametrize("role", ["partner", "no partner", "no duty"])
def test_others_are_told_why(as_role, role):
    browser = as_role(role)
    pages = [address("dealreg.deal", "changelist"), reverse("admin:index"), "/admin/nothing/"]
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

    readable = read_by("mara")
    assert 10 < len(readable) < len(TABLES)
    for name in TABLES:
        link = f'href="{address(name, "changelist")}"'
        assert (link in page) == (name in readable), name


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
    for name in TABLES:
        if name == "core.branding":
            continue
        page = desk.get(address(name, "changelist")).content.decode()
        assert "delete_selected" not in page, name


def test_a_row_that_is_not_there(as_role):
    desk = as_role("operations")
    pages = [address(name, page, "987654321") for name in TABLES for page in ("change", "history")]

    answers = {page: desk.get(page).status_code for page in pages}
    assert answers == dict.fromkeys(pages, 404)
