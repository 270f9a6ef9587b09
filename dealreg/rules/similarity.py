"""How surely two customers are one, and why: each field is compared and gets a score.

One domain is one company. Otherwise the names say how sure it can be, and a domain or a country
that speaks against it takes one level away for each. Names that only contain each other never
count for more than possible: "Nordwind" may be any Nordwind.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import NamedTuple

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
# Letters that may be wrong in a long name; in a shorter one, fewer.
MOST_ERRORS = 3
CLOSE_ENOUGH = 88
SHORTEST_TELLING_WORD = 4
SHORTEST_WITH_ERROR = 5
SHORTEST_LABEL = 5
SHORTEST_CUT = 3
SHORTEST_CUT_ALONE = 5
MOST_PERMUTED = 4
NEARLY_THE_SAME_LETTERS = 85


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


NOTHING_ALIKE = Likeness(ConflictLevel.NONE, 0, ())


def compare(known: Customer, typed: Customer) -> Likeness:
    """How surely two customers are one, with the fields that were compared."""
    level, name_score = compare_names(known.name_key, typed.name_key)
    same_domain = bool(typed.domain) and known.domain == typed.domain
    same_label = not same_domain and _same_label(known.domain, typed.domain)
    if level == ConflictLevel.NONE and not (same_domain or same_label):
        return NOTHING_ALIKE
    fields = [Field("name", name_score, level != ConflictLevel.NONE)]
    fields += _equal("domain", known.domain, typed.domain)
    fields += _equal("country", known.country, typed.country)
    if same_domain:
        return Likeness(ConflictLevel.SAME, 100, tuple(fields))
    against = sum(not field.agrees for field in fields[1:])
    reached = max(LEVEL_ORDER.index(level) - against, 1 if same_label else 0)
    return Likeness(LEVEL_ORDER[reached], name_score, tuple(fields))


def _equal(name: str, known: str, typed: str) -> list[Field]:
    if not known or not typed:
        return []
    return [Field(name, 100 if known == typed else 0, known == typed)]


def _same_label(known: str, typed: str) -> bool:
    """acme.de and acme.com: often one company's addresses in two countries."""
    if not known or not typed or known[:SHORTEST_LABEL] != typed[:SHORTEST_LABEL]:
        return False
    label = known.partition(".")[0]
    return len(label) >= SHORTEST_LABEL and label == typed.partition(".")[0]


class _Name(NamedTuple):
    """A folded name and what a comparison needs of it. `words` are those that tell companies
    apart, sorted ones in `ordered`; `written` has all the letters."""

    words: tuple[str, ...]
    ordered: tuple[str, ...]
    spaced: str
    joined: str
    written: str
    numbers: tuple[str, ...]
    distinct: frozenset[str]


@lru_cache(maxsize=20_000)
def _name(name_key: str) -> _Name:
    telling = words(name_key)
    ordered = tuple(sorted(telling))
    return _Name(
        words=telling,
        ordered=ordered,
        spaced=" ".join(ordered),
        joined="".join(telling),
        written=name_key.replace(" ", ""),
        numbers=tuple(filter(str.isdigit, ordered)),
        distinct=frozenset(telling),
    )


@lru_cache(maxsize=1_000)
def _letters(joined: str) -> str:
    return "".join(sorted(joined))


def _plain_words(name_key: str) -> list[str]:
    """The words as written, sorted, without those that only bind others together."""
    written = name_key.split()
    return sorted(word for word in written if word not in CONNECTING) or sorted(written)


def compare_names(known: str, typed: str) -> tuple[ConflictLevel, int]:
    """The level that two names alone speak for, and how alike they are (0 to 100).

    A hundred candidates are compared while somebody waits: the cheap questions come first.
    """
    if not known or not typed:
        return ConflictLevel.NONE, 0
    if known == typed:
        return ConflictLevel.SAME, 100
    one, other = _name(known), _name(typed)
    if one.written == other.written:
        return ConflictLevel.SAME, 100
    if one.ordered == other.ordered or one.joined == other.joined:
        same = _plain_words(known) == _plain_words(typed)
        return (ConflictLevel.SAME, 100) if same else (ConflictLevel.LIKELY, 95)
    score = round(max(fuzz.ratio(known, typed), fuzz.ratio(one.spaced, other.spaced)))
    if one.numbers != other.numbers:
        # "Fund 1" and "Fund 2" differ by one letter and are two companies.
        return (ConflictLevel.POSSIBLE if score >= CLOSE_ENOUGH else ConflictLevel.NONE), score
    if _misspelled(one, other) or _cut_short(one, other):
        return ConflictLevel.LIKELY, max(score, 90)
    if score >= CLOSE_ENOUGH or _contained(one, other) or _short_or_cut(one, other):
        return ConflictLevel.POSSIBLE, score
    return ConflictLevel.NONE, score


def _misspelled(one: _Name, other: _Name) -> bool:
    """A wrong, missing, additional letter or two that changed places, by length up to three;
    words in any order, or in the order written, or without spaces."""
    if _few_errors(one.written, other.written):
        return True
    if not -MOST_ERRORS <= len(one.joined) - len(other.joined) <= MOST_ERRORS:
        return False
    if _few_errors(one.joined, other.joined):
        return True
    if not fuzz.ratio(
        "".join(sorted(one.joined)), _letters(other.joined), score_cutoff=NEARLY_THE_SAME_LETTERS
    ):
        return False
    return any(
        _few_errors("".join(order), whole)
        for in_turn, whole in ((one.words, other.joined), (other.words, one.joined))
        if 1 < len(in_turn) <= MOST_PERMUTED
        for order in permutations(in_turn)
    )


def _few_errors(one: str, other: str) -> bool:
    length, longer = len(one), len(other)
    if length > longer:
        length, longer = longer, length
    if length < SHORTEST_WITH_ERROR or longer - length > MOST_ERRORS:
        return False
    allowed = 1 if length < 14 else 2 if length < 24 else MOST_ERRORS
    return OSA.distance(one, other, score_cutoff=allowed) <= allowed


def _cut_short(one: _Name, other: _Name) -> bool:
    """Each word of one is the beginning of the other's: "nordw logist"."""
    if len(one.ordered) != len(other.ordered) or len(one.ordered) < 2:
        return False
    if one.spaced[:SHORTEST_CUT] != other.spaced[:SHORTEST_CUT]:
        return False
    for word, its in zip(one.ordered, other.ordered, strict=True):
        short, long = (word, its) if len(word) < len(its) else (its, word)
        if len(short) < SHORTEST_CUT or not long.startswith(short):
            return False
    return True


def _short_or_cut(one: _Name, other: _Name) -> bool:
    """One error in a name of four letters, or a single word cut short ("Apoll." for
    "Apollomics"): too little to be likely."""
    short, long = one.written, other.written
    if len(long) < len(short):
        short, long = long, short
    if len(one.words) == len(other.words) == 1 and len(short) >= SHORTEST_CUT_ALONE:
        return long.startswith(short)
    return 3 <= len(short) < 5 and len(long) >= 4 and OSA.distance(short, long) <= 1


def _contained(one: _Name, other: _Name) -> bool:
    """All words of one are in the other (what is called a token set ratio of 100), and one of
    them is long enough to tell something."""
    shared = one.distinct & other.distinct
    if len(shared) not in (len(one.distinct), len(other.distinct)):
        return False
    return any(len(word) >= SHORTEST_TELLING_WORD for word in shared)
