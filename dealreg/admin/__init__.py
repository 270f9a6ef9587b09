from dealreg.admin import (
    accounts,
    aliases,
    cases,
    deals,
    extensions,
    fields,
    merges,
    own_sales,
    products,
    rulebooks,
    splits,
    stages,
)

__all__ = [
    "accounts",
    "aliases",
    "cases",
    "deals",
    "extensions",
    "fields",
    "merges",
    "own_sales",
    "products",
    "rulebooks",
    "splits",
    "stages",
]
