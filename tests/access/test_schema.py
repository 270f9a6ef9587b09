"""H5: whatever the API's own schema allows, as each role: no call breaks it."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import schemathesis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core import NOT_SET

from tests.access.routes import ids_of
from tests.access.table import API_ROLES
from tests.access.test_walk import caller
from tests.access.world import World

CASES = 10_000
JSON = "application/json"
SEED = 20_261_122
# Enough of each operation that all roles together come to so many.
OF_EACH_ROLE = CASES // len(API_ROLES) + 1


@pytest.fixture(scope="module")
def cases() -> list[Any]:
    """Made once and sent as everybody."""
    document = SchemaGenerator().get_schema(request=None, public=True)
    schema = schemathesis.openapi.from_dict(document)
    operations = [
        result.ok()  # type: ignore[union-attr]
        for result in schema.get_all_operations()
    ]
    # Some have fewer different cases than that.
    each = 3 * OF_EACH_ROLE // (2 * len(operations)) + 1
    return [case for operation in operations for case in made_up(operation, each)]


@pytest.mark.slow
@pytest.mark.parametrize("role", API_ROLES)
def test_h5_no_call_that_the_schema_allows_breaks_the_api(
    role: str, world: World, cases: list[Any]
):
    client, headers = caller(role, world)
    client.raise_request_exception = False
    answered, broken = 0, []
    for method, path, (body, kind), sent in calls(cases, world):
        with transaction.atomic():
            answer = client.generic(
                method, path, body, content_type=kind, headers={**sent, **headers}
            )
            transaction.set_rollback(True)
        answered += 1
        if answer.status_code >= 500:
            broken.append(f"{answer.status_code}: {method} {path} {sent} {body!r}")

    assert not broken, "\n".join(["", *broken])
    assert answered >= OF_EACH_ROLE


Call = tuple[str, str, tuple[bytes, str], dict[str, str]]


def calls(cases: list[Any], world: World) -> Iterator[Call]:
    """Method, address, body with its type, and headers of each. Every second one is about what
    is there, since a made-up id leads no further than to "not found"."""
    known = {name: str(value) for name, value in ids_of(world, world.alpha).items()}
    known["deal_id"] = str(world.alpha.approved.pk)
    for place, case in enumerate(cases):
        there = known if place % 2 == 0 else {}
        named = {
            name: quote(there.get(name, str(value)), safe="")
            for name, value in (case.path_parameters or {}).items()
        }
        path = case.operation.path.format(**named)
        if case.query:
            path += f"?{urlencode(case.query, doseq=True, errors='replace')}"
        sent = {name: value for name, value in (case.headers or {}).items() if sendable(value)}
        yield case.operation.method.upper(), path, body_of(case), sent


def body_of(case: Any) -> tuple[bytes, str]:
    if case.body is NOT_SET:
        return b"", JSON
    if case.media_type == "multipart/form-data" and isinstance(case.body, dict):
        fields = {name: part_of(value) for name, value in case.body.items()}
        return encode_multipart(BOUNDARY, fields), MULTIPART_CONTENT
    return json.dumps(case.body, default=repr).encode(), JSON


def part_of(value: object) -> object:
    if isinstance(value, bytes):
        return SimpleUploadedFile("quote.csv", value)
    return str(value).encode(errors="replace")


def sendable(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable()


def made_up(operation: Any, number: int) -> list[Any]:
    """Cases of an operation: what the schema allows, and what it does not. The same ones in every
    run of the same schema."""
    found: list[Any] = []
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    strategies = [operation.as_strategy(generation_mode=mode) for mode in modes]

    @seed(SEED)
    @settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(strategies))
    def collect(case: Any) -> None:
        found.append(case)

    collect()
    return found
