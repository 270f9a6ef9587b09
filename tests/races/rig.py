"""Many partners who register at the same moment, each with a connection of its own."""

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from django.db import connection
from django.utils import timezone

from core.actor import Actor
from core.models import User
from dealreg.models import Deal, ProductLine
from dealreg.rules.request import RegistrationRequest
from dealreg.services import register_deal
from partners.models import Membership, Partner, Region, Tier
from partners.queries import actor_for
from partners.rules import PartnerRole, PartnerStatus, PartnerType

Made = TypeVar("Made")


def sellers(number: int) -> list[Actor]:
    """One seller at each of so many active partners."""
    region = Region.objects.create(code="WORLD", name="World", path="WORLD")
    tier = Tier.objects.create(name="Silver", rank=1, approval_limit=Decimal(50_000))
    return [seller(n, region, tier) for n in range(number)]


def seller(number: int, region: Region, tier: Tier) -> Actor:
    partner = Partner.objects.create(
        name=f"Partner {number}",
        type=PartnerType.RESELLER,
        status=PartnerStatus.ACTIVE,
        region=region,
        tier=tier,
        country="DE",
    )
    user = User.objects.create_user(f"seller-{number}@race.example", name=f"Seller {number}")
    Membership.objects.create(user=user, partner=partner, roles=[PartnerRole.SALES])
    return actor_for(user)


def asking(line: ProductLine, **customer: Any) -> RegistrationRequest:
    fields: dict[str, Any] = {
        "customer_name": "Nordwind Logistics GmbH",
        "customer_domain": "",
        "customer_country": "DE",
        **customer,
    }
    return RegistrationRequest(
        **fields,
        product_line_id=line.pk,
        amount=Decimal(12_800),
        currency="EUR",
        expected_close=timezone.localdate() + dt.timedelta(days=40),
    )


def at_once(jobs: Sequence[Callable[[], Made]], *, abreast: int) -> tuple[list[Made], list[str]]:
    """Runs all jobs, `abreast` at a time and the first of them at the same moment; what they
    made, and what went wrong."""
    start = threading.Barrier(min(abreast, len(jobs)))
    made: list[Made] = []
    errors: list[str] = []

    def run(number: int) -> None:
        try:
            if number < start.parties:
                start.wait(30)
            made.append(jobs[number]())
        except Exception as error:
            errors.append(repr(error))
        finally:
            connection.close()

    with ThreadPoolExecutor(abreast) as pool:
        list(pool.map(run, range(len(jobs))))
    return made, errors


def register_all(
    actors: Sequence[Actor], requests: Sequence[RegistrationRequest], *, abreast: int
) -> tuple[list[Deal], list[str]]:
    """Each request by the next of the actors, in turn."""
    jobs = [
        partial(register_deal, actor=actors[n % len(actors)], request=request)
        for n, request in enumerate(requests)
    ]
    return at_once(jobs, abreast=abreast)
