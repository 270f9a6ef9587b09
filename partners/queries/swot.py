"""Reads about strengths, weaknesses, opportunities and threats, now and in older versions."""

import datetime as dt
from dataclasses import dataclass

from django.http import Http404

from core.actor import Actor
from core.sql import LARGEST_ID
from partners.models import Swot, SwotPoint
from partners.queries import plans
from partners.rules.swot import Quadrant

MOST_VERSIONS = 30


@dataclass(frozen=True, slots=True)
class ListShown:
    """One of the four lists with its lines."""

    quadrant: str
    label: str
    points: list[SwotPoint]


@dataclass(frozen=True, slots=True)
class VersionShown:
    """A change: what was added and what was taken away, by whom and when."""

    number: int
    who: str
    at: dt.datetime
    added: str
    removed: str


@dataclass(frozen=True, slots=True)
class SwotPage:
    """The lists as they stood in `version`; `newest` is the last one there is."""

    partner_id: int
    version: int
    newest: int
    lists: list[ListShown]
    versions: list[VersionShown]
    may_write: bool

    @property
    def is_now(self) -> bool:
        return self.version == self.newest


def point_for_reading(actor: Actor, point_id: int) -> SwotPoint:
    """Http404 for what the actor may not know of."""
    found: SwotPoint | None = None
    if 0 < point_id <= LARGEST_ID:
        found = SwotPoint.objects.visible_to(actor).filter(pk=point_id).first()
    if found is None:
        raise Http404
    return found


def text_now(point: SwotPoint) -> str:
    """What stands in the place of a line that was changed; empty where it was removed."""
    newer = SwotPoint.objects.filter(replaces=point).first()
    while newer is not None and newer.until is not None:
        newer = SwotPoint.objects.filter(replaces=newer).first()
    return newer.text if newer is not None else ""


def swot_page(actor: Actor, partner_id: int, version: int | None = None) -> SwotPage:
    """The lists of a partner that the actor may read: now, or in a version. Three queries."""
    newest = newest_version(partner_id)
    wanted = newest if version is None else min(version, newest)
    return SwotPage(
        partner_id=partner_id,
        version=wanted,
        newest=newest,
        lists=lists_at(partner_id, wanted),
        versions=versions_of(partner_id, newest),
        may_write=plans.side_of(actor) is not None,
    )


def newest_version(partner_id: int) -> int:
    rows = Swot.objects.filter(partner_id=partner_id).values_list("version", flat=True)
    return rows.first() or 0


def lists_at(partner_id: int, version: int) -> list[ListShown]:
    """The four lists as they stood in a version. One query."""
    rows = [
        one
        for one in SwotPoint.objects.filter(partner_id=partner_id, since__lte=version)
        if one.until is None or one.until > version
    ]
    return [
        ListShown(one.value, str(one.label), [row for row in rows if row.quadrant == one])
        for one in Quadrant
    ]


def versions_of(partner_id: int, newest: int) -> list[VersionShown]:
    """The newest changes, the newest first (at most 30)."""
    after = max(newest - MOST_VERSIONS, 0)
    rows = SwotPoint.objects.filter(partner_id=partner_id)
    began = {one.since: one for one in rows.filter(since__gt=after)}
    ended = {one.until: one for one in rows.filter(until__gt=after)}
    shown = []
    for number in range(newest, after, -1):
        new, old = began.get(number), ended.get(number)
        if new is not None:
            text = old.text if old is not None else ""
            shown.append(VersionShown(number, new.added_by_label, new.added_at, new.text, text))
        elif old is not None and old.ended_at is not None:
            shown.append(VersionShown(number, old.ended_by_label, old.ended_at, "", old.text))
    return shown
