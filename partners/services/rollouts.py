"""Operations try things out with some regions or partners first, until a day."""

import datetime as dt
from collections.abc import Iterable

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import rows
from core.actor import Actor
from core.appointments import cancel_appointments, make_appointment
from partners.models import RollOut, TriedDistributionPolicy, TriedRegionPolicy
from partners.queries.rollouts import day_of
from partners.registries.features import POLICIES, Policies, label_of
from partners.rules import Reach
from partners.rules.rollouts import (
    DISTRIBUTION_POLICIES,
    ONE_AT_A_TIME,
    REGION_POLICIES,
    Trial,
    clash,
)
from partners.services.authority import require_operations

TURN = "partners.trial_turns"
# Readers go on; whoever tries something out, or publishes what is to be tried, comes after.
LOCK = "LOCK TABLE partners_rollout IN SHARE ROW EXCLUSIVE MODE"
A_DAY = dt.timedelta(days=1)


class RollOutRefused(ValueError):
    """It cannot be tried out so; the message says why."""


@transaction.atomic
def roll_out(*, actor: Actor, row: RollOut) -> None:
    """Has a region or a partner try something out. Raises RollOutRefused, PermissionDenied."""
    require_operations(actor)
    lock()
    kind = kind_of(row)
    if kind is not None and key_of(row) not in dict(kind.choices()):
        raise RollOutRefused(_("This has been published for everybody, or is gone."))
    _require_room(row)
    rows.add_row(actor=actor, row=row, partner_id=row.partner_id)
    _appoint(row)


@transaction.atomic
def change_roll_out(*, actor: Actor, row: RollOut, fields: Iterable[str]) -> None:
    """Changes a roll-out; of a part of the programme that has begun only the last day, and not
    back before today, since what it was decides about the past.

    Raises RollOutRefused, PermissionDenied.
    """
    require_operations(actor)
    lock()
    stored, today = RollOut.objects.get(pk=row.pk), day_of(timezone.now())
    if bound_to_its_past(stored, today):
        if stored.last_day < today:
            raise RollOutRefused(_("This has ended. Add another one."))
        if set(fields) - {"last_day"}:
            raise RollOutRefused(_("This has begun, so only its last day can be changed."))
        if row.last_day < today - A_DAY:
            raise RollOutRefused(_("It can end yesterday at the earliest."))
    _require_room(row)
    rows.change_row(actor=actor, row=row, fields=fields, partner_id=row.partner_id)
    _appoint(row)


@transaction.atomic
def remove_roll_out(*, actor: Actor, row: RollOut) -> None:
    """Takes one back. Raises RollOutRefused for a part of the programme that has begun,
    PermissionDenied."""
    require_operations(actor)
    lock()
    if bound_to_its_past(row, day_of(timezone.now())):
        raise RollOutRefused(_("This has begun. End it by its last day instead."))
    cancel_appointments(row, TURN)
    rows.remove_row(actor=actor, row=row, partner_id=row.partner_id)


def drop_roll_outs(actor: Actor, code: str) -> None:
    """Those of a draft that is discarded go with it."""
    lock()
    for row in RollOut.objects.filter(feature=code).order_by("pk"):
        cancel_appointments(row, TURN)
        rows.remove_row(actor=actor, row=row, partner_id=row.partner_id)


def remove_tried_policy(*, actor: Actor, row: TriedRegionPolicy | TriedDistributionPolicy) -> None:
    """Removes a policy that nobody tries or tried. Raises RollOutRefused, PermissionDenied."""
    require_operations(actor)
    prefixes = {TriedRegionPolicy: REGION_POLICIES, TriedDistributionPolicy: DISTRIBUTION_POLICIES}
    with transaction.atomic():
        lock()
        if RollOut.objects.filter(feature=f"{prefixes[type(row)]}{row.pk}").exists():
            raise RollOutRefused(_("Its roll-outs need it."))
        rows.remove_row(actor=actor, row=row)


def bound_to_its_past(row: RollOut, today: dt.date) -> bool:
    """Whether something was decided by it that can be asked for later."""
    kind = kind_of(row)
    return kind is not None and row.first_day <= today and kind.decided(key_of(row))


def lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute(LOCK)


def is_to_be_tried(code: str) -> bool:
    """Whether a version that is being published has roll-outs, so that it counts for these only.
    None is added before the end of the transaction."""
    lock()
    return RollOut.objects.filter(feature=code).exists()


def look_again(code: str, at: dt.datetime) -> None:
    """Has those who try a version looked at again at a moment: it begins or ceases to decide."""
    for row in RollOut.objects.filter(feature=code, last_day__gte=day_of(at)):
        make_appointment(TURN, row, at, key="version")


def kind_of(row: RollOut) -> Policies | None:
    """The kind of a part of the programme, of which a partner tries one at a time."""
    prefix = row.feature[: row.feature.rfind(":") + 1]
    return POLICIES.get(prefix) if prefix in ONE_AT_A_TIME else None


def key_of(row: RollOut) -> int:
    return int(row.feature.rpartition(":")[2])


def _require_room(row: RollOut) -> None:
    """Raises RollOutRefused where the version does not speak for those who would try it, or they
    try another one at the same time."""
    kind = kind_of(row)
    if kind is None:
        return
    wanted = trial_of(row, kind)
    if not wanted.speaks():
        raise RollOutRefused(_("This version speaks for another region or partner type."))
    others = RollOut.objects.filter(
        feature__startswith=kind.prefix, first_day__lte=row.last_day, last_day__gte=row.first_day
    )
    for other in others.exclude(pk=row.pk).select_related("region", "partner__region"):
        if clash(wanted, trial_of(other, kind)):
            words = {
                "whom": other.partner or other.region,
                "what": label_of(other.feature),
                "until": other.last_day,
            }
            raise RollOutRefused(_("%(whom)s: “%(what)s” is tried out until %(until)s.") % words)


def trial_of(row: RollOut, kind: Policies) -> Trial:
    for_region, for_type = kind.scope(key_of(row))
    partner = row.partner
    return Trial(
        code=row.feature,
        reach=Reach(
            row.first_day, row.last_day, row.region.path if row.region else "", row.partner_id
        ),
        place=partner.region.path if partner else "",
        type=partner.type if partner else "",
        for_region=for_region,
        for_type=for_type,
    )


def _appoint(row: RollOut) -> None:
    """Its partners are looked at again when it begins, and when it has ended."""
    if kind_of(row) is None:
        return
    zone, now = timezone.get_default_timezone(), timezone.now()
    for key, day in (("first", row.first_day), ("after", row.last_day + A_DAY)):
        moment = dt.datetime.combine(day, dt.time(), zone)
        make_appointment(TURN, row, max(moment, now), key=key)
