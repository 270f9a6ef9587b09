"""What a token may be allowed to do. Apps declare their scopes; nobody lists them all."""

from django.utils.functional import Promise

_scopes: dict[str, Promise | str] = {}


def declare(name: str, label: Promise | str) -> None:
    """Declares a scope such as "deals:read"; `label` says to people what it allows."""
    if name in _scopes:
        raise ValueError(f"The scope {name} is declared twice.")
    _scopes[name] = label


def known_scopes() -> dict[str, Promise | str]:
    return dict(sorted(_scopes.items()))
