"""A1: every address × method × role answers as the table says, and what is refused leaves the
database as it was."""

from collections import Counter

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import resolve

from partners.models import Focus
from partners.rules import FocusKind
from prm.admin_site import BackOffice
from tests.access.bodies import body_of
from tests.access.leaks import OF_ALPHA, betas_words_in
from tests.access.routes import addresses, path_of
from tests.access.rows import ROWS
from tests.access.table import API_ROLES, ROLES
from tests.access.walking import Asked, Row, ask, client_for, counts, refused, told
from tests.access.world import World


def test_a1_every_address_has_its_rows_and_every_row_an_address():
    found, named = set(addresses()), {row.address for row in ROWS}

    assert sorted(found - named) == [], "addresses without a row in tests/access/table.py"
    assert sorted(named - found) == [], "rows of tests/access/table.py without an address"


def test_a1_every_address_has_a_row_for_each_method_and_role():
    cells = Counter((row.address, row.method, row.role) for row in ROWS)
    methods = {row.address: {"GET", "POST"} for row in ROWS}
    wanted = {
        (address, method, role)
        for address in methods
        for method in methods[address]
        for role in (API_ROLES if address.startswith("/api/") else ROLES)
    }

    assert sorted(wanted - cells.keys()) == []
    assert [cell for cell, times in cells.items() if times > 1] == []


@pytest.mark.parametrize("role", API_ROLES)
def test_a1_every_address_answers_as_the_table_says(role: str, world: World):
    rows = [row for row in ROWS if row.role == role and not stopped_at_the_door(row)]
    client, headers = caller(role, world)

    wrong, before = [], counts()
    for row in rows:
        path, body = path_of(row.address, world), None
        if row.method != "GET":
            body = body_of(row.address, world)
        asked = ask(client, row.method, path, body, headers=headers, before=before)
        wrong += mismatches(row, asked)
        if role in OF_ALPHA:
            what = f"A2: {row.method} {row.address} as {role} says"
            wrong += [f"{what} {word}" for word in betas_words_in(asked)]

    assert not wrong, "\n".join(["", *wrong])


# Jonas asks for every address of the back office through the whole portal, as above; these are
# asked for by the view that stands behind it, which gives them all the same page.
AT_THE_DOOR = ("olga", "chiara", "bo", "ada")


def stopped_at_the_door(row: Row) -> bool:
    door = row.address.startswith("/admin/") and row.answer == "403"
    return door and row.role in AT_THE_DOOR


@pytest.mark.parametrize("role", AT_THE_DOOR)
def test_a1_the_back_offices_door_is_shut_before_anything_is_asked(
    role: str, world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(BackOffice, "refused", lambda _site, _request: HttpResponse("The door"))
    user = world.user(role)
    assert user is not None
    actor = world.cast.actor(user)
    met = [row for row in ROWS if row.role == "jonas" and row.address.startswith("/admin/")]
    asked = [(row, path_of(row.address, world)) for row in met if row.answer == "403"]

    said = []
    with connection.execute_wrapper(no_question):
        for row, path in asked:
            request, view = RequestFactory().generic(row.method, path), resolve(path)
            request.user, request.actor = user, actor  # type: ignore[attr-defined]
            said.append(view.func(request, *view.args, **view.kwargs).content)

    assert len(said) > 900
    assert set(said) == {b"The door"}


def no_question(_execute: object, sql: str, *_more: object) -> None:
    raise AssertionError(f"the database was asked: {sql}")


def test_a1_the_walk_would_notice_what_a_refused_request_did(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    """The control: a door that writes a row."""
    monkeypatch.setattr(BackOffice, "refused", lambda _site, _request: a_refusal_that_writes())
    asked = ask(client_for(world.cast.jonas), "GET", "/admin/", before=counts())

    assert (told(asked.answer), asked.changed) == ("403", {"partners.focus": 1})


def a_refusal_that_writes() -> HttpResponse:
    Focus.objects.create(kind=FocusKind.VERTICAL, name="Written meanwhile")
    return HttpResponse(status=403)


def caller(role: str, world: World):
    """The role's browser, or a program with its token."""
    if role in ROLES:
        return client_for(world.user(role)), {}
    secrets = world.beta.secrets if role == "foreign" else world.alpha.secrets
    secret = secrets["writer" if role == "foreign" else role]
    return client_for(None), {"Authorization": f"Bearer {secret}"}


def mismatches(row: Row, asked: Asked) -> list[str]:
    """What the table says otherwise, in words."""
    what = f"{row.method} {row.address} as {row.role}"
    found = []
    if told(asked.answer) != row.answer:
        found.append(f"{what}: {told(asked.answer)}, the table says {row.answer}")
    if refused(asked.answer) and asked.changed:
        found.append(f"{what}: refused, and yet it changed {asked.changed}")
    return found
