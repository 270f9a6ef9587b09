from dealreg.admin import (
    accounts,
    aliases,
    deals,
    extensions,
    merges,
    own_sales,
    products,
    rulebooks,
)

__all__ = [
    "accounts",
    "aliases",
    "deals",
    "extensions",
    "merges",
    "own_sales",
    "products",
    "rulebooks",
]
