"""The facts that rules of engagement may ask about, with their types and words."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dealreg.rules.distribution import Endorsement
from partners.rules import PartnerStatus, PartnerType


class FactType(StrEnum):
    """NUMBER is whole (counts, days), DECIMAL any number, MONEY an amount in the base currency."""

    CHOICE = "choice"
    YES_NO = "yes_no"
    MONEY = "money"
    NUMBER = "number"
    DECIMAL = "decimal"
    TEXT = "text"

    @property
    def numeric(self) -> bool:
        return self in {FactType.MONEY, FactType.NUMBER, FactType.DECIMAL}


class ConflictLevel(StrEnum):
    """How surely somebody else is already working on the same customer."""

    NONE = "none"
    POSSIBLE = "possible"
    LIKELY = "likely"
    SAME = "same"


CONFLICT_LABELS: Mapping[str, Promise] = {
    ConflictLevel.NONE: _("None"),
    ConflictLevel.POSSIBLE: _("Possible"),
    ConflictLevel.LIKELY: _("Likely"),
    ConflictLevel.SAME: _("Same"),
}


class Source(StrEnum):
    """What has to be read before a fact is known, beyond what each registration reads anyway."""

    REGISTRATION = "registration"
    HISTORY = "history"
    OPEN = "open"
    EVIDENCE = "evidence"
    CUSTOMER = "customer"
    TERRITORY = "territory"
    LAPSES = "lapses"
    DISTRIBUTION = "distribution"


FactValue = str | bool | Decimal | None
Facts = Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a rule may ask.

    `values` bounds a choice, `least` a number; a fact that is not `always_known` may be None,
    and every condition on it is false then. `confidential`: partners never learn it. `more`
    and `less` are how a partner is told to change it ("yes" or a higher value, "no" or a lower
    one); without them the partner has no influence on it. What is `retired` no new rule may ask;
    `from_field` is the name of the own field that it comes from, `words` what its values are
    called, `denied` how a fact of yes or no is put when it is not so.
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
    retired: bool = False
    from_field: Promise | str = ""
    words: Mapping[str, Promise | str] = field(default_factory=dict)
    denied: Promise | str = ""

    @property
    def about(self) -> Promise | str:
        """The name of the field that the fact comes from."""
        return self.from_field or self.label


OWN = "own."


class FactRegistry(Mapping[str, Fact]):
    """The facts of the portal, and those that the vendor's own fields add ("own.<code>").

    The own ones are as last read; who lists them has them read first. A name that is not known
    yet is looked for once more, as another process may have added it.
    """

    def __init__(self, *facts: Fact) -> None:
        self._fixed = {fact.name: fact for fact in facts}
        self._own: dict[str, Fact] = {}
        self._read_own: Callable[[], object] | None = None

    def read_own_with(self, read: Callable[[], object]) -> None:
        """Names the function that has the own fields read, and `learn` called."""
        self._read_own = read

    def learn(self, own: Iterable[Fact]) -> None:
        self._own = {fact.name: fact for fact in own}

    def offered(self) -> list[Fact]:
        """The facts that a new rule may ask."""
        return [fact for fact in self.values() if not fact.retired]

    def __getitem__(self, name: str) -> Fact:
        if name in self._fixed:
            return self._fixed[name]
        if name.startswith(OWN) and name not in self._own and self._read_own is not None:
            self._read_own()
        return self._own[name]

    def __iter__(self) -> Iterator[str]:
        yield from self._fixed
        yield from self._own

    def __len__(self) -> int:
        return len(self._fixed) + len(self._own)


FACTS = FactRegistry(
    Fact(
        "partner.in_business",
        FactType.YES_NO,
        _("the partner is active"),
        denied=_("the partner is not active"),
    ),
    Fact(
        "partner.status",
        FactType.CHOICE,
        _("the partner's status"),
        tuple(status.value for status in PartnerStatus),
        words=dict(PartnerStatus.choices),
    ),
    Fact(
        "partner.type",
        FactType.CHOICE,
        _("the partner's type"),
        tuple(kind.value for kind in PartnerType),
        words=dict(PartnerType.choices),
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
        "partner.over_registration_limit",
        FactType.YES_NO,
        _("the partner has as many open registrations as its tier may have"),
        denied=_("the partner has fewer open registrations than its tier may have"),
        source=Source.OPEN,
        less=_("fewer open registrations"),
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
    Fact(
        "deal.over_tier_limit",
        FactType.YES_NO,
        _("the amount is over the tier's limit"),
        denied=_("the amount is within the tier's limit"),
    ),
    Fact("deal.product_line", FactType.TEXT, _("the product line")),
    Fact(
        "deal.public_sector",
        FactType.YES_NO,
        _("it is a public-sector tender"),
        denied=_("it is no public-sector tender"),
    ),
    Fact(
        "deal.customer_consent",
        FactType.YES_NO,
        _("the customer agreed to the registration"),
        denied=_("the customer has not agreed to the registration"),
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
    Fact(
        "deal.evidence_age_days",
        FactType.NUMBER,
        _("the age of the newest evidence in days"),
        least=0,
        always_known=False,
        source=Source.EVIDENCE,
        less=_("evidence that is at most %(value)s days old"),
    ),
    Fact(
        "deal.lapsed_before",
        FactType.NUMBER,
        _("how often the partner let the protection of this customer lapse"),
        least=0,
        source=Source.LAPSES,
    ),
    Fact(
        "deal.through_distributor",
        FactType.YES_NO,
        _("the registration runs through a distributor"),
        denied=_("the registration does not run through a distributor"),
        source=Source.DISTRIBUTION,
    ),
    Fact(
        "deal.endorsement",
        FactType.CHOICE,
        _("what the distributor said"),
        tuple(one.value for one in Endorsement if one != Endorsement.WAITING),
        source=Source.DISTRIBUTION,
        words=dict(Endorsement.choices),
    ),
    Fact("customer.country", FactType.TEXT, _("the customer's country")),
    Fact(
        "customer.in_partner_country",
        FactType.YES_NO,
        _("the customer is in the partner's own country"),
        denied=_("the customer is not in the partner's own country"),
    ),
    Fact(
        "partner.in_territory",
        FactType.YES_NO,
        _("the customer is in the partner's territory"),
        denied=_("the customer is outside the partner's territory"),
        always_known=False,
        source=Source.TERRITORY,
    ),
    Fact(
        "customer.bought_before",
        FactType.YES_NO,
        _("the customer has bought this product line before"),
        denied=_("the customer has not bought this product line before"),
        confidential=True,
        source=Source.CUSTOMER,
    ),
    Fact(
        "conflict.level",
        FactType.CHOICE,
        _("the conflict level with other registrations"),
        tuple(level.value for level in ConflictLevel),
        confidential=True,
        words=CONFLICT_LABELS,
    ),
    Fact(
        "conflict.customer_level",
        FactType.CHOICE,
        _("the conflict level with customers who have the product line"),
        tuple(level.value for level in ConflictLevel),
        confidential=True,
        words=CONFLICT_LABELS,
    ),
    Fact(
        "conflict.direct_level",
        FactType.CHOICE,
        _("the conflict level with direct opportunities"),
        tuple(level.value for level in ConflictLevel),
        confidential=True,
        words=CONFLICT_LABELS,
    ),
    Fact(
        "conflict.own_level",
        FactType.CHOICE,
        _("the likeness to earlier registrations of the partner"),
        tuple(level.value for level in ConflictLevel),
        words=CONFLICT_LABELS,
    ),
    Fact(
        "conflict.own_open",
        FactType.YES_NO,
        _("the partner has an open registration for this customer"),
        denied=_("the partner has no open registration for this customer"),
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
