"""S2: registering a deal, as a whole HTTP request with decision, protection and event."""

import contextlib
import datetime as dt
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

from django.db import connection
from django.utils import timezone

from bench import data, urls_of_s2
from bench.harness import Result, Scale, at_most
from core.actor import system
from core.models import Event, User
from core.tokens import issue_token
from dealreg.models import Deal, Decision, Protection

ROWS = {"small": 10_000, "full": 1_000_000}
ROUNDS = {"small": 150, "full": 600}
WARM_UP = 20
PROMISED_MS = 60.0
LINES = ("cloud-backup", "data-platform", "endpoint-security", "identity", "network-insight")


def measure(scale: Scale) -> list[Result]:
    """Registers deals of new and of known customers over HTTP, in turns with requests to an
    address that inserts one row; both through gunicorn with a token, one at a time."""
    data.fill(accounts=ROWS[scale], deals=ROWS[scale])
    with connection.cursor() as cursor:
        cursor.execute(urls_of_s2.TABLE)
    data.warm_up()
    taken = Taken()
    with web() as port, contextlib.closing(caller(port)) as client:
        began = timezone.now()
        for number in range(ROUNDS[scale] + WARM_UP):
            taken.add(client, number, counts=number >= WARM_UP)
    require_whole(began, ROUNDS[scale] + WARM_UP)
    deal, row = p95(taken.deal), p95(taken.row)
    print(f"p50 {p50(taken.deal):.1f} ms against {p50(taken.row):.1f} ms … ", end="", flush=True)
    return [
        Result("register a deal, p95", deal, "ms", PROMISED_MS, at_most(1)),
        Result("… against inserting one row", deal, "ms", row, at_most(3)),
    ]


@dataclass
class Taken:
    """Milliseconds of each request."""

    deal: list[float] = field(default_factory=list)
    row: list[float] = field(default_factory=list)

    def add(self, client: "Client", number: int, *, counts: bool) -> None:
        body = json.dumps(registration(number)).encode()
        row = client.post("/bench/one-row/", body)
        deal = client.post("/api/v1/deals/", body)
        if counts:
            self.row.append(row)
            self.deal.append(deal)


def registration(number: int) -> dict[str, Any]:
    """A new customer, or for every fifth request one that the portal knows."""
    run = time.time_ns()
    known = number % 5 == 4
    customer = known_customer(number) if known else new_customer(run)
    return {
        "customer": customer,
        "product_line": LINES[number % len(LINES)],
        "amount": f"{1000 + run % 60_000}.00",
        "currency": "EUR",
        "expected_close": (dt.date.today() + dt.timedelta(days=90)).isoformat(),  # noqa: DTZ011
        "description": "Measured, not meant.",
    }


def new_customer(run: int) -> dict[str, str]:
    # Backwards: clocks begin alike, and a thousand customers that do are no usual thousand.
    word = "".join(chr(ord("a") + int(digit)) for digit in reversed(str(run)))
    return {
        "name": f"{word.title()} Logistics GmbH",
        "domain": f"{word}.example",
        "country": "DE",
    }


def known_customer(number: int) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, domain, country FROM dealreg_account WHERE external_ref = %s",
            [f"demo:a:{number * 7 + 1}"],
        )
        return dict(zip(("name", "domain", "country"), cursor.fetchone(), strict=True))


def require_whole(began: dt.datetime, number: int) -> None:
    """Every answered registration is there with its decision, its events, and, when it was
    approved, its protection: a fast answer that skipped one would not count."""
    deals = Deal.objects.filter(source="api", submitted_at__gte=began)
    ids = list(deals.values_list("pk", flat=True))
    approved = deals.filter(status="approved").count()
    found = (
        len(ids),
        Decision.objects.filter(deal__in=ids).count(),
        Protection.objects.filter(deal__in=ids).count(),
        Event.objects.filter(subject_type="dealreg.deal", subject_id__in=ids).count(),
    )
    if found != (number, number, approved, 2 * number) or approved < number / 2:
        raise AssertionError(f"{found} is not what {number} registrations leave")


# The web process and its caller


@contextlib.contextmanager
def web() -> Iterator[int]:
    """gunicorn as in production, with the address that inserts one row; its port."""
    port = free_port()
    gunicorn = [sys.executable, "-m", "gunicorn", "bench.web_of_s2:application"]
    process = subprocess.Popen(
        [*gunicorn, "--bind", f"127.0.0.1:{port}", "--log-level", "warning"],
        env={**os.environ, "LOG_LEVEL": "WARNING"},
    )
    try:
        wait_until_ready(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            client.request("GET", "/livez")
            if client.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError("gunicorn does not answer")


class Client:
    """A program of one partner, over one connection as long as the server keeps it."""

    def __init__(self, port: int, token: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def post(self, path: str, body: bytes) -> float:
        """Milliseconds from the first byte sent to the last one received."""
        began = time.perf_counter()
        self.connection.request("POST", path, body, self.headers)
        answer = self.connection.getresponse()
        text = answer.read()
        took = (time.perf_counter() - began) * 1000
        if answer.status != 201:
            raise AssertionError(f"{path} answered {answer.status}: {text[:500]!r}")
        return took

    def close(self) -> None:
        self.connection.close()


def caller(port: int) -> Client:
    user = User.objects.get(email="sales@volume-1.example")
    issued = issue_token(
        actor=system("bench"),
        user=user,
        label="bench",
        scopes=["deals:read", "deals:write"],
        expires_at=timezone.now() + dt.timedelta(hours=1),
    )
    return Client(port, issued.secret)


def p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


def p50(values: list[float]) -> float:
    return quantiles(values, n=2)[0]
