"""The facts that rules of engagement may ask about, with their types and words."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.rules import PartnerStatus, PartnerType


class FactType(StrEnum):
    CHOICE = "choice"
    YES_NO = "yes_no"
    MONEY = "money"
    TEXT = "text"


class ConflictLevel(StrEnum):
    """How surely somebody else is already working on the same customer."""

    NONE = "none"
    POSSIBLE = "possible"
    LIKELY = "likely"
    SAME = "same"


FactValue = str | bool | Decimal | None
Facts = Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a rule may ask. `values` bounds a choice; money is in the base currency."""

    name: str
    type: FactType
    label: Promise | str
    values: tuple[str, ...] = ()


def _registry(*facts: Fact) -> dict[str, Fact]:
    return {fact.name: fact for fact in facts}


FACTS: dict[str, Fact] = _registry(
    Fact("partner.in_business", FactType.YES_NO, _("the partner is active")),
    Fact(
        "partner.status",
        FactType.CHOICE,
        _("the partner's status"),
        tuple(status.value for status in PartnerStatus),
    ),
    Fact(
        "partner.type",
        FactType.CHOICE,
        _("the partner's type"),
        tuple(kind.value for kind in PartnerType),
    ),
    Fact("partner.tier", FactType.TEXT, _("the partner's tier")),
    Fact("partner.region", FactType.TEXT, _("the partner's region")),
    Fact("deal.amount", FactType.MONEY, _("the amount in the base currency")),
    Fact("deal.over_tier_limit", FactType.YES_NO, _("the amount is over the tier's limit")),
    Fact("deal.product_line", FactType.TEXT, _("the product line")),
    Fact("deal.public_sector", FactType.YES_NO, _("it is a public-sector tender")),
    Fact("deal.customer_consent", FactType.YES_NO, _("the customer agreed to the registration")),
    Fact("customer.country", FactType.TEXT, _("the customer's country")),
    Fact(
        "conflict.level",
        FactType.CHOICE,
        _("the conflict level"),
        tuple(level.value for level in ConflictLevel),
    ),
    Fact(
        "conflict.own_open",
        FactType.YES_NO,
        _("the partner has an open registration for this customer"),
    ),
)
