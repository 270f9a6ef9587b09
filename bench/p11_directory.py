"""P11: looking for a partner in a public directory of a hundred thousand."""

import gc
import gzip
import time
from collections.abc import Mapping
from statistics import quantiles

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench import partners
from bench.harness import Result, Scale, at_most
from partners.models import Focus, Tier

SIZES = {"small": 3_000, "full": 100_000}
ROUNDS = {"small": 8, "full": 25}
PROMISED_MS, MOST_QUERIES, MOST_KILOBYTES = 100.0, 15, 100.0
HOST = "localhost"

Search = Mapping[str, str | int]


def measure(scale: Scale) -> list[Result]:
    """Whole requests as the portal answers them, in turns: the first page of all, and searches by
    everything that a visitor may choose, common and rare, alone and together."""
    wanted = SIZES[scale]
    partners.fill(wanted)
    client = Client(headers={"host": HOST})
    searches = searches_of()
    taken: dict[str, list[float]] = {}
    ask(client, {})
    # As a web process does when it has started (gunicorn.conf.py): what is there for good is not
    # looked through again in the middle of a request.
    gc.collect()
    gc.freeze()
    for _round in range(ROUNDS[scale] + 1):
        for name, search in {"all": {}, **searches}.items():
            taken.setdefault(name, []).append(milliseconds(client, search))
    first, searched = p95(taken.pop("all")[1:]), {name: p95(ms[1:]) for name, ms in taken.items()}
    worst = max(searched, key=lambda name: searched[name])
    with CaptureQueriesContext(connection) as asked:
        page = ask(client, searches["everything"])
    print(f"worst: {worst} {searched[worst]:.0f} ms, all {first:.0f} ms … ", end="", flush=True)
    every = [took for ms in taken.values() for took in ms[1:]]
    title = f"a search among {wanted:,} in the directory"
    weight = len(gzip.compress(page)) / 1000
    return [
        Result(f"{title}, p95", p95(every), "ms", PROMISED_MS, at_most(1)),
        Result(f"… the slowest kind ({worst})", searched[worst], "ms", first, at_most(3)),
        Result("… queries", len(asked), "", MOST_QUERIES, at_most(1)),
        Result("… the page's weight", weight, "kB", MOST_KILOBYTES, at_most(1)),
    ]


def searches_of() -> dict[str, Search]:
    skill = Focus.objects.get(name=partners.SKILLS[3]).pk
    rare = Focus.objects.get(name=partners.RARE_SKILL).pk
    tier = Tier.objects.order_by("-rank")[0].pk
    north = f"{partners.TOP}.{partners.REGIONS[0]}"
    isle = f"{partners.TOP}.{partners.SMALL_REGION}"
    return {
        "region": {"region": north},
        "small region": {"region": isle},
        "speciality": {"skill": skill},
        "rare speciality": {"skill": rare},
        "product line": {"product": "cloud-backup"},
        "tier": {"tier": tier},
        "kind": {"type": "msp"},
        "country": {"country": "FI"},
        "language": {"speaks": "nl"},
        "words": {"q": "logistics migrations"},
        "rare words": {"q": "barvedor motors"},
        "region and speciality": {"region": north, "skill": skill},
        "nobody": {"region": isle, "skill": rare, "type": "isv"},
        "everything": {"region": north, "skill": skill, "product": "cloud-backup", "tier": tier},
    }


def ask(client: Client, search: Search) -> bytes:
    answer = client.get("/directory/", {**search, "language": "en"})
    if answer.status_code != 200:
        raise RuntimeError(f"{search} was answered with {answer.status_code}")
    return answer.content


def milliseconds(client: Client, search: Search) -> float:
    began = time.perf_counter()
    ask(client, search)
    return (time.perf_counter() - began) * 1000


def p95(taken: list[float]) -> float:
    return quantiles(taken, n=20)[18]
