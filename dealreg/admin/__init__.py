from dealreg.admin import accounts, aliases, deals, products, rulebooks, stages

__all__ = ["accounts", "aliases", "deals", "products", "rulebooks", "stages"]
