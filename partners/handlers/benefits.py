"""Benefits follow a tier from their day on, and the partner is told."""

from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from core.actor import system
from core.appointments import DueAppointment, cancel_appointments, falls_due, make_appointment
from core.bidi import isolated_later
from core.events import RecordedEvent, hears, record
from core.notify import notify
from core.system_names import declare_name
from partners import queries
from partners.events.benefits import BenefitsBegun
from partners.events.tiers import TierChanged
from partners.models import Partner, Tier, TierStay
from partners.queries import benefits
from partners.rules.benefits import held_at
from partners.services.assessing import lock_partner

BEGIN_BENEFITS = "partners.begin_benefits"
CATALOGUE_NAME = declare_name(gettext_noop("Benefits v%(version)s"))


@hears(TierChanged, name="partners.benefits_follow")
def benefits_follow(event: RecordedEvent[TierChanged]) -> None:
    """Makes the appointment for the day on which the new tier's benefits begin."""
    partner = Partner.objects.select_related("region").get(pk=event.subject_id)
    catalogue = benefits.catalogue_for(
        partner.pk, partner.region.path, partner.type, timezone.now()
    )
    if catalogue is None:
        return
    held = benefits.held_by(partner.pk, catalogue)
    moved = TierStay.objects.filter(partner=partner).latest("since", "pk").since
    if len(held) > 1 and held[-1].since >= moved:
        make_appointment(BEGIN_BENEFITS, partner, held[-1].since)
    else:
        # Back where it was before its day came: nothing begins.
        cancel_appointments(partner, BEGIN_BENEFITS)


@falls_due(BEGIN_BENEFITS)
def begin_benefits(due: DueAppointment) -> None:
    """Says that other benefits count from this moment, if they do."""
    partner = lock_partner(due.subject_id)
    catalogue = benefits.catalogue_for(partner.pk, partner.region.path, partner.type, due.at)
    if catalogue is None:
        return
    held = benefits.held_by(partner.pk, catalogue)
    now = held_at(held, due.at)
    if now is None or now == held[0] or now.since != due.at:
        return
    before = held[held.index(now) - 1]
    names = dict(Tier.objects.values_list("pk", "name"))
    record(
        BenefitsBegun(names[now.tier_id], names[before.tier_id], catalogue.version),
        subject=partner,
        actor=system(CATALOGUE_NAME % {"version": catalogue.version}),
        partner_id=partner.pk,
    )


@hears(BenefitsBegun, name="partners.tell_of_benefits")
def tell_of_benefits(event: RecordedEvent[BenefitsBegun]) -> None:
    title = format_lazy(
        _("The benefits of {tier} count now"), tier=isolated_later(event.payload.tier)
    )
    body = _("The page of benefits shows what has changed.")
    people = queries.administrators_of(event.subject_id)
    notify(event, people, title=title, body=body, url=reverse("benefits"))
