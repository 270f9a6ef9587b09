"""What is true of partners without asking the database."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PartnerType(TextChoices):
    RESELLER = "reseller", _("Reseller")
    REFERRAL = "referral", _("Referral partner")
    SI = "si", _("Systems integrator")
    ISV = "isv", _("Independent software vendor")
    MSP = "msp", _("Managed service provider")
    DISTRIBUTOR = "distributor", _("Distributor")
    INFLUENCER = "influencer", _("Influencer")


class PartnerStatus(TextChoices):
    PROSPECT = "prospect", _("Prospect")
    APPLICANT = "applicant", _("Applicant")
    ONBOARDING = "onboarding", _("Onboarding")
    ACTIVE = "active", _("Active")
    AT_RISK = "at_risk", _("At risk")
    SUSPENDED = "suspended", _("Suspended")
    OFFBOARDED = "offboarded", _("Offboarded")


class PartnerRole(TextChoices):
    """What a person at a partner does there."""

    SALES = "sales", _("Sales")
    TECHNICAL = "technical", _("Technical")
    MARKETING = "marketing", _("Marketing")
    FINANCE = "finance", _("Finance")
    ADMIN = "admin", _("Administrator")


# A partner at risk still sells; its channel manager watches it.
IN_BUSINESS = frozenset({PartnerStatus.ACTIVE, PartnerStatus.AT_RISK})

# Whose work deals are. Others at the partner read them.
MAY_REGISTER_DEALS = frozenset({PartnerRole.SALES, PartnerRole.ADMIN})


@dataclass(frozen=True, slots=True)
class RegistrationRights:
    """What deal registration needs to know about a partner at one moment.

    `approval_limit` is the amount in the base currency up to which the partner's tier is
    approved without a person, `open_limit` the number of registrations that may be open at a
    time; None means that there is no limit. `margin` is the percentage that its benefits state.
    `resells` says that it has had a relation with a distributor.
    """

    partner_id: int
    partner_name: str
    status: str
    partner_type: str
    region_path: str
    tier: str
    approval_limit: Decimal | None
    country: str = ""
    open_limit: int | None = None
    margin: Decimal | None = None
    resells: bool = True

    @property
    def in_business(self) -> bool:
        return self.status in IN_BUSINESS
