"""Which customers are worth comparing: two spellings of one company share at least one key.

A key is a hash of something that survives the ways in which people write a company's name
differently: order of words, legal form, abbreviations, a word more or less, words written
together, one typing error. An index over the keys finds a few dozen candidates among millions;
rules/similarity.py then compares them properly.

A typing error changes one half of a name and leaves the other as it is, so both halves are
keys. An error may also move the middle by a letter: the side that asks therefore cuts as if the
name were one letter shorter, as long as it is, and one letter longer.
"""

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

from dealreg.rules.names import Customer, joined_letters


def _listed(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that bind others together.
CONNECTING = _listed(
    "a al an and at d da das de del den der des di die do e el et for from i il in l la las le"
    " les lo los of on the to u und van von y"
)
# Words that people add or leave out when they mean a company or the group that it belongs to.
STRUCTURE = _listed(
    "co company cie group gruppe groupe grupo grp holding holdings hldg hldgs international intl"
)
# Legal forms that stand inside a name when its words are turned around; at its ends they are gone
# before (rules/names.py).
LEGAL_FORMS = _listed(
    "ab ag as asa bv corp corporation gmbh inc incorporated kg kk limited llc llp lp ltd nv oy oyj"
    " plc pte pty pvt sa sarl se sl spa srl"
)
FILLERS = CONNECTING | STRUCTURE | LEGAL_FORMS

ABBREVIATIONS = {
    "adv": "advanced",
    "assn": "association",
    "assoc": "associates",
    "bros": "brothers",
    "comm": "communications",
    "comms": "communications",
    "cons": "consulting",
    "constr": "construction",
    "dept": "department",
    "dev": "development",
    "dist": "distribution",
    "ed": "education",
    "elec": "electric",
    "eng": "engineering",
    "engg": "engineering",
    "engr": "engineering",
    "ent": "enterprises",
    "fed": "federal",
    "fin": "financial",
    "gen": "general",
    "govt": "government",
    "hosp": "hospital",
    "ind": "industries",
    "inds": "industries",
    "ins": "insurance",
    "inst": "institute",
    "labs": "laboratories",
    "log": "logistics",
    "mach": "machinery",
    "mfg": "manufacturing",
    "mfrs": "manufacturers",
    "mgmt": "management",
    "mgt": "management",
    "mkt": "market",
    "mktg": "marketing",
    "natl": "national",
    "org": "organisation",
    "pharm": "pharmaceuticals",
    "pharma": "pharmaceuticals",
    "prod": "products",
    "prods": "products",
    "prop": "properties",
    "res": "research",
    "sci": "sciences",
    "sec": "security",
    "serv": "services",
    "soln": "solutions",
    "solns": "solutions",
    "svc": "services",
    "svcs": "services",
    "sys": "systems",
    "tech": "technologies",
    "technol": "technologies",
    "telecom": "telecommunications",
    "trans": "transport",
    "univ": "university",
    "wks": "works",
}

MOST_PAIRED_WORDS = 5
SHORTEST_TO_HALVE = 4
# Names so short that an error leaves no half of them are found by leaving out each letter.
LONGEST_LEFT_OUT = 7
# What sharing a key is worth before its frequency is counted.
STRONG, TELLING, PLAIN = 10, 4, 1


@lru_cache(maxsize=50_000)
def words(name_key: str) -> tuple[str, ...]:
    """The words of a folded name that tell a company apart, in the order written: no fillers or
    plural endings, abbreviations spelled out. A name of fillers alone keeps them."""
    spelled = name_key.split()
    telling = [word for word in map(_as_compared, spelled) if word]
    return tuple(telling or map(stem, spelled))


@lru_cache(maxsize=50_000)
def _as_compared(word: str) -> str:
    """A word as it is compared; empty when it is one that only binds others together."""
    spelled = ABBREVIATIONS.get(word, word)
    return "" if spelled in FILLERS else stem(spelled)


def stem(word: str) -> str:
    """Without a plural or genitive ending: technologies, technology → technolog."""
    for ending in ("ies", "es", "s", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def index_keys(customer: Customer) -> frozenset[int]:
    """The keys under which a known customer is found: about twenty signed 64-bit numbers."""
    exact = (0,)
    kinds = (*_strong(customer), *_telling(customer, exact), *_plain(customer, exact))
    return frozenset(number(key) for key in kinds)


def query_keys(customer: Customer) -> dict[int, int]:
    """The keys under which to look for a customer, about thirty, each with what sharing it
    is worth."""
    found = {number(key): PLAIN for key in _plain(customer, (-1, 0, 1))}
    found |= {number(key): TELLING for key in _telling(customer, (-1, 0, 1))}
    return found | {number(key): STRONG for key in _strong(customer)}


def lock_keys(customer: Customer) -> list[int]:
    """Of which two simultaneous registrations of one customer share at least one, however it
    is spelled; keys that unrelated companies share often (a single word) are left out."""
    telling = words(customer.name_key)
    chosen = {*_strong(customer), *_pairs(telling), *_beginnings(telling)}
    chosen.update(_halves("h", "".join(telling), (-1, 0, 1)))
    chosen.update(_half_and_neighbour(telling, (-1, 0, 1)))
    return sorted(number(key) for key in chosen)


def _strong(customer: Customer) -> Iterator[str]:
    """What two customers share only when they are most likely one."""
    telling = words(customer.name_key)
    full, joined = joined_letters(customer.name or customer.name_key), "".join(telling)
    yield f"j:{full or (customer.name or customer.name_key).casefold()}"
    if joined:
        yield f"w:{' '.join(sorted(telling))}"
        yield f"w:{customer.country}:{' '.join(sorted(telling))}"
        yield f"j:{joined}"
        # Two letters that changed places, or words in another order without their spaces.
        yield f"a:{''.join(sorted(joined))}"
    if customer.domain:
        label = customer.domain.partition(".")[0].replace("-", "")
        yield f"d:{customer.domain}"
        yield f"j:{label}"


def _telling(customer: Customer, shifts: tuple[int, ...]) -> Iterator[str]:
    """What related spellings share and few others: something of each of several words."""
    telling = words(customer.name_key)
    yield from _pairs(telling)
    yield from _one_word_less(telling, most=2 if shifts == (0,) else 4)
    if len(telling) > 1:
        yield from _beginnings(telling)
        yield from _thirds_and_neighbours(telling, customer.country, shifts)


def _plain(customer: Customer, shifts: tuple[int, ...]) -> Iterator[str]:
    """What related spellings share, and some unrelated companies too."""
    telling, country = words(customer.name_key), customer.country
    joined = "".join(telling)
    if not joined:
        return
    yield from _halves("h", joined, shifts)
    yield from _one_letter_less(customer.name_key.replace(" ", ""))
    yield f"o:{telling[0]}"
    for word in sorted(telling, key=len, reverse=True)[:2]:
        yield f"o:{word}"
        yield f"o:{country}:{word}"
        if len(word) > SHORTEST_TO_HALVE:
            yield from _halves(f"o:{country}", word, shifts)
    if len(telling) > 2:
        yield f"i:{''.join(word[0] for word in telling)}"
    elif len(telling) == 1:
        if len(joined) <= 5:
            yield f"i:{joined}"
        # A single word cut short: "Workiva", "Work."
        for length in (4, 5):
            yield f"b:{country}:{joined[:length]}"


def _one_letter_less(letters: str) -> Iterator[str]:
    """Two short names that differ by an error become one when each loses a letter."""
    if 2 <= len(letters) <= LONGEST_LEFT_OUT:
        yield f"n:{letters}"
        for place in range(len(letters)):
            yield f"n:{letters[:place]}{letters[place + 1 :]}"


def _one_word_less(telling: tuple[str, ...], most: int) -> Iterator[str]:
    """A name of many common words without one of its longest: whatever was done to that one."""
    if len(telling) > 2:
        for word in sorted(telling, key=len, reverse=True)[:most]:
            rest = list(telling)
            rest.remove(word)
            yield f"z:{' '.join(sorted(rest))}"


def _pairs(telling: tuple[str, ...]) -> Iterator[str]:
    for one, other in combinations(telling[:MOST_PAIRED_WORDS], 2):
        yield f"p:{min(one, other)} {max(one, other)}"


def _beginnings(telling: tuple[str, ...]) -> Iterator[str]:
    """Words cut short: "Nordw. Logist." for "Nordwind Logistics"."""
    if len(telling) > 1:
        yield f"s:{' '.join(sorted(word[:4] for word in telling))}"
        yield f"s:{' '.join(sorted(word[:4] for word in telling[:2]))}"


def _half_and_neighbour(telling: tuple[str, ...], shifts: tuple[int, ...]) -> Iterator[str]:
    """Half of one of the first two words, with how the other one begins."""
    if len(telling) < 2:
        return
    for word, other in (telling[:2], telling[1::-1]):
        if len(word) >= SHORTEST_TO_HALVE:
            yield from _halves(f"x:{other[:3]}", word, shifts)


def _thirds_and_neighbours(
    telling: tuple[str, ...], country: str, shifts: tuple[int, ...]
) -> Iterator[str]:
    """Two thirds of one of the first two words, which an error in the other third leaves whole,
    with how the other word begins and the country: rare enough among a million."""
    for word, other in (telling[:2], telling[1::-1]):
        for length in {len(word) + shift for shift in shifts}:
            third = length // 3
            if third:
                label = f"t:{country}:{other[:4]}"
                yield f"{label}<{word[: length - third]}"
                yield f"{label}>{word[third - length :]}"
                yield f"{label}={word[:third]}-{word[-third:]}"


def _halves(label: str, letters: str, shifts: tuple[int, ...]) -> Iterator[str]:
    """The beginning and the end of `letters`, cut in the middle of a length off by each shift."""
    if len(letters) < SHORTEST_TO_HALVE:
        yield f"{label}={letters}"
        return
    for middle in {(len(letters) + shift) // 2 for shift in shifts}:
        yield f"{label}<{letters[:middle]}"
        yield f"{label}>{letters[-middle:]}"


def number(key: str) -> int:
    """A stable signed 64-bit hash, as PostgreSQL's bigint holds it."""
    digest = hashlib.blake2b(key.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
