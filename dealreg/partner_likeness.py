"""Partners are compared by the rules by which customers are."""

from dealreg.rules.blocking import query_keys
from dealreg.rules.facts import ConflictLevel
from dealreg.rules.names import Customer
from dealreg.rules.similarity import compare
from partners.registries.likeness import Company, Likeness, compare_with

WORTH_A_LOOK = frozenset({ConflictLevel.SAME, ConflictLevel.LIKELY})


class AsCustomers:
    def keys(self, company: Company) -> frozenset[int]:
        return frozenset(key for one in spellings(company) for key in query_keys(one))

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


def spellings(company: Company) -> list[Customer]:
    """The company once for each of its domains."""
    return [
        Customer.typed(company.name, domain, company.country) for domain in company.domains or ("",)
    ]


compare_with(AsCustomers())
