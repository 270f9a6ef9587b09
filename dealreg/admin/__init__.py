from dealreg.admin import accounts, aliases, deals, products, rulebooks

__all__ = ["accounts", "aliases", "deals", "products", "rulebooks"]
