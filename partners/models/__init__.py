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
from partners.models.people import Invitation, Visit

__all__ = [
    "STAFF_ROLES",
    "Holiday",
    "Invitation",
    "Membership",
    "Partner",
    "PartnerDomain",
    "PartnerQuerySet",
    "Region",
    "RegionCalendar",
    "StaffDuty",
    "Tier",
    "Visit",
    "in_regions",
]
