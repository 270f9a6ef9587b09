"""The kinds of what is kept about a partner."""

import datetime as dt
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FocusKind(TextChoices):
    SPECIALISATION = "specialisation", _("Specialisation")
    VERTICAL = "vertical", _("Vertical")


class ContactRole(TextChoices):
    """What a contact is there for."""

    MANAGEMENT = "management", _("Management")
    SALES = "sales", _("Sales")
    TECHNICAL = "technical", _("Technical")
    MARKETING = "marketing", _("Marketing")
    FINANCE = "finance", _("Finance")
    LEGAL = "legal", _("Contracts")


def in_territory(country: str, territories: AbstractSet[str]) -> bool | None:
    """Whether a customer's country is one of a partner's; None when either is not known, and
    where the partner has only parts of the country: nobody says in which the customer is."""
    if not country or not territories:
        return None
    if country in territories:
        return True
    return None if any(one.startswith(f"{country}-") for one in territories) else False


class DocumentKind(TextChoices):
    """What a document about a partner is."""

    CONTRACT = "contract", _("Contract")
    CONFIDENTIALITY = "confidentiality", _("Confidentiality agreement")
    CERTIFICATE = "certificate", _("Certificate")
    INSURANCE = "insurance", _("Proof of insurance")
    TAX = "tax", _("Tax form")
    OTHER = "other", _("Other document")


REMINDED_DAYS_BEFORE = (30, 0)


@dataclass(frozen=True, slots=True)
class CompanyProfile:
    """What a company says of itself; "" and None mean that it does not say."""

    about: str = ""
    website: str = ""
    phone: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    employees: int | None = None
    founded: int | None = None


def reminders(expires_on: dt.date | None, zone: str, now: dt.datetime) -> dict[int, dt.datetime]:
    """When people are reminded of a document's end, by days before it: at eight in the morning
    where the partner is, none of it in the past."""
    if expires_on is None:
        return {}
    eight = dt.time(8, tzinfo=ZoneInfo(zone))
    moments = {
        days: dt.datetime.combine(expires_on - dt.timedelta(days), eight)
        for days in REMINDED_DAYS_BEFORE
    }
    return {days: at for days, at in moments.items() if at > now}
