"""What happens when a partner is new or written otherwise, or two turn out to be one."""

from core.events import RecordedEvent, hears
from partners.events.merging import PartnerMergeUndone, PartnersMerged
from partners.events.organisations import DomainsChanged, PartnerAdded, PartnerChanged
from partners.services.assessing import assess_partner
from partners.services.duplicates import look_again


@hears(PartnerAdded, name="partners.look_for_one_like_the_new")
def look_at_new(event: RecordedEvent[PartnerAdded]) -> None:
    look_again(event.subject_id)


@hears(PartnerChanged, name="partners.look_for_one_like_the_changed")
def look_at_changed(event: RecordedEvent[PartnerChanged]) -> None:
    look_again(event.subject_id)


@hears(DomainsChanged, name="partners.look_for_one_at_the_domains")
def look_at_domains(event: RecordedEvent[DomainsChanged]) -> None:
    look_again(event.subject_id)


@hears(PartnersMerged, name="partners.assess_the_merged")
def assess_merged(event: RecordedEvent[PartnersMerged]) -> None:
    """What the one has brought counts for the other."""
    if event.subject_id == event.payload.kept_id:
        assess_partner(event.subject_id, cause=event.kind.name)


@hears(PartnerMergeUndone, name="partners.assess_the_parted")
def assess_parted(event: RecordedEvent[PartnerMergeUndone]) -> None:
    assess_partner(event.subject_id, cause=event.kind.name)
