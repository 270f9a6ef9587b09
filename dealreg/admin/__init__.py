from dealreg.admin import accounts, aliases, deals, own_sales, products, rulebooks, splits

__all__ = ["accounts", "aliases", "deals", "own_sales", "products", "rulebooks", "splits"]
