from dealreg.admin import accounts, aliases, deals, merges, own_sales, products, rulebooks, splits

__all__ = [
    "accounts",
    "aliases",
    "deals",
    "merges",
    "own_sales",
    "products",
    "rulebooks",
    "splits",
]
