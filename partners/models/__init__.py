from partners.models.calendars import Holiday, RegionCalendar
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
    "Holiday",
    "Membership",
    "Partner",
    "PartnerDomain",
    "PartnerQuerySet",
    "Region",
    "RegionCalendar",
    "StaffDuty",
    "Tier",
    "in_regions",
]
