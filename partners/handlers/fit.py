"""Partners are scored again when something happens that their score depends on, when a region is
moved or lays down something else, when a version comes into force or ceases to, and every night,
since measures and years move by themselves."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from core.actor import system
from core.appointments import DueAppointment, falls_due, make_appointment
from core.events import RecordedEvent, hears, kind_of
from core.facts import RowAdded, RowChanged, RowRemoved
from core.system_names import declare_name
from partners.events.company import ProfileChanged
from partners.events.organisations import (
    PartnerAdded,
    PartnerChanged,
    RegionChanged,
    StatusChanged,
)
from partners.events.record import FocusChanged, TerritoriesChanged
from partners.measures import all_measures, when_moved
from partners.models import IdealProfile, Membership, Partner, RegionPolicy
from partners.models.versions import ProgrammeStatus
from partners.queries import fit
from partners.rules.fit import measure_of
from partners.runs import scoring
from partners.services.fit import score_partner
from partners.services.ideal_profiles import SCORE_ALL

MOVED = declare_name(gettext_noop("The regions"))
A_DAY = dt.timedelta(days=1)
OF_THE_RECORD = (PartnerAdded, PartnerChanged, StatusChanged, FocusChanged, TerritoriesChanged)


def score_again(event: RecordedEvent[Any]) -> None:
    """Scores the one partner, if a version in force looks at it."""
    if event.partner_id is not None and fit.in_force(timezone.now()):
        score_partner(event.partner_id)


for payload in (*OF_THE_RECORD, ProfileChanged):
    hears(payload, name=f"partners.score_again.{kind_of(payload).name}")(score_again)


@hears(RegionChanged, name="partners.score_after_region")
def score_region(event: RecordedEvent[RegionChanged]) -> None:
    """Whoever is in a region that was moved may be scored by another version now, and in others."""
    if "path" in event.payload.changes and fit.in_force(timezone.now()):
        scoring.ask_scoring(actor=system(MOVED), cause=event.payload.name)


def score_policy(event: RecordedEvent[Any]) -> None:
    """A region lays down something else: what is measured in its money or time may differ."""
    if event.subject_type == RegionPolicy._meta.label_lower and fit.in_force(timezone.now()):
        scoring.ask_scoring(actor=system(MOVED), cause=event.payload.label)


for changed in (RowAdded, RowChanged, RowRemoved):
    hears(changed, name=f"partners.score_after_policy.{kind_of(changed).name}")(score_policy)


def score_moved(event: RecordedEvent[Any]) -> None:
    """Scores the one partner, if a version in force counts what has moved."""
    moved = {one.name for one in all_measures() if type(event.payload) in one.moved_by}
    counted = {
        measure_of(one.source) for ideal in fit.in_force(timezone.now()) for one in ideal.criteria
    }
    if not moved & counted:
        return
    partner_id = event.partner_id
    if partner_id is None and event.subject_type == "core.user":
        places = Membership.objects.filter(user_id=event.subject_id, left_at__isnull=True)
        partner_id = places.values_list("partner_id", flat=True).first()
    if partner_id is not None and Partner.objects.filter(pk=partner_id).exists():
        score_partner(partner_id)


when_moved(score_moved)


@falls_due(SCORE_ALL)
def score_all(due: DueAppointment) -> None:
    """Has everybody scored, today and every day on which the version is in force."""
    row = IdealProfile.objects.filter(pk=due.subject_id).first()
    if row is None:
        return
    scoring.ask_scoring(actor=system("ideal partner profile"), cause=str(row))
    if row.status == ProgrammeStatus.PUBLISHED:
        make_appointment(SCORE_ALL, row, due.at + A_DAY)
