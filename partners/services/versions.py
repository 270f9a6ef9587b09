"""What is done alike with every policy that comes in versions. Whoever calls has asked whether
the actor may, and records what was done."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.models.versions import DatedVersion, PolicyVersion, ProgrammeStatus
from partners.queries.versions import same_scope

V = TypeVar("V", bound=PolicyVersion)

FURTHEST = dt.timedelta(days=2 * 366)


def lock_versions(table: type[PolicyVersion]) -> None:
    """Whoever begins or publishes another one waits."""
    list(table._default_manager.select_for_update().order_by("pk").values_list("pk", flat=True))


def new_draft(table: type[V], wanted: Any, settings: Iterable[str]) -> V:
    """The next version of a locked table, with the settings of what is `wanted`."""
    newest: int = table._default_manager.aggregate(newest=Max("version"))["newest"] or 0
    return table._default_manager.create(
        version=newest + 1, **{name: getattr(wanted, name) for name in settings}
    )


def draft_row(table: type[V], key: int, refused: type[ValueError]) -> V:
    """A draft, locked; raises `refused` for what has been published."""
    row = table._default_manager.select_for_update().get(pk=key)
    if row.status != ProgrammeStatus.DRAFT:
        raise refused(_("This version is published and stays as it is. Copy it to a draft."))
    return row


def write_settings(row: PolicyVersion, wanted: Any, settings: Iterable[str]) -> None:
    for name in settings:
        setattr(row, name, getattr(wanted, name))
    row.save(update_fields=[name.removesuffix("_id") for name in settings])


def put_into_force(
    row: PolicyVersion,
    effective_from: dt.datetime | None,
    *,
    tried: bool,
    refused: type[ValueError],
    too_far: str,
) -> dt.datetime:
    """Publishes a locked draft from a moment on (default and earliest: now) and retires what
    counted for its scope, unless it is still to come. One that is `tried` retires nothing.

    Returns the moment; raises `refused`, with the words `too_far` for one too far ahead.
    """
    rows, now = type(row)._default_manager, timezone.now()
    starts = max(effective_from or now, now)
    if starts > now + FURTHEST:
        raise refused(too_far)
    begun = rows.filter(same_scope(row), status=ProgrammeStatus.PUBLISHED, tried=False)
    if not tried and begun.filter(effective_from=starts).exists():
        raise refused(_("Another version begins at this very moment. Choose another one."))
    keys = list(
        begun.filter(effective_from__lte=now)
        .order_by("-effective_from", "-version")
        .values_list("pk", flat=True)
    )
    past = [] if tried else keys if starts <= now else keys[1:]
    rows.filter(pk__in=past).update(**_retired(type(row), now))
    row.status, row.effective_from, row.tried = ProgrammeStatus.PUBLISHED, starts, tried
    row.save(update_fields=["status", "effective_from", "tried"])
    return starts


def take_out_of_force(table: type[V], key: int, refused: type[ValueError]) -> V:
    """Retires a published version; raises `refused` for another one."""
    row = table._default_manager.select_for_update().get(pk=key)
    if row.status != ProgrammeStatus.PUBLISHED:
        raise refused(_("This version is not published."))
    changes = _retired(table, timezone.now())
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))
    return row


def _retired(table: type[PolicyVersion], at: dt.datetime) -> dict[str, Any]:
    dated = {"retired_at": at} if issubclass(table, DatedVersion) else {}
    return {"status": ProgrammeStatus.RETIRED, **dated}
