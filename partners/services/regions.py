"""The vendor's cut of the world. A region's path is computed here and nowhere else."""

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from partners.events.organisations import RegionAdded, RegionChanged
from partners.models import Region
from partners.services.authority import require_operations

LONGEST_PATH = 200


class ImpossibleRegion(ValueError):
    """The tree cannot be like that; the message says why."""


@transaction.atomic
def add_region(*, actor: Actor, code: str, name: str, parent_id: int | None) -> Region:
    """A new region below another, or a root. Raises ImpossibleRegion, PermissionDenied."""
    require_operations(actor)
    path = _path(code, parent_id)
    _require_free(path)
    region = Region.objects.create(code=code, name=name, parent_id=parent_id, path=path)
    record(RegionAdded(path=path, name=name), subject=region, actor=actor)
    return region


@transaction.atomic
def change_region(
    *, actor: Actor, region_id: int, code: str, name: str, parent_id: int | None
) -> bool:
    """Renames or moves a region with everything below it; False if nothing differs.

    Raises ImpossibleRegion, PermissionDenied.
    """
    require_operations(actor)
    # Two moves at once could make a circle: one after the other.
    tree = {region.pk: region for region in Region.objects.select_for_update().order_by("pk")}
    region = tree[region_id]
    path = _path(code, parent_id)
    old_path = region.path
    if path.startswith(f"{old_path}.") or parent_id == region_id:
        raise ImpossibleRegion(_("A region cannot be moved below itself."))
    if path != old_path:
        _require_free(path)
    changes = {
        field: [old, new]
        for field, old, new in (
            ("code", region.code, code),
            ("name", region.name, name),
            ("path", old_path, path),
        )
        if old != new
    }
    if not changes:
        return False
    region.code, region.name, region.parent_id, region.path = code, name, parent_id, path
    region.save(update_fields=["code", "name", "parent", "path"])
    moved = _move_below(old_path, path)
    record(RegionChanged(name, changes, moved), subject=region, actor=actor)
    return True


def _path(code: str, parent_id: int | None) -> str:
    if parent_id is None:
        return code
    return f"{Region.objects.get(pk=parent_id).path}.{code}"


def _require_free(path: str) -> None:
    if len(path) > LONGEST_PATH:
        raise ImpossibleRegion(_("The path of a region has at most 200 characters."))
    if Region.objects.filter(path=path).exists():
        raise ImpossibleRegion(_("There is a region %s already.") % path)


def _move_below(old: str, new: str) -> int:
    if old == new:
        return 0
    below = Region.objects.filter(path__startswith=f"{old}.")
    longest = max((len(path) for path in below.values_list("path", flat=True)), default=0)
    if longest - len(old) + len(new) > LONGEST_PATH:
        raise ImpossibleRegion(_("The path of a region has at most 200 characters."))
    return below.update(path=Concat(Value(new), Substr(F("path"), len(old) + 1)))
