"""Whatever is wrong with a request of a program gets one shape, and never a 5xx."""

import json

import pytest
from django.db import connection, transaction
from django.test import Client

from core.models import Event
from tests.cast import Cast, bearer

URL = "/api/v1/deals/"


@pytest.fixture
def headers(cast: Cast) -> dict[str, str]:
    return bearer(cast.jonas, "deals:read", "deals:write")


def send(headers: dict[str, str], body: bytes | str, content_type="application/json", path=URL):
    client = Client(raise_request_exception=False)
    return client.generic("POST", path, body, content_type=content_type, headers=headers)


def assert_problem(response, status: int, code: str) -> dict[str, object]:
    body: dict[str, object] = response.json()
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert body["type"] == f"urn:prm:problem:{code}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


MALFORMED = {
    "no json": b"{",
    "not utf-8": b'{"description": "\xff\xfe"}',
    "nul": b'{"description": "a\\u0000b"}',
    "nul in a name": b'{"a\\u0000b": 1}',
    "half a character": b'{"description": "\\ud800"}',
    "nan": b'{"amount": NaN}',
    "too large a number": b'{"amount": 1e999}',
    "more digits than python reads": b'{"amount": ' + b"9" * 5000 + b"}",
    "nested too deeply": b"[" * 100_000 + b"]" * 100_000,
    "nested deeply": b"[" * 40 + b"]" * 40,
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_body_is_400(headers, name):
    assert_problem(send(headers, MALFORMED[name]), 400, "parse_error")


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"5", b'"text"', b"true", b"[[1]]"])
def test_json_that_is_no_object_is_400(headers, body):
    assert_problem(send(headers, body), 400, "invalid")


def test_missing_fields_are_named_with_dotted_paths(headers):
    body = assert_problem(send(headers, b'{"customer": {}}'), 400, "invalid")
    errors = body["errors"]
    assert isinstance(errors, dict)
    assert {"customer.name", "product_line", "amount"} <= errors.keys()
    assert all(isinstance(text, str) for texts in errors.values() for text in texts)
    assert not Event.objects.filter(kind__startswith="dealreg.").exists()


def test_too_large_body_is_413(headers):
    body = json.dumps({"description": "x" * 1_100_000})
    assert_problem(send(headers, body), 413, "too_large")


def test_other_content_is_415(headers):
    for content_type in ("text/plain", "application/xml", "application/x-www-form-urlencoded"):
        assert_problem(send(headers, b"a=1", content_type), 415, "unsupported_media_type")


def test_other_answers_than_json_are_406(headers):
    response = Client().get(URL, headers={**headers, "accept": "text/csv"})
    assert_problem(response, 406, "not_acceptable")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "FROBNICATE"])
def test_other_methods_are_refused_in_the_same_shape(headers, method):
    response = Client().generic(method, URL, b"", headers=headers)
    assert response.status_code in (403, 405)
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1/", "/api/v1/nothing/", "/api/v1/deals/999999999/", "/api/v2/deals/"]
)
def test_what_is_not_there_is_404_in_json(headers, path):
    assert_problem(Client().get(path, headers=headers), 404, "not_found")


def test_number_that_no_deal_can_have_is_404(headers):
    assert_problem(Client().get(f"{URL}{10**30}/", headers=headers), 404, "not_found")


def test_address_without_its_slash_is_404_and_not_a_redirect_that_loses_the_body(headers):
    assert_problem(send(headers, b"{}", path="/api/v1/deals"), 404, "not_found")


@pytest.mark.parametrize(
    "query", ["cursor=%00", "cursor=xyz", "page_size=-1", "page_size=x", "cursor=%ff"]
)
def test_odd_queries_are_no_server_error(headers, query):
    response = Client(raise_request_exception=False).get(f"{URL}?{query}", headers=headers)
    assert response.status_code < 500


def test_nul_in_the_address_is_400(headers):
    assert_problem(Client().get("/api/v1/deals/%00/", headers=headers), 400, "unreadable")


def test_unknown_host_is_400(headers):
    response = Client().get(URL, headers={**headers, "host": "evil.example"})
    assert_problem(response, 400, "bad_request")


def test_our_own_fault_is_a_plain_500_without_its_story(headers, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr("dealreg.queries.deals", broken)
    response = Client(raise_request_exception=False).get(URL, headers=headers)
    assert_problem(response, 500, "server_error")
    assert "hunter2" not in response.content.decode()


def test_what_waited_too_long_is_busy_and_no_fault_of_ours(headers, monkeypatch):
    """Many register one customer at once on a machine that is too small: try again."""

    def too_slow(*_args, **_kwargs):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '5ms'; SELECT pg_sleep(1)")

    monkeypatch.setattr("dealreg.queries.deals", too_slow)
    response = Client(raise_request_exception=False).get(URL, headers=headers)
    assert_problem(response, 503, "busy")
    assert response.headers["Retry-After"] == "5"


def test_schema_tells_of_tokens_and_problems(client, cast: Cast):
    client.force_login(cast.jonas)
    schema = client.get("/api/v1/schema/?format=json").json()
    post = schema["paths"]["/api/v1/deals/"]["post"]
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert {"401", "403", "413", "415", "429"} <= post["responses"].keys()
    assert post["security"] == [{"token": []}]


def test_schema_and_its_page_are_for_signed_in_people(client, db):
    assert client.get("/api/v1/schema/").status_code == 401
    assert client.get("/api/v1/docs/").url == "/accounts/login/?next=/api/v1/docs/"


def test_page_of_the_api_shows_every_operation_and_field(client, cast: Cast):
    client.force_login(cast.jonas)
    page = client.get("/api/v1/docs/").content.decode()
    for told in (
        "POST /api/v1/deals/",
        "GET /api/v1/deals/{deal_id}/",
        "customer.name",
        "deals:write",
    ):
        assert told in page
