"""What this app announces."""

from partners.events.organisations import (
    DomainsChanged,
    PartnerAdded,
    PartnerChanged,
    RegionAdded,
    RegionChanged,
    StatusChanged,
    TierAdded,
)
from partners.events.people import DutyGiven, DutyTaken, PersonJoined, PersonLeft, RolesChanged
from partners.events.programmes import (
    ProgrammeDiscarded,
    ProgrammeDrafted,
    ProgrammePublished,
    ProgrammeRetired,
    ProgrammeRewritten,
)
from partners.events.record import FocusChanged, NoteKept, NoteShared, TerritoriesChanged
from partners.events.tiers import (
    GraceBegun,
    GraceEnding,
    GraceLeft,
    MeasureValueEntered,
    RecalculationAsked,
    TierChanged,
    TierExceptionEnded,
    TierExceptionMade,
    TierProposalDeclined,
    TierProposed,
)

__all__ = [
    "DomainsChanged",
    "DutyGiven",
    "DutyTaken",
    "FocusChanged",
    "GraceBegun",
    "GraceEnding",
    "GraceLeft",
    "MeasureValueEntered",
    "NoteKept",
    "NoteShared",
    "PartnerAdded",
    "PartnerChanged",
    "PersonJoined",
    "PersonLeft",
    "ProgrammeDiscarded",
    "ProgrammeDrafted",
    "ProgrammePublished",
    "ProgrammeRetired",
    "ProgrammeRewritten",
    "RecalculationAsked",
    "RegionAdded",
    "RegionChanged",
    "RolesChanged",
    "StatusChanged",
    "TerritoriesChanged",
    "TierAdded",
    "TierChanged",
    "TierExceptionEnded",
    "TierExceptionMade",
    "TierProposalDeclined",
    "TierProposed",
]
