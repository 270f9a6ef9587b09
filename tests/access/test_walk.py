"""A1: every address × method × role answers as the table says, and what is refused leaves the
database as it was."""

from collections import Counter

import pytest

from tests.access.routes import addresses, body_of, path_of
from tests.access.rows import ROWS
from tests.access.table import API_ROLES, ROLES
from tests.access.walking import (
    Asked,
    Row,
    ask,
    client_for,
    counts,
    refused,
    told,
)
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
    rows = [row for row in ROWS if row.role == role]
    client, headers = caller(role, world)

    wrong, before = [], counts()
    for row in rows:
        path, body = path_of(row.address, world), None
        if row.method != "GET":
            body = body_of(row.address, world)
        asked = ask(client, row.method, path, body, headers=headers, before=before)
        wrong += mismatches(row, asked)

    assert not wrong, "\n".join(["", *wrong])


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
