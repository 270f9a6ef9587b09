from core.admin import branding, imports, money, record, tokens, users

__all__ = ["branding", "imports", "money", "record", "tokens", "users"]
