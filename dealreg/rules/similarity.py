"""How surely two customers are one, and why: each field is compared and gets a score.

One domain is one company. Otherwise the names say how sure it can be, and a domain or a country
that speaks against it takes one level away for each. Names that only contain each other never
count for more than possible: "Nordwind" may be any Nordwind.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from dealreg.rules.blocking import CONNECTING, words
from dealreg.rules.facts import ConflictLevel
from dealreg.rules.names import Customer

LEVEL_ORDER = [
    ConflictLevel.NONE,
    ConflictLevel.POSSIBLE,
    ConflictLevel.LIKELY,
    ConflictLevel.SAME,
]
# Letters that may be wrong, by the length of the name.
ERRORS_FROM_LENGTH = ((5, 1), (14, 2), (24, 3))
CLOSE_ENOUGH = 88
SHORTEST_TELLING_WORD = 4
MOST_PERMUTED = 4


@dataclass(frozen=True, slots=True)
class Field:
    """One field that both customers have: `score` from 0 (nothing alike) to 100 (equal)."""

    name: str
    score: int
    agrees: bool


@dataclass(frozen=True, slots=True)
class Likeness:
    """The result of a comparison. `score` is the best evidence's, from 0 to 100."""

    level: ConflictLevel
    score: int
    fields: tuple[Field, ...]

    @property
    def agreeing(self) -> tuple[str, ...]:
        return tuple(field.name for field in self.fields if field.agrees)


def compare(known: Customer, typed: Customer) -> Likeness:
    """How surely two customers are one, with the fields that were compared."""
    level, name_score = compare_names(known.name_key, typed.name_key)
    fields = [Field("name", name_score, level != ConflictLevel.NONE)]
    fields += _equal("domain", known.domain, typed.domain)
    fields += _equal("country", known.country, typed.country)
    same_domain = any(field.name == "domain" and field.agrees for field in fields)
    if same_domain:
        return Likeness(ConflictLevel.SAME, 100, tuple(fields))
    against = sum(not field.agrees for field in fields[1:])
    reached = max(LEVEL_ORDER.index(level) - against, 0)
    if not reached and _same_label(known.domain, typed.domain):
        reached = 1
    return Likeness(LEVEL_ORDER[reached], name_score, tuple(fields))


def _equal(name: str, known: str, typed: str) -> list[Field]:
    if not known or not typed:
        return []
    return [Field(name, 100 if known == typed else 0, known == typed)]


def _same_label(known: str, typed: str) -> bool:
    """acme.de and acme.com: often one company's addresses in two countries."""
    label, other = known.partition(".")[0], typed.partition(".")[0]
    return len(label) > SHORTEST_TELLING_WORD and label == other


@lru_cache(maxsize=10_000)
def plain_words(name_key: str) -> tuple[str, ...]:
    """The words as written, in one order, without those that only bind others together."""
    written = name_key.split()
    return tuple(sorted(word for word in written if word not in CONNECTING) or sorted(written))


def compare_names(known: str, typed: str) -> tuple[ConflictLevel, int]:
    """The level that two names alone speak for, and how alike they are (0 to 100)."""
    if not known or not typed:
        return ConflictLevel.NONE, 0
    if known == typed or plain_words(known) == plain_words(typed):
        return ConflictLevel.SAME, 100
    if known.replace(" ", "") == typed.replace(" ", ""):
        return ConflictLevel.SAME, 100
    one, other = words(known), words(typed)
    score = round(
        max(fuzz.ratio(known, typed), fuzz.token_sort_ratio(_spaced(one), _spaced(other)))
    )
    if sorted(one) == sorted(other) or "".join(one) == "".join(other):
        return ConflictLevel.LIKELY, max(score, 95)
    if _numbers(known) != _numbers(typed):
        # "Fund 1" and "Fund 2" differ by one letter and are two companies.
        return (ConflictLevel.POSSIBLE if score >= CLOSE_ENOUGH else ConflictLevel.NONE), score
    if _misspelled(known, typed, one, other) or _cut_short(one, other):
        return ConflictLevel.LIKELY, max(score, 90)
    if score >= CLOSE_ENOUGH or _contained(one, other):
        return ConflictLevel.POSSIBLE, score
    return ConflictLevel.NONE, score


def _spaced(telling: tuple[str, ...]) -> str:
    return " ".join(telling)


def _numbers(name: str) -> list[str]:
    return sorted(word for word in name.split() if word.isdigit())


def _misspelled(known: str, typed: str, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """A wrong, missing, additional letter or two that changed places, by length up to three;
    words in any order, or in the order written."""
    pairs = [
        (known.replace(" ", ""), typed.replace(" ", "")),
        ("".join(one), "".join(other)),
        ("".join(sorted(one)), "".join(sorted(other))),
    ]
    if len(one) == len(other) <= MOST_PERMUTED:
        # The wrong letter may be the one by which words are sorted.
        pairs += [("".join(order), pairs[1][1]) for order in permutations(one)]
    return any(_few_errors(a, b) for a, b in pairs)


def _few_errors(one: str, other: str) -> bool:
    length = min(len(one), len(other))
    allowed = max((n for start, n in ERRORS_FROM_LENGTH if length >= start), default=0)
    if not allowed or abs(len(one) - len(other)) > allowed:
        return False
    return OSA.distance(one, other, score_cutoff=allowed) <= allowed


def _cut_short(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Each word of one is the beginning of the other's: "nordw logist"."""
    if len(one) != len(other) or len(one) < 2:
        return False
    pairs = [sorted(pair, key=len) for pair in zip(sorted(one), sorted(other), strict=True)]
    return all(len(short) >= 3 and long.startswith(short) for short, long in pairs)


def _contained(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """All words of one are in the other, and one of them is long enough to tell something."""
    if fuzz.token_set_ratio(_spaced(one), _spaced(other)) < 100:
        return False
    shared = set(one) & set(other)
    return shared in (set(one), set(other)) and any(
        len(word) >= SHORTEST_TELLING_WORD for word in shared
    )
