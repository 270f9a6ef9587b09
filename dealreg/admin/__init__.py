from dealreg.admin import (
    accounts,
    aliases,
    deals,
    fields,
    merges,
    own_sales,
    products,
    rulebooks,
    stages,
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
    "stages",
]
