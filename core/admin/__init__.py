from core.admin import branding, money, record, tokens, users

__all__ = ["branding", "money", "record", "tokens", "users"]
