"""Partners are compared by the rules by which customers are."""

from functools import lru_cache

from dealreg.matching import CUT_SAYS_LESS, MOST_ROWS
from dealreg.rules.blocking import PLAIN, index_keys, query_keys
from dealreg.rules.facts import ConflictLevel
from dealreg.rules.names import Customer
from dealreg.rules.similarity import compare
from partners.registries.likeness import Clue, Company, Likeness, compare_with

WORTH_A_LOOK = frozenset({ConflictLevel.SAME, ConflictLevel.LIKELY})


class AsCustomers:
    def keys(self, company: Company) -> frozenset[int]:
        return frozenset(key for one in spellings(company) for key in index_keys(one))

    def clues(self, company: Company) -> list[Clue]:
        worth = {key: worth for one in spellings(company) for key, worth in query_keys(one).items()}
        return [_clue(*each) for each in worth.items()]

    def likeness(self, one: Company, other: Company) -> Likeness | None:
        found = [
            likeness
            for known in spellings(one)
            for typed in spellings(other)
            if (likeness := compare(known, typed)).level in WORTH_A_LOOK
        ]
        if not found:
            return None
        best = max(found, key=lambda likeness: likeness.score)
        return Likeness(best.score, tuple((field.name, field.score) for field in best.fields))


def _clue(key: int, worth: int) -> Clue:
    return Clue(key, worth, MOST_ROWS[worth], 0 if worth == PLAIN else worth / CUT_SAYS_LESS)


@lru_cache(maxsize=20_000)
def spellings(company: Company) -> tuple[Customer, ...]:
    """The company once for each of its domains."""
    return tuple(
        Customer.typed(company.name, domain, company.country) for domain in company.domains or ("",)
    )


compare_with(AsCustomers())
