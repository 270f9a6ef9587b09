from dealreg.admin import accounts, aliases, deals, products, rulebooks, splits

__all__ = ["accounts", "aliases", "deals", "products", "rulebooks", "splits"]
