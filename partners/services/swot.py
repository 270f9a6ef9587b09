"""Writing strengths, weaknesses, opportunities and threats: both sides add, change and remove."""

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from partners.events.plans import SwotChanged
from partners.models import Swot, SwotPoint
from partners.queries import plans, swot
from partners.rules.swot import MOST_POINTS, Quadrant


class SwotRefused(ValueError):
    """The line cannot be so; the message says why."""


class StalePoint(RuntimeError):
    """Somebody changed or removed the line after it was read. `now` is what stands in its place;
    empty where it was removed."""

    def __init__(self, now: str) -> None:
        changed = _("Somebody changed this line after you opened it; now it says: %s") % now
        super().__init__(changed if now else _("Somebody removed this line after you opened it."))
        self.now = now


@transaction.atomic
def add_point(*, actor: Actor, partner_id: int, quadrant: Quadrant, text: str) -> SwotPoint:
    """A new line at the end of a list. Raises SwotRefused, PermissionDenied, Http404."""
    said = _require_text(text)
    sheet = _sheet(actor, partner_id)
    standing = SwotPoint.objects.filter(partner_id=partner_id, until__isnull=True)
    if standing.filter(quadrant=quadrant).count() >= MOST_POINTS:
        raise SwotRefused(_("This list is full; remove what no longer counts."))
    _next(sheet)
    point = _write(actor, sheet, quadrant, said, None)
    _tell(actor, point, "", said)
    return point


@transaction.atomic
def change_point(*, actor: Actor, point_id: int, text: str) -> SwotPoint:
    """Another text in the place of a line; the line as it stood is itself, if nothing differs.

    Raises StalePoint, SwotRefused, PermissionDenied, Http404.
    """
    said = _require_text(text)
    point, sheet = _standing(actor, point_id)
    if point.text == said:
        return point
    _next(sheet)
    _end(actor, point, sheet)
    fresh = _write(actor, sheet, Quadrant(point.quadrant), said, point)
    _tell(actor, fresh, point.text, said)
    return fresh


@transaction.atomic
def remove_point(*, actor: Actor, point_id: int) -> None:
    """A line no longer counts; it stays in the older versions.

    Raises StalePoint, PermissionDenied, Http404.
    """
    point, sheet = _standing(actor, point_id)
    _next(sheet)
    _end(actor, point, sheet)
    _tell(actor, point, point.text, "")


def _require_text(text: str) -> str:
    said = " ".join(text.split())[:500]
    if not said:
        raise SwotRefused(_("Write something."))
    return said


def _sheet(actor: Actor, partner_id: int) -> Swot:
    """The partner's lists, locked: changes come one after the other."""
    plans.require_writer(actor, partner_id)
    Swot.objects.get_or_create(partner_id=partner_id)
    return Swot.objects.select_for_update().get(partner_id=partner_id)


def _standing(actor: Actor, point_id: int) -> tuple[SwotPoint, Swot]:
    seen = swot.point_for_reading(actor, point_id)
    sheet = _sheet(actor, seen.partner_id)
    point = SwotPoint.objects.filter(pk=seen.pk).first()
    if point is None:
        raise Http404
    if point.until is not None:
        raise StalePoint(swot.text_now(point))
    return point, sheet


def _next(sheet: Swot) -> None:
    sheet.version += 1
    sheet.changed_at = timezone.now()
    sheet.save(update_fields=["version", "changed_at"])


def _write(
    actor: Actor, sheet: Swot, quadrant: Quadrant, text: str, before: SwotPoint | None
) -> SwotPoint:
    side = plans.side_of(actor)
    assert side is not None  # require_writer
    return SwotPoint.objects.create(
        partner_id=sheet.partner_id,
        quadrant=quadrant,
        text=text,
        side=side,
        added_by_id=actor.user_id,
        added_by_label=actor.label[:200],
        since=sheet.version,
        replaces=before,
    )


def _end(actor: Actor, point: SwotPoint, sheet: Swot) -> None:
    point.until, point.ended_at = sheet.version, timezone.now()
    point.ended_by_label = actor.label[:200]
    point.save(update_fields=["until", "ended_at", "ended_by_label"])


def _tell(actor: Actor, point: SwotPoint, old: str, new: str) -> None:
    fact = SwotChanged(point.quadrant, old, new)
    record(fact, subject=point, actor=actor, partner_id=point.partner_id)
