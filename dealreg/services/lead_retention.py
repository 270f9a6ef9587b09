"""Who asked in a lead is erased when the time that its region keeps it for is over.

What is due follows from the leads and the policies as they are now, so a policy that changes
counts for the leads that are there already.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.actor import system
from core.events import NewEvent, record_many
from core.system_names import declare_name
from dealreg.lead_events import LeadErased
from dealreg.models import Lead, LeadOffer
from dealreg.rules.leads import LeadOutcome, LeadState
from dealreg.services.leads import move_lead
from partners.queries import policy_of

RETENTION = declare_name(gettext_noop("Retention of leads"))
# What says who asked, and what. The country and the product line stay, for counting.
PERSONAL = ("person", "company", "email", "phone", "message", "note")
BATCH = 200


def kept_until(lead: Lead) -> dt.datetime | None:
    """When the personal data of a lead goes, its region being loaded; None once it is gone."""
    if lead.erased_at is not None:
        return None
    return lead.changed_at + dt.timedelta(days=policy_of(lead.region.path).lead_days.value)


def erase_due(*, now: dt.datetime | None = None, most: int = 2_000) -> int:
    """Erases what is due, at most about so many; returns how many there were. Leads that
    somebody else works on at this moment wait for the next time."""
    now = now or timezone.now()
    waiting = Lead.objects.filter(erased_at__isnull=True).order_by("region__path")
    erased = 0
    for region_id, path in list(waiting.values_list("region_id", "region__path").distinct()):
        days = policy_of(path).lead_days.value
        while erased < most and (done := _erase(region_id, now - dt.timedelta(days=days), now)):
            erased += done
    return erased


@transaction.atomic
def _erase(region_id: int, before: dt.datetime, now: dt.datetime) -> int:
    due = Lead.objects.filter(region_id=region_id, erased_at__isnull=True, changed_at__lte=before)
    rows = due.select_for_update(of=("self",), skip_locked=True).order_by("changed_at", "pk")
    leads, actor = list(rows[:BATCH]), system(RETENTION)
    for lead in leads:
        changed_at = lead.changed_at
        if lead.state != LeadState.CLOSED:
            lead.outcome = LeadOutcome.OTHER
            move_lead(actor, lead, LeadState.CLOSED, "")
        for name in PERSONAL:
            setattr(lead, name, "")
        lead.erased_at, lead.changed_at, lead.submission_key = now, changed_at, None
    fields = [*PERSONAL, "erased_at", "changed_at", "submission_key"]
    Lead.objects.bulk_update(leads, fields)
    LeadOffer.objects.filter(lead__in=leads).exclude(reason="").update(reason="")
    news = [NewEvent(LeadErased(lead.reference), lead, lead.partner_id) for lead in leads]
    record_many(news, actor=actor)
    return len(leads)
