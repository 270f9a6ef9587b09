from dealreg.admin import accounts, aliases, deals, fields, products, rulebooks

__all__ = ["accounts", "aliases", "deals", "fields", "products", "rulebooks"]
