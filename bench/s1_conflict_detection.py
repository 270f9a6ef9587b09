"""S1: finding the customers that are like a new one, scoring included, among a million.

Recall is measured on injected variants: of each customer drawn, its name with a typing error,
another legal form, another order of words, an abbreviation; half of them with the domain. A
variant counts as found when the customer is among those that were compared. With
PRM_NAMES_DATA, a folder with company_symbol_list.csv ("Company Name", "Alternate Names") and
labelled_pairs.csv (gt_name, name, correct), real names are measured too, held in memory.
"""

import csv
import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles

from bench import data
from bench.harness import Result, Scale, at_least, at_most
from dealreg.matching import MOST_COMPARED, MOST_ROWS_OF_A_KEY, candidate_ids, find_similar
from dealreg.models import Account
from dealreg.rules.blocking import ABBREVIATIONS, index_keys, query_keys
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
    """The time of a whole search, the first size against the second, and what was found."""
    few, many = SIZES[scale]
    # Deals are not looked at; one for each customer keeps the rows those of S2.
    data.fill(accounts=few, deals=few)
    small = p95(searched(few, DRAWN[scale])[0])
    data.fill(accounts=many, deals=many)
    took, found = searched(many, DRAWN[scale])
    again = p95(took)
    recall = {kind: sum(hits) / len(hits) for kind, hits in found.items()}
    overall = sum(map(sum, found.values())) / sum(map(len, found.values()))
    print(f"p50 {quantiles(took, n=2)[0]:.1f} ms … ", end="", flush=True)
    return [
        Result(
            f"conflict detection, {many:,} customers, p95", again, "ms", PROMISED_MS, at_most(1)
        ),
        Result(f"… against {few:,} customers", again, "ms", small, at_most(2)),
        Result("recall of injected variants", overall, "", PROMISED_RECALL, at_least(1)),
        *(Result(f"… {kind}", share, "", 1.0, at_least(0.9)) for kind, share in recall.items()),
        *real_names(os.environ.get("PRM_NAMES_DATA", "")),
    ]


def searched(among: int, drawn: int) -> tuple[list[float], dict[str, list[bool]]]:
    """Milliseconds of each search among the customers there are, and which ones found theirs."""
    chance = random.Random(11)
    numbers = [chance.randrange(1, among + 1) for _ in range(drawn)]
    accounts = Account.objects.in_bulk([f"demo:a:{n}" for n in numbers], field_name="external_ref")
    rows = [accounts[f"demo:a:{number}"] for number in numbers]
    for row in rows[:WARM_UP]:
        find_similar(Customer.typed(row.name, row.domain, row.country))
    took: list[float] = []
    found: dict[str, list[bool]] = defaultdict(list)
    for kind, change in VARIANTS.items():
        for number, row in enumerate(rows):
            name, domain = change(chance, row.name), row.domain if number % 2 else ""
            began = time.perf_counter()
            customer = Customer.typed(name, domain, row.country)
            find_similar(customer)
            took.append((time.perf_counter() - began) * 1000)
            found[kind].append(row.pk in candidate_ids(customer))
    return took, found


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
    worth: Counter[int] = Counter()
    for key, value in query_keys(typed).items():
        for number in index.get(key, [])[:MOST_ROWS_OF_A_KEY]:
            worth[number] += value
    return [number for number, _worth in worth.most_common(MOST_COMPARED)]


def compared_as_one(one: str, other: str) -> bool:
    known, typed = Customer.typed(one, "", "NL"), Customer.typed(other, "", "NL")
    shared = not index_keys(known).isdisjoint(query_keys(typed))
    return shared and compare(known, typed).level != ConflictLevel.NONE
