"""The small fixed cast of the tests.

Two partners, Alpha and Beta; at Alpha the seller Jonas, his colleague Chiara in marketing and
the administrator Ada; at Beta the seller Bo. At the vendor the channel manager Mara and Otto
of partner operations. Olga signed up and belongs to nobody.
"""

from dataclasses import dataclass
from decimal import Decimal

from allauth.account.models import EmailAddress

from core.actor import Actor, StaffRole, system
from core.models import User
from core.tokens import IssuedToken, issue_token
from dealreg.models import ProductLine
from partners.models import Membership, Partner, PartnerDomain, Region, StaffDuty, Tier
from partners.queries import actor_for
from partners.rules import PartnerRole, PartnerStatus, PartnerType

PASSWORD = "correct-horse-battery"


@dataclass
class Cast:
    alpha: Partner
    beta: Partner
    jonas: User
    chiara: User
    ada: User
    bo: User
    mara: User
    otto: User
    olga: User
    product: ProductLine

    def actor(self, user: User) -> Actor:
        return actor_for(user)


def person(name: str, *, staff: bool = False) -> User:
    email = f"{name.lower()}@cast.example"
    user = User.objects.create_user(email, PASSWORD, name=name, is_staff=staff)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def token_of(user: User, *scopes: str, label: str = "test") -> IssuedToken:
    """A token with which a program acts as `user`, for as long as it is not revoked."""
    return issue_token(actor=system("test"), user=user, label=label, scopes=scopes, expires_at=None)


def bearer(user: User, *scopes: str) -> dict[str, str]:
    """The header with which a program calls the API as `user`."""
    return {"Authorization": f"Bearer {token_of(user, *scopes).secret}"}


def member(name: str, partner: Partner, *roles: PartnerRole) -> User:
    user = person(name)
    Membership.objects.create(user=user, partner=partner, roles=list(roles))
    return user


def make_cast() -> Cast:
    world = Region.objects.create(code="WORLD", name="World", path="WORLD")
    emea = Region.objects.create(code="EMEA", name="EMEA", parent=world, path="WORLD.EMEA")
    silver = Tier.objects.create(name="Silver", rank=1, approval_limit=Decimal(50_000))
    alpha, beta = (
        Partner.objects.create(
            name=name,
            type=PartnerType.RESELLER,
            status=PartnerStatus.ACTIVE,
            region=emea,
            tier=silver,
            country="DE",
        )
        for name in ("Alpha Systems", "Beta Networks")
    )
    PartnerDomain.objects.create(partner=alpha, domain="alpha.example")
    mara, otto = person("Mara", staff=True), person("Otto", staff=True)
    StaffDuty.objects.create(user=mara, role=StaffRole.CHANNEL_MANAGER.value)
    StaffDuty.objects.create(user=otto, role=StaffRole.OPS.value)
    return Cast(
        alpha=alpha,
        beta=beta,
        jonas=member("Jonas", alpha, PartnerRole.SALES),
        chiara=member("Chiara", alpha, PartnerRole.MARKETING),
        ada=member("Ada", alpha, PartnerRole.ADMIN),
        bo=member("Bo", beta, PartnerRole.SALES),
        mara=mara,
        otto=otto,
        olga=person("Olga"),
        product=ProductLine.objects.create(code="cloud", name="Cloud"),
    )
