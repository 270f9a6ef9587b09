"""The kinds of what is kept about a partner."""

from collections.abc import Set as AbstractSet

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
    """Whether a customer's country is one of a partner's; None when either is not known."""
    if not country or not territories:
        return None
    return country in territories
