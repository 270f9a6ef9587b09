from partners.models.organisations import (
    STAFF_ROLES,
    Membership,
    Partner,
    PartnerDomain,
    PartnerQuerySet,
    Region,
    StaffDuty,
    Tier,
    in_regions,
)

__all__ = [
    "STAFF_ROLES",
    "Membership",
    "Partner",
    "PartnerDomain",
    "PartnerQuerySet",
    "Region",
    "StaffDuty",
    "Tier",
    "in_regions",
]
