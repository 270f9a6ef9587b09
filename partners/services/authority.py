"""Who may change partners and the programme."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from core.actor import Actor


def require_operations(actor: Actor) -> None:
    """Raises PermissionDenied for anyone but operations and the portal itself."""
    if not (actor.is_ops or actor.is_system):
        raise PermissionDenied(_("This needs the duty Partner operations."))
