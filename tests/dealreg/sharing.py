"""A deal of Alpha's that several partners share: Beta is invited by its domain, Gamma by its."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.models import User
from dealreg.models import Deal, Split
from dealreg.rules.splits import SplitRole
from dealreg.services import OwnPart, PartAsked, propose_split
from partners.models import Partner, PartnerDomain
from partners.rules import PartnerRole
from tests.cast import Cast, member

SELL, SOURCE, IMPLEMENT = SplitRole.SELL, SplitRole.SOURCE, SplitRole.IMPLEMENT


def part(percent: str, role: SplitRole = SELL, domain: str = "", **more: int) -> PartAsked:
    return PartAsked(role=role, percent=Decimal(percent), domain=domain, **more)


def own(percent: str, role: SplitRole = IMPLEMENT) -> list[OwnPart]:
    return [OwnPart(role, Decimal(percent))]


@dataclass
class Sharing:
    """The deal (40,000 EUR), and Gamma with its seller Gia beside the cast."""

    cast: Cast
    deal: Deal
    gamma: Partner
    gia: User
    both: Sequence[PartAsked] = field(
        default_factory=lambda: [part("70"), part("30", IMPLEMENT, "beta.example")]
    )

    def propose(self, parts: Sequence[PartAsked] | None = None, **more) -> Split:
        return propose_split(
            actor=self.cast.actor(self.cast.jonas),
            deal_id=self.deal.pk,
            parts=parts or self.both,
            **more,
        )

    def three(self) -> Split:
        return self.propose(
            [
                part("50"),
                part("30", IMPLEMENT, "beta.example"),
                part("20", SOURCE, "gamma.example"),
            ]
        )


def share_a_deal(cast: Cast, deal: Deal) -> Sharing:
    gamma = Partner.objects.create(
        name="Gamma Consult",
        type=cast.beta.type,
        status="active",
        region=cast.beta.region,
        tier=cast.beta.tier,
        country="DE",
    )
    PartnerDomain.objects.create(partner=cast.beta, domain="beta.example")
    PartnerDomain.objects.create(partner=gamma, domain="gamma.example")
    return Sharing(cast, deal, gamma, member("Gia", gamma, PartnerRole.SALES))
