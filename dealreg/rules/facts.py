"""The facts that rules of engagement may ask about, with their types and words."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.rules import PartnerStatus, PartnerType


class FactType(StrEnum):
    """NUMBER is whole (counts, days), MONEY an amount in the base currency."""

    CHOICE = "choice"
    YES_NO = "yes_no"
    MONEY = "money"
    NUMBER = "number"
    TEXT = "text"

    @property
    def numeric(self) -> bool:
        return self in {FactType.MONEY, FactType.NUMBER}


class ConflictLevel(StrEnum):
    """How surely somebody else is already working on the same customer."""

    NONE = "none"
    POSSIBLE = "possible"
    LIKELY = "likely"
    SAME = "same"


class Source(StrEnum):
    """What has to be read before a fact is known, beyond what each registration reads anyway."""

    REGISTRATION = "registration"
    HISTORY = "history"
    OPEN = "open"
    EVIDENCE = "evidence"
    CUSTOMER = "customer"


FactValue = str | bool | Decimal | None
Facts = Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a rule may ask.

    `values` bounds a choice, `least` a number; a fact that is not `always_known` may be None,
    and every condition on it is false then. `confidential`: partners never learn it. `more`
    and `less` are how a partner is told to change it ("yes" or a higher value, "no" or a lower
    one); without them the partner has no influence on it.
    """

    name: str
    type: FactType
    label: Promise | str
    values: tuple[str, ...] = ()
    least: int | None = None
    always_known: bool = True
    confidential: bool = False
    source: Source = Source.REGISTRATION
    more: Promise | str = ""
    less: Promise | str = ""


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
    Fact(
        "partner.approval_limit",
        FactType.MONEY,
        _("the tier's limit"),
        least=0,
        always_known=False,
    ),
    Fact(
        "partner.open_registrations",
        FactType.NUMBER,
        _("the number of the partner's open registrations"),
        least=0,
        source=Source.OPEN,
        less=_("at most %(value)s open registrations"),
    ),
    Fact(
        "partner.registrations_12m",
        FactType.NUMBER,
        _("the number of the partner's registrations in 12 months"),
        least=0,
        source=Source.HISTORY,
    ),
    Fact(
        "partner.wins_12m",
        FactType.NUMBER,
        _("the number of the partner's won deals in 12 months"),
        least=0,
        source=Source.HISTORY,
    ),
    Fact(
        "partner.losses_12m",
        FactType.NUMBER,
        _("the number of the partner's lost deals in 12 months"),
        least=0,
        source=Source.HISTORY,
    ),
    Fact(
        "deal.amount",
        FactType.MONEY,
        _("the amount in the base currency"),
        least=0,
        always_known=False,
        more=_("an amount of at least %(value)s"),
        less=_("an amount of at most %(value)s"),
    ),
    Fact("deal.over_tier_limit", FactType.YES_NO, _("the amount is over the tier's limit")),
    Fact("deal.product_line", FactType.TEXT, _("the product line")),
    Fact("deal.public_sector", FactType.YES_NO, _("it is a public-sector tender")),
    Fact(
        "deal.customer_consent",
        FactType.YES_NO,
        _("the customer agreed to the registration"),
        more=_("the customer's consent"),
    ),
    Fact(
        "deal.days_to_close",
        FactType.NUMBER,
        _("the number of days to the expected close"),
        more=_("an expected close at least %(value)s days away"),
        less=_("an expected close at most %(value)s days away"),
    ),
    Fact(
        "deal.files",
        FactType.NUMBER,
        _("the number of files attached as evidence"),
        least=0,
        source=Source.EVIDENCE,
        more=_("at least %(value)s attached files"),
    ),
    Fact("customer.country", FactType.TEXT, _("the customer's country")),
    Fact(
        "customer.in_partner_country",
        FactType.YES_NO,
        _("the customer is in the partner's own country"),
    ),
    Fact(
        "customer.bought_before",
        FactType.YES_NO,
        _("the customer has bought this product line before"),
        confidential=True,
        source=Source.CUSTOMER,
    ),
    Fact(
        "conflict.level",
        FactType.CHOICE,
        _("the conflict level with other registrations"),
        tuple(level.value for level in ConflictLevel),
        confidential=True,
    ),
    Fact(
        "conflict.customer_level",
        FactType.CHOICE,
        _("the conflict level with customers who have the product line"),
        tuple(level.value for level in ConflictLevel),
        confidential=True,
    ),
    Fact(
        "conflict.direct_level",
        FactType.CHOICE,
        _("the conflict level with direct opportunities"),
        tuple(level.value for level in ConflictLevel),
        confidential=True,
    ),
    Fact(
        "conflict.own_level",
        FactType.CHOICE,
        _("the likeness to earlier registrations of the partner"),
        tuple(level.value for level in ConflictLevel),
    ),
    Fact(
        "conflict.own_open",
        FactType.YES_NO,
        _("the partner has an open registration for this customer"),
    ),
)


def over_limit(amount: Decimal | None, limit: Decimal | None) -> bool:
    """Whether an amount is above what the tier is approved without a person. An amount that
    cannot be converted is over any limit: a person looks."""
    return limit is not None and (amount is None or amount > limit)


def with_change(facts: Facts, name: str, value: FactValue) -> dict[str, FactValue]:
    """The facts after one of them became another value, with what follows from it."""
    changed = {**facts, name: value}
    if name == "deal.amount" and "partner.approval_limit" in changed:
        amount, limit = changed[name], changed["partner.approval_limit"]
        changed["deal.over_tier_limit"] = over_limit(
            amount if isinstance(amount, Decimal) else None,
            limit if isinstance(limit, Decimal) else None,
        )
    return changed
