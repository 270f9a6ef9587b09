from dealreg.admin import (
    accounts,
    aliases,
    deals,
    fields,
    merges,
    own_sales,
    products,
    rulebooks,
    splits,
)

__all__ = [
    "accounts",
    "aliases",
    "deals",
    "fields",
    "merges",
    "own_sales",
    "products",
    "rulebooks",
    "splits",
]
