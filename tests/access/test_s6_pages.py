"""S6: no page of the portal asks the database more than fifteen times, however much there is to
show, and none is heavy. What it weighs with its style sheet, script and font is looked at in a
browser (tests/browser/test_pages.py)."""

import gzip
import uuid
from typing import Any

from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import Notification, User
from dealreg.models import Deal, Lead
from partners.models import (
    Membership,
    PartnerContact,
    PartnerCost,
    PartnerDocument,
    PartnerNote,
    QuarterlyReview,
    SwotPoint,
    Todo,
)
from tests.access.routes import addresses, path_of
from tests.access.walking import client_for
from tests.access.world import World

MOST_QUERIES = 15
MOST_BYTES = 30_000
MORE = 6
# Ways in and out, which ask once for what belongs to a session, and what is for the vendor's staff.
NO_PAGES = ("/admin/", "/api/", "/accounts/", "/join/", "/confirm/")
PLENTY: tuple[type[models.Model], ...] = (
    Todo,
    QuarterlyReview,
    PartnerContact,
    PartnerCost,
    PartnerDocument,
    PartnerNote,
    SwotPoint,
    Lead,
    Deal,
)


def test_s6_every_page_of_the_portal_keeps_to_its_bounds(world: World):
    client = client_for(world.cast.ada)
    paths = [path_of(address, world) for address in addresses() if not address.startswith(NO_PAGES)]
    few = measured(client, paths)
    add_plenty(world)
    many = measured(client, [path for path in paths if path in few])

    asked = {path: (few[path], many[path]) for path in few}

    assert {path: both for path, both in asked.items() if max(both) > MOST_QUERIES} == {}
    assert {path: both for path, both in asked.items() if both[1] > both[0]} == {}
    assert len(few) > 55


def measured(client: Client, paths: list[str]) -> dict[str, int]:
    """The queries of each address that is a page for this reader. One that asks too much is asked
    for once more: the first reader pays for what the process keeps in memory from then on."""
    found = {}
    for path in paths:
        for _once_more in range(2):
            with CaptureQueriesContext(connection) as asked:
                answer = client.get(path)
            if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
                found[path] = len(asked)
                assert len(gzip.compress(answer.content)) < MOST_BYTES, path
            if len(asked) <= MOST_QUERIES:
                break
    return found


def add_plenty(world: World) -> None:
    """More of everything that Alpha has, and more people."""
    alpha = world.cast.alpha
    for model in PLENTY:
        there: Any = model._default_manager.filter(partner=alpha).first()
        assert there is not None, model
        for _number in range(MORE):
            there.pk = None
            if isinstance(there, Lead):
                there.submission_key = uuid.uuid4()
            there.save(force_insert=True)
    people = [User(email=f"more-{number}@alpha.example", name="More") for number in range(MORE)]
    User.objects.bulk_create(people)
    Membership.objects.bulk_create(
        Membership(partner=alpha, user=person, roles=["sales"]) for person in people
    )
    news = Notification.objects.filter(user=world.cast.jonas).latest("id")
    events = list(Notification.objects.exclude(event=news.event).values_list("event", flat=True))
    for event_id in list(dict.fromkeys(events))[:MORE]:
        Notification.objects.get_or_create(
            user=world.cast.ada, event_id=event_id, defaults={"title": news.title}
        )
