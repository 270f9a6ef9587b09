"""A2: no byte of Beta's reaches Alpha: pages, errors, searches, exports, API, files, mail."""

from collections.abc import Callable, Iterator
from itertools import product

import pytest
from django.test import Client

from core.models import Notification, OutgoingMail, StoredFile, User
from dealreg.models import ConflictCase
from tests.access.bodies import body_of
from tests.access.leaks import OF_ALPHA, betas_words_in, said_by
from tests.access.routes import addresses, path_of
from tests.access.rows import ROWS
from tests.access.test_walk import stopped_at_the_door
from tests.access.walking import Asked, ask, client_for
from tests.access.world import BETAS_WORDS, Things, World

ALPHAS = ("jonas", "chiara", "ada")
# Parts of Beta's words, as somebody would type them who suspects something.
HUNCHES = ("Vexil", "vexillology.exampl", "Orrery", "Krypteia", "zweitakter", "Borogrov", "73819")
MOST_TYPED = len(HUNCHES) + 3
LISTS = (
    "/deals/shared/",
    "/api/v1/splits/",
    "/cases/",
    "/deals/",
    "/deals/export/",
    "/search/",
    "/notifications/",
    "/api/v1/deals/",
    "/company/",
)
PARAMETERS = ("q", "search", "customer", "partner", "account", "status", "sort", "after", "before")

# Whoever holds the link is the customer who is asked about Beta, and reads Beta's name.
SAID_TO_THE_HOLDER = {("/confirm/<token>/", "beta")}


def in_the_portal() -> list[str]:
    """All addresses but the back office's, whose door gives nobody of a partner anything else
    than one page (test_walk.py)."""
    return [address for address in addresses() if not address.startswith("/admin/")]


def walk(
    client: Client,
    world: World,
    whose: tuple[str, ...],
    methods: tuple[str, ...],
    where: list[str],
) -> Iterator[tuple[str, Asked]]:
    for address, owner, method in product(where, whose, methods):
        if (address, owner) in SAID_TO_THE_HOLDER:
            continue
        path, body = path_of(address, world, owner), None
        if method == "POST":
            body = body_of(address, world)
        yield f"{method} {path}", ask(client, method, path, body, follow=True)


def search(
    client: Client, world: World, parameters: tuple[str, ...]
) -> Iterator[tuple[str, Asked]]:
    ids = (world.beta.approved.pk, f"DR-{world.beta.approved.pk}", world.cast.beta.pk)
    for path, name, value in product(LISTS, parameters, (*HUNCHES, *ids)):
        yield f"GET {path}?{name}={value}", ask(client, "GET", path, {name: value}, follow=True)


def leaks(answers: Iterator[tuple[str, Asked]]) -> tuple[int, list[str]]:
    """How many answers there were, and what of Beta's stands in which of them."""
    number, found = 0, []
    for what, asked in answers:
        number += 1
        found += [f"{what} says {word}" for word in betas_words_in(asked)]
        if asked.answer.status_code >= 500:
            found.append(f"{what} fails with {asked.answer.status_code}")
    return number, found


def quiet_client(user: User | None) -> Client:
    """A client that gets the page for errors where the tests' one would raise."""
    client = client_for(user)
    client.raise_request_exception = False
    return client


WALKS: list[tuple[str, str, Callable[[], list[str]]]] = [
    ("jonas", "alpha", in_the_portal),
    ("jonas", "beta", addresses),
    ("ada", "beta", in_the_portal),
]
SEARCHED = ("q", "status", "sort")


def test_a2_looks_at_as_many_answers_as_promised():
    """Those of the walks and searches below, each of which counts its own, and those that Alpha's
    people and programs get in the walk of test_walk.py."""
    walks = sum(2 * (len(where()) - (whose == "beta")) for _name, whose, where in WALKS)
    searches = len(LISTS) * len(SEARCHED) * MOST_TYPED
    of_a1 = [row for row in ROWS if row.role in OF_ALPHA and not stopped_at_the_door(row)]

    assert walks + searches + len(of_a1) >= 5_000


@pytest.mark.parametrize(("name", "whose", "where"), WALKS)
def test_a2_no_page_shows_alpha_what_is_betas(
    world: World, name: str, whose: str, where: Callable[[], list[str]]
):
    client = quiet_client(world.user(name))
    number, found = leaks(walk(client, world, (whose,), ("GET", "POST"), where()))

    assert not found, "\n".join(["", *found])
    assert number == 2 * (len(where()) - (whose == "beta"))


def test_a2_no_search_shows_alpha_what_is_betas(world: World):
    number, found = leaks(search(quiet_client(world.cast.jonas), world, SEARCHED))

    assert not found, "\n".join(["", *found])
    assert number == len(LISTS) * len(SEARCHED) * MOST_TYPED


@pytest.mark.slow
@pytest.mark.parametrize("name", ALPHAS)
def test_a2_nothing_of_betas_in_thousands_of_answers(world: World, name: str):
    client = quiet_client(world.user(name))
    methods = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    everything = ("alpha", "beta", "missing"), methods, addresses()
    walked, found = leaks(walk(client, world, *everything))
    searched, more = leaks(search(client, world, PARAMETERS))

    assert not found + more, "\n".join(["", *found, *more])
    assert 3 * (walked + searched) >= 5_000


def test_a2_would_notice_since_beta_itself_reads_every_word(world: World):
    """The control: the same walk as Bo meets all of Beta's words."""
    client = quiet_client(world.cast.bo)
    walked = walk(client, world, ("beta",), ("GET",), in_the_portal())
    said = "".join(said_by(asked) for _what, asked in walked)
    listed = ask(client, "GET", "/deals/export/")

    assert [word for word in BETAS_WORDS if word not in said + said_by(listed)] == []


def test_a2_no_mail_and_no_notification_tells_alpha_what_is_betas(world: World):
    alphas = [world.cast.jonas, world.cast.chiara, world.cast.ada]
    mails = OutgoingMail.objects.filter(to_user__in=alphas)
    notices = Notification.objects.filter(user__in=alphas)
    said = "".join(f"{mail.subject}{mail.text}{mail.html}" for mail in mails)
    said += "".join(f"{notice.title}{notice.body}{notice.url}" for notice in notices)

    # Jonas and Ada, of three registrations, a proposed split, and the case shared with Beta
    assert (mails.count(), notices.count()) == (10, 10)
    assert [word for word in BETAS_WORDS if word in said] == []


def test_a2_a_side_of_a_case_reads_nothing_of_the_other(world: World):
    case, client = world.shared_case, quiet_client(world.cast.jonas)
    theirs = StoredFile.objects.get(name="palimpsest-letter.csv", subject_id=side(case, world.beta))
    pages = (
        "/cases/",
        f"/cases/{case.pk}/",
        f"/deals/{world.alpha.review.pk}/cases/",
        f"/api/v1/cases/{case.pk}/",
        f"/files/{theirs.pk}/",
    )
    number, found = leaks((path, ask(client, "GET", path)) for path in pages)

    assert (number, found) == (5, [])
    assert [ask(client, "GET", path).answer.status_code for path in pages] == [200] * 4 + [404]
    own = said_by(ask(quiet_client(world.cast.bo), "GET", pages[1]))
    assert "Gnomon plea" in own
    assert "palimpsest-letter" in own


def side(case: ConflictCase, things: Things) -> int:
    return case.sides.get(partner=things.review.partner).pk
