"""What is true of partners and the programme without asking the database."""

from partners.rules.organisations import (
    IN_BUSINESS,
    MAY_REGISTER_DEALS,
    PartnerRole,
    PartnerStatus,
    PartnerType,
    RegistrationRights,
)

__all__ = [
    "IN_BUSINESS",
    "MAY_REGISTER_DEALS",
    "PartnerRole",
    "PartnerStatus",
    "PartnerType",
    "RegistrationRights",
]
