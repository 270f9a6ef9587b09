from dealreg.admin import accounts, deals, products, rulebooks

__all__ = ["accounts", "deals", "products", "rulebooks"]
