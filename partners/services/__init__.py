from partners.services.setting_up import (
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

__all__ = [
    "NewPartner",
    "NewPerson",
    "NewRegion",
    "NewStaff",
    "NewTier",
    "add_partners",
    "add_people",
    "add_regions",
    "add_staff",
    "add_tiers",
]
