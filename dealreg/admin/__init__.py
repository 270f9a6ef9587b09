from dealreg.admin import accounts, aliases, deals, own_sales, products, rulebooks

__all__ = ["accounts", "aliases", "deals", "own_sales", "products", "rulebooks"]
