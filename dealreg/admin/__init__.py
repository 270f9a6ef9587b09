from dealreg.admin import (
    accounts,
    aliases,
    deals,
    extensions,
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
    "extensions",
    "fields",
    "merges",
    "own_sales",
    "products",
    "rulebooks",
    "stages",
]
