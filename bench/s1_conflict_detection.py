"""S1: finding the customers that are like a new one, scoring included, among a million.

Recall is measured on injected variants: of each customer drawn, its name with a typing error,
another legal form, another order of words, an abbreviation; half of them with the domain. A
variant counts as found when the customer is among those that were compared. With
PRM_NAMES_DATA, a folder with company_symbol_list.csv ("Company Name", "Alternate Names") and
labelled_pairs.csv (gt_name, name, correct), real names are measured too, held in memory.
"""

import contextlib
import csv
import os
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import quantiles

from django.db import connection

from bench import data
from bench.harness import Result, Scale, at_least, at_most
from dealreg.matching import (
    CUT_SAYS_LESS,
    MOST_COMPARED,
    MOST_ROWS,
    candidate_ids,
    find_similar,
)
from dealreg.models import Account
from dealreg.rules.blocking import ABBREVIATIONS, PLAIN, index_keys, query_keys
from dealreg.rules.facts import ConflictLevel
from dealreg.rules.names import Customer
from dealreg.rules.similarity import compare

SIZES = {"small": (10_000, 50_000), "full": (10_000, 1_000_000)}
DRAWN = {"small": 150, "full": 500}
WARM_UP = 100
PROMISED_MS, PROMISED_RECALL = 5.0, 0.985
FORMS = ("GmbH", "Ltd", "Inc.", "AB", "B.V.", "S.p.A.", "S.L.", "Pty Ltd", "AG", "Oy", "LLC", "PLC")
SHORT = {long: short for short, long in ABBREVIATIONS.items()}
Variant = Callable[[random.Random, str], str]


def typo(chance: random.Random, name: str) -> str:
    """A letter left out, added, replaced, or changed places with the next one."""
    place, letter = chance.randrange(len(name)), chance.choice("abcdefghijklmnopqrstuvwxyz")
    rest = name[place + 1 :]
    return name[:place] + chance.choice(
        (rest, letter + name[place:], letter + rest, rest[:1] + name[place] + rest[1:])
    )


def legal_form(chance: random.Random, name: str) -> str:
    core, _space, _form = name.rpartition(" ")
    return f"{core or name} {chance.choice(FORMS)}"


def word_order(chance: random.Random, name: str) -> str:
    words = name.split()
    chance.shuffle(words)
    return " ".join(words)


def abbreviation(chance: random.Random, name: str) -> str:
    """The usual short form of a word, or the longest word cut."""
    words = name.split()
    known = [n for n, word in enumerate(words) if word.lower() in SHORT]
    if known:
        place = chance.choice(known)
        words[place] = SHORT[words[place].lower()].capitalize() + chance.choice(("", "."))
    else:
        place = max(range(len(words)), key=lambda n: len(words[n]))
        if len(words[place]) > 6:
            words[place] = words[place][: chance.choice((4, 5))] + chance.choice(("", "."))
    return " ".join(words)


VARIANTS: dict[str, Variant] = {
    "typing error": typo,
    "legal form": legal_form,
    "word order": word_order,
    "abbreviation": abbreviation,
}


def measure(scale: Scale) -> list[Result]:
    """The time of a whole search among few and among many customers, in turns, and what was
    found among the many."""
    few, many = SIZES[scale]
    data.fill_customers(many)
    make_small(few)
    data.warm_up()
    both = {SMALL: Searches(few, DRAWN[scale]), "public": Searches(many, DRAWN[scale])}
    for kind in VARIANTS:
        for place, searches in both.items():
            with searching_in(place):
                searches.run(kind)
    small, large = both[SMALL], both["public"]
    recall = {kind: sum(hits) / len(hits) for kind, hits in large.found.items()}
    overall = sum(map(sum, large.found.values())) / sum(map(len, large.found.values()))
    print(f"p50 {quantiles(large.took, n=2)[0]:.1f} ms … ", end="", flush=True)
    took, limit = p95(large.took), p95(small.took)
    return [
        Result(f"conflict detection, {many:,} customers, p95", took, "ms", PROMISED_MS, at_most(1)),
        Result(f"… against {few:,} customers", took, "ms", limit, at_most(2)),
        Result("recall of injected variants", overall, "", PROMISED_RECALL, at_least(1)),
        *(Result(f"… {kind}", share, "", 1.0, at_least(0.9)) for kind, share in recall.items()),
        *real_names(os.environ.get("PRM_NAMES_DATA", "")),
    ]


SMALL = "bench_small"
MAKE_SMALL = f"""
DROP SCHEMA IF EXISTS {SMALL} CASCADE;
CREATE SCHEMA {SMALL};
CREATE TABLE {SMALL}.dealreg_account (LIKE public.dealreg_account INCLUDING ALL);
CREATE TABLE {SMALL}.dealreg_accountkey (LIKE public.dealreg_accountkey INCLUDING ALL);
CREATE TABLE {SMALL}.dealreg_accountalias (LIKE public.dealreg_accountalias INCLUDING ALL);
INSERT INTO {SMALL}.dealreg_account SELECT * FROM public.dealreg_account
    WHERE external_ref = ANY(%s);
INSERT INTO {SMALL}.dealreg_accountkey SELECT k.* FROM public.dealreg_accountkey AS k
    JOIN {SMALL}.dealreg_account AS a ON a.id = k.account_id;
"""  # (a fixed name)


def make_small(number: int) -> None:
    """The same tables with the first customers only: the limit, measured in the same minute."""
    with connection.cursor() as cursor:
        cursor.execute(MAKE_SMALL, [[f"demo:a:{n}" for n in range(1, number + 1)]])
        for table in ("dealreg_account", "dealreg_accountkey"):
            cursor.execute(f"VACUUM (ANALYZE) {SMALL}.{table}")


@contextlib.contextmanager
def searching_in(place: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET search_path = {place}, public")
        yield
        cursor.execute("SET search_path = public")


class Searches:
    """Milliseconds of each search, and by kind of variant whether it found its customer."""

    def __init__(self, among: int, drawn: int) -> None:
        self.chance = random.Random(11)
        refs = [f"demo:a:{self.chance.randrange(1, among + 1)}" for _ in range(drawn)]
        accounts = Account.objects.in_bulk(refs, field_name="external_ref")
        self.rows = [accounts[ref] for ref in refs]
        self.took: list[float] = []
        self.found: dict[str, list[bool]] = defaultdict(list)

    def run(self, kind: str) -> None:
        for row in self.rows[:WARM_UP]:
            find_similar(Customer.typed(row.name, row.domain, row.country))
        for number, row in enumerate(self.rows):
            name = VARIANTS[kind](self.chance, row.name)
            domain = row.domain if number % 2 else ""
            began = time.perf_counter()
            customer = Customer.typed(name, domain, row.country)
            find_similar(customer)
            self.took.append((time.perf_counter() - began) * 1000)
            self.found[kind].append(row.pk in candidate_ids(customer))


def p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


def real_names(folder: str) -> list[Result]:
    """Recall on variants of real names and on labelled pairs; nothing without the data."""
    if not folder:
        return []
    names = read(Path(folder) / "company_symbol_list.csv")
    known = [Customer.typed(row["Company Name"], "", "US") for row in names if row["Company Name"]]
    index: dict[int, list[int]] = defaultdict(list)
    for number, customer in enumerate(known):
        for key in index_keys(customer):
            index[key].append(number)
    rows = []
    for kind, change in VARIANTS.items():
        share = recall_among(known, index, change)
        rows.append(Result(f"recall, real names, {kind}", share, "", 1.0, at_least(0.9)))
    others = alternate_names(names, index)
    rows.append(Result("recall, alternate names", others, "", 1.0, at_least(0.9)))
    pairs = [row for row in read(Path(folder) / "labelled_pairs.csv") if row["correct"] == "True"]
    same = sum(compared_as_one(row["gt_name"], row["name"]) for row in pairs) / len(pairs)
    rows.append(Result("labelled pairs of one company seen", same, "", 1.0, at_least(0.8)))
    return rows


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def recall_among(known: list[Customer], index: dict[int, list[int]], change: Variant) -> float:
    chance = random.Random(12)
    drawn = chance.sample(range(len(known)), min(1500, len(known)))
    hits = 0
    for number in drawn:
        typed = Customer.typed(change(chance, known[number].name), "", "US")
        hits += number in candidates(typed, index)
    return hits / len(drawn)


def alternate_names(names: list[dict[str, str]], index: dict[int, list[int]]) -> float:
    with_name = [row for row in names if row["Company Name"]]
    drawn = random.Random(13).sample(range(len(with_name)), min(1500, len(with_name)))
    asked = [
        (number, other.strip())
        for number in drawn
        for other in with_name[number]["Alternate Names"].split(",")
        if len(other.strip()) > 1
    ]
    hits = sum(
        number in candidates(Customer.typed(name, "", "US"), index) for number, name in asked
    )
    return hits / len(asked)


def candidates(typed: Customer, index: dict[int, list[int]]) -> list[int]:
    """As matching.candidate_ids, over an index in memory."""
    worth: dict[int, float] = defaultdict(float)
    for key, value in query_keys(typed).items():
        listed = index.get(key, [])[: MOST_ROWS[value]]
        cut = len(listed) == MOST_ROWS[value]
        if cut and value == PLAIN:
            continue
        for number in listed:
            worth[number] += value / len(listed) / (CUT_SAYS_LESS if cut else 1)
    return sorted(worth, key=lambda number: (-worth[number], number))[:MOST_COMPARED]


def compared_as_one(one: str, other: str) -> bool:
    known, typed = Customer.typed(one, "", "NL"), Customer.typed(other, "", "NL")
    shared = not index_keys(known).isdisjoint(query_keys(typed))
    return shared and compare(known, typed).level != ConflictLevel.NONE
