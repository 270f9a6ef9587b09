from partners.services.calendars import NewCalendar, add_calendars
from partners.services.duties import DutyRefused, give_duty, take_duty
from partners.services.places import WorksElsewhere, add_person, change_roles, end_place
from partners.services.regions import ImpossibleRegion, add_region, change_region
from partners.services.setting_up import (
    Added,
    NewPartner,
    NewPerson,
    NewRegion,
    NewStaff,
    NewTier,
    add_partners,
    add_people,
    add_regions,
    add_staff,
    add_tiers,
)
from partners.services.standing import (
    DomainTaken,
    PartnerDetails,
    add_partner,
    change_partner,
    change_status,
    move_tier,
    set_domains,
)

__all__ = [
    "Added",
    "DomainTaken",
    "DutyRefused",
    "ImpossibleRegion",
    "NewCalendar",
    "NewPartner",
    "NewPerson",
    "NewRegion",
    "NewStaff",
    "NewTier",
    "PartnerDetails",
    "WorksElsewhere",
    "add_calendars",
    "add_partner",
    "add_partners",
    "add_people",
    "add_person",
    "add_region",
    "add_regions",
    "add_staff",
    "add_tiers",
    "change_partner",
    "change_region",
    "change_roles",
    "change_status",
    "end_place",
    "give_duty",
    "move_tier",
    "set_domains",
    "take_duty",
]
