"""Who asked in a lead is erased when the time that its region keeps it for is over."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import Event
from dealreg.models import Lead, LeadOffer
from dealreg.rules.leads import LeadOutcome, LeadState
from dealreg.services.lead_retention import PERSONAL, erase_due
from dealreg.services.leads import _receive as receive
from dealreg.services.leads import accept_lead, close_lead, decline_lead
from partners.models import Region, RegionPolicy
from tests.dealreg.test_directory import ASKED

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


@pytest.fixture
def lead(cast):
    RegionPolicy.objects.create(region=Region.objects.get(path="WORLD.EMEA"), lead_days=90)
    return receive(cast.alpha.pk, ASKED)


def in_days(days):
    return timezone.now() + days * DAY


def said(lead):
    lead.refresh_from_db()
    return [getattr(lead, name) for name in PERSONAL]


def test_what_names_somebody_goes_and_the_lead_still_counts(cast, lead):
    jonas = cast.actor(cast.jonas)
    accept_lead(actor=jonas, lead_id=lead.pk)
    close_lead(actor=jonas, lead_id=lead.pk, outcome=LeadOutcome.NO_NEED, note="Anna has one")
    assert erase_due(now=in_days(89)) == 0
    assert said(lead)[:2] == ["Anna Auer", "Halcyon Clinics"]

    assert erase_due(now=in_days(91)) == 1
    assert said(lead) == [""] * len(PERSONAL)
    assert (lead.state, lead.outcome, lead.partner_id) == ("closed", "no_need", cast.alpha.pk)
    assert Event.objects.latest("id").kind == "dealreg.lead_erased"
    assert erase_due(now=in_days(500)) == 0


def test_one_that_is_still_open_is_closed_with_it(cast, lead):
    decline_lead(actor=cast.actor(cast.jonas), lead_id=lead.pk, reason="Anna is a friend")

    assert erase_due(now=in_days(91)) == 1
    assert said(lead) == [""] * len(PERSONAL)
    assert (lead.state, lead.outcome) == (LeadState.CLOSED, LeadOutcome.OTHER)
    assert LeadOffer.objects.get().reason == ""


def test_a_policy_that_changes_counts_for_the_leads_that_are_there(lead, settings):
    RegionPolicy.objects.update(lead_days=None)
    assert settings.LEAD_KEPT_DAYS == 730
    assert erase_due(now=in_days(729)) == 0
    RegionPolicy.objects.update(lead_days=30)
    assert erase_due(now=in_days(31)) == 1


def test_the_database_keeps_an_erased_lead_empty(lead):
    erase_due(now=in_days(91))
    with pytest.raises(IntegrityError), transaction.atomic():
        Lead.objects.update(person="Anna Auer")


def test_both_sides_see_that_it_is_gone_and_until_when_it_is_kept(cast, client, lead):
    page = reverse("admin:dealreg_lead_change", args=[lead.pk])
    client.force_login(cast.otto)
    assert "Personal data is kept until" in client.get(page).content.decode()
    erase_due(now=in_days(91))
    assert "Anna" not in client.get(page).content.decode()
    client.force_login(cast.jonas)
    told = client.get(reverse("lead_detail", args=[lead.pk])).content.decode()
    assert "Who asked was erased" in told
    assert "Anna" not in told
