"""What is true of partners and the programme without asking the database."""

from partners.rules.organisations import (
    IN_BUSINESS,
    MAY_REGISTER_DEALS,
    PartnerRole,
    PartnerStatus,
    PartnerType,
    RegistrationRights,
)
from partners.rules.policies import Inherited, Policy, RegionSays, policy_in_force
from partners.rules.record import ContactRole, FocusKind, in_territory
from partners.rules.working_time import (
    MONDAY_TO_FRIDAY,
    Calendar,
    NoWorkingTime,
    Weekday,
    add_business_days,
    add_business_hours,
    business_hours_between,
    next_working_moment,
    possible_hours,
)

__all__ = [
    "IN_BUSINESS",
    "MAY_REGISTER_DEALS",
    "MONDAY_TO_FRIDAY",
    "Calendar",
    "ContactRole",
    "FocusKind",
    "Inherited",
    "NoWorkingTime",
    "PartnerRole",
    "PartnerStatus",
    "PartnerType",
    "Policy",
    "RegionSays",
    "RegistrationRights",
    "Weekday",
    "add_business_days",
    "add_business_hours",
    "business_hours_between",
    "in_territory",
    "next_working_moment",
    "policy_in_force",
    "possible_hours",
]
