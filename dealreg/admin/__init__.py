from dealreg.admin import accounts, aliases, deals, extensions, products, rulebooks

__all__ = ["accounts", "aliases", "deals", "extensions", "products", "rulebooks"]
