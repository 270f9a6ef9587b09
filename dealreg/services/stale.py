"""Two people, one deal: the first change wins, the second is told."""

from dealreg.models import Deal


class StaleEdit(Exception):
    """The deal has changed since it was read; `current` holds the newer values."""

    def __init__(self, current: Deal) -> None:
        super().__init__(f"{current.reference} is at version {current.version}")
        self.current = current


def require_version(deal: Deal, version: int | None) -> None:
    """Raises StaleEdit unless the writer saw the present version (None: did not say)."""
    if version is not None and deal.version != version:
        raise StaleEdit(deal)
