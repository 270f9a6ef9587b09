"""A2: what a partner states as its costs is read by its own administrators and finance people, and
by nobody at the vendor: no page, list, search, export, record of events or API says it."""

from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from core.models import Event
from partners.rules.profit import Cost, CostKind
from partners.services.costs import add_cost
from tests.access.leaks import said_by
from tests.access.routes import addresses, path_of
from tests.access.test_betas_words import quiet_client
from tests.access.walking import ask, client_for
from tests.access.world import World

CANARY = ("Zymurgy retreat", "48271.33", "48,271.33", "48,271.3")


@pytest.fixture
def canary(world: World) -> None:
    cost = Cost(
        CostKind.EVENTS, timezone.localdate(), Decimal("48271.33"), "EUR", "Zymurgy retreat"
    )
    add_cost(actor=world.cast.actor(world.cast.ada), cost=cost)


# Where it would be, if it were anywhere; with the slow tests every address is asked.
NEAR = ("/admin/partners/partner/", "/admin/core/event", "/api/v1/prof", "/company/profit")


def told_to(client: Client, world: World, near: tuple[str, ...]) -> list[str]:
    """What says the canary at the addresses that begin so."""
    found = []
    for address in addresses():
        if address.startswith(near):
            path = path_of(address, world, "alpha")
            said = said_by(ask(client, "GET", path, None, follow=True))
            found += [f"GET {path} says {word}" for word in CANARY if word in said]
    return found


EVERYWHERE = [pytest.param(name, ("/",), marks=pytest.mark.slow) for name in ("mara", "root")]


@pytest.mark.parametrize(("name", "near"), [("root", NEAR), *EVERYWHERE])
def test_a2_nobody_at_the_vendor_reads_what_a_partner_states_as_costs(
    world: World, canary: None, name: str, near: tuple[str, ...]
):
    client = quiet_client(world.user(name))
    assert told_to(client, world, near) == []
    for path in ("/search/", "/admin/partners/partner/", "/admin/core/event/"):
        for word in ("Zymurgy", "48271"):
            said = said_by(ask(client, "GET", path, {"q": word}, follow=True))
            assert not [one for one in CANARY if one in said.replace(word, "", 3)], path


def test_a2_the_record_of_events_does_not_say_it(world: World, canary: None):
    told = Event.objects.filter(kind="partners.costs_changed").latest("pk")
    assert told.payload == {"act": "added"}


def test_a2_would_notice_since_the_administrator_reads_it(world: World, canary: None):
    said = "".join(told_to(client_for(world.cast.ada), world, NEAR))
    for path in ("/company/profitability/", "/company/profitability/costs/export/"):
        assert f"GET {path} says Zymurgy retreat" in said
