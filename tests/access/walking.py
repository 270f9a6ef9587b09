"""Asking for every address as somebody, and comparing the answers with the table."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from core.models import User
from tests.cast import PASSWORD

# What may change when somebody merely asks: sessions, counters, when a token was last used.
PASSING = {"sessions.session", "usersessions.usersession", "core.apicallwindow"}
OUR_APPS = {"core", "partners", "dealreg", "account", "mfa", "auth"}


@dataclass(frozen=True)
class Row:
    """What one role gets at one address by one method: a status, "in" (sent to sign in) or
    "desk" (sent to the back office)."""

    address: str
    method: str
    role: str
    answer: str


def read_table(text: str) -> list[Row]:
    """The cells of a table: a heading with the roles, then address, method and answers."""
    heading, *lines = (line.split() for line in text.splitlines() if line.strip())
    roles = heading[2:]
    rows = []
    for address, method, *answers in lines:
        assert len(answers) == len(roles), f"{method} {address} has {len(answers)} answers"
        rows += [
            Row(address, method, role, said) for role, said in zip(roles, answers, strict=True)
        ]
    return rows


METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
# Programs are told that their token lacks a scope for what is not there at all.
ASKED = "401 200 200 200 200 200 200 200 200 200 200 401 200"
REFUSED = "401 405 405 405 405 405 405 405 405 403 403 401 403"


def with_refusals(text: str) -> str:
    """The rows of the API with those of every other method: HEAD is answered as GET, OPTIONS to
    everybody who is somebody, and the rest to nobody."""
    heading, *lines = (line for line in text.splitlines() if line.strip())
    known = {tuple(line.split()[:2]): line.split(maxsplit=2)[2] for line in lines}
    rows = [heading]
    for address in dict.fromkeys(address for address, _method in known):
        told = {**dict.fromkeys(METHODS, REFUSED), "OPTIONS": ASKED}
        told |= {method: known[address, method] for method in METHODS if (address, method) in known}
        told["HEAD"] = told["GET"]
        rows += [f"{address} {method} {answers}" for method, answers in told.items()]
    return "\n".join(rows)


OUTSIDERS = {"nobody": "in", "olga": "403", "jonas": "403", "chiara": "403", "bo": "403"}
STAFF = ("mara", "rita", "otto", "root")


def read_back_office(tables: str, desk: str) -> list[Row]:
    """The rows of the back office's tables, with those of `desk` in their place."""
    _heading, *lines = (line.split() for line in tables.splitlines() if line.strip())
    found = {}
    for table, shown, *allowed in lines:
        see, add, change, delete = (set(names.split(",")) for names in allowed)
        base = f"/admin/{table.replace('.', '/')}/"
        one = f"{base}<object_id>/"
        for role in STAFF:
            there = "404" if role == "rita" and shown == "regional" else "200"
            answers = {
                base: ["200" if role in see else "403"] * 2,
                f"{base}add/": ["200" if role in add else "403"] * 2,
                one: ["desk", "desk"],
                f"{one}history/": [there if role in see else "403"] * 2,
                f"{one}delete/": ["200" if role in delete else "403"] * 2,
                f"{one}change/": [
                    there if role in see else "403",
                    "200" if role in change else "403",
                ],
            }
            for address, (got, posted) in answers.items():
                found[address, "GET", role] = got
                found[address, "POST", role] = posted
                for outsider, answer in OUTSIDERS.items():
                    found[address, "GET", outsider] = found[address, "POST", outsider] = answer
    found |= {(row.address, row.method, row.role): row.answer for row in read_table(desk)}
    return [Row(*where, answer) for where, answer in found.items()]


def client_for(user: User | None) -> Client:
    """A browser in which `user` has just signed in and confirmed it, so that nothing asks for the
    password again."""
    client = Client()
    if user is not None:
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        assert answer.status_code == 302, answer.content
    return client


@dataclass(frozen=True)
class Asked:
    """An answer; `changed` has the rows that a table gained or lost although it was refused."""

    answer: HttpResponseBase
    body: bytes
    changed: dict[str, int]


def ask(
    client: Client,
    method: str,
    path: str,
    data: Any = None,
    *,
    follow: bool = False,
    headers: dict[str, str] | None = None,
    before: dict[str, int] | None = None,
) -> Asked:
    """One request, whose traces in the database are gone afterwards. `before` are the counts
    with which to compare when it is refused. `follow` adds the page that a redirect leads to."""
    cookies = client.cookies.output(header="")
    changed = {}
    with transaction.atomic():
        with connection.execute_wrapper(writing := Writing()):
            answer = send(client, method, path, data, headers or {})
            body = content_of(answer)
        if before is not None and refused(answer) and writing.seen:
            after = counts()
            changed = {name: after[name] - rows for name, rows in before.items()}
        if follow and "Location" in answer.headers:
            body += client.get(answer.headers["Location"], headers=headers or {}).content
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies.replace("\r\n", ";"))
    return Asked(answer, body, {name: rows for name, rows in changed.items() if rows})


class Writing:
    """Whether anything but a question was put to the database: what was not written to need not
    be counted."""

    questions = ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")

    def __init__(self) -> None:
        self.seen = False

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        self.seen |= not str(sql).startswith(self.questions)
        return execute(sql, params, many, context)


def content_of(answer: HttpResponseBase) -> bytes:
    if isinstance(answer, StreamingHttpResponse):
        return bytes(answer.getvalue())
    assert isinstance(answer, HttpResponse)
    return answer.content


def send(
    client: Client, method: str, path: str, data: Any, headers: dict[str, str]
) -> HttpResponseBase:
    if path.startswith("/api/") or method not in {"GET", "POST"}:
        return client.generic(
            method,
            path,
            json.dumps(data or {}),
            content_type="application/json",
            headers=headers,
        )
    ask_for = client.get if method == "GET" else client.post
    return ask_for(path, data or {}, headers=headers)


def counts() -> dict[str, int]:
    """How many rows each table of the domain has, in one query that is planned once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_prepared_statements WHERE name = 'count_rows'")
        if cursor.fetchone() is None:
            cursor.execute(f"PREPARE count_rows AS {counting()}")
        cursor.execute("EXECUTE count_rows")
        return dict(cursor.fetchall())


def counting() -> str:
    """The query for `counts`, one line per table."""
    tables = {
        model._meta.label_lower: model._meta.db_table
        for model in apps.get_models()
        if model._meta.app_label in OUR_APPS and model._meta.label_lower not in PASSING
    }
    return " UNION ALL ".join(
        f"SELECT '{label}', count(*) FROM {table}" for label, table in tables.items()
    )


def told(answer: HttpResponseBase) -> str:
    """The answer in the table's words."""
    where = answer.headers.get("Location", "")
    sign_in = (reverse("account_login"), reverse("admin:login"))
    if answer.status_code == 302 and where.startswith(sign_in):
        return "in"
    if answer.status_code == 302 and where.startswith(reverse("admin:index")):
        return "desk"
    return str(answer.status_code)


def refused(answer: HttpResponseBase) -> bool:
    """Whether nothing may have happened. The back office's own "desk" means that it did."""
    if answer.status_code >= 400 or told(answer) == "in":
        return True
    asked_for = answer.wsgi_request.path  # type: ignore[attr-defined]
    return told(answer) == "desk" and not asked_for.startswith(reverse("admin:index"))
