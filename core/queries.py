"""Reads that every app needs: branding, notifications, timelines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from django.db import models

from core.actor import Actor, ActorKind
from core.bidi import isolated
from core.events import EventKind, all_kinds, kind_named
from core.models import Branding, Event, Notification
from core.navigation import page_of
from core.system_names import in_readers_words
from core.tables import keyset_page
from core.ui import TimelineEntry, Tone


@dataclass(frozen=True, slots=True)
class BrandingShown:
    """The vendor's name and look. `css_url` changes with the colours, so it caches for ever."""

    name: str
    logo_url: str | None
    css_url: str
    brand_colour: str
    accent_colour: str
    support_email: str


def branding() -> BrandingShown:
    row = Branding.objects.filter(pk=1).first() or Branding(pk=1)
    colours = f"{row.brand_colour}{row.accent_colour}".replace("#", "").lower()
    return BrandingShown(
        name=row.name,
        logo_url=f"/branding/logo?v={row.logo.name}" if row.logo else None,
        css_url=f"/branding/{colours}.css",
        brand_colour=row.brand_colour,
        accent_colour=row.accent_colour,
        support_email=row.support_email,
    )


def unread_count(user_id: int) -> int:
    return Notification.objects.filter(user_id=user_id, read_at__isnull=True).count()


def notifications(user_id: int) -> models.QuerySet[Notification]:
    return Notification.objects.filter(user_id=user_id)


TIMELINE_LENGTH = 100


def timeline(subject: models.Model, actor: Actor) -> list[TimelineEntry]:
    """The newest events of `subject` that `actor` may read, newest first (at most 100).

    The caller has already checked that the actor may read the subject. A partner is shown
    the public fields of kinds that are not for staff only.
    """
    events = Event.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk
    ).order_by("-occurred_at", "-id")[:TIMELINE_LENGTH]
    entries = (timeline_entry(event, actor) for event in events)
    return [entry for entry in entries if entry is not None]


EVENTS_ON_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Some of what happened, newest first, and the cursors of what is newer and older."""

    entries: tuple[TimelineEntry, ...]
    newer: str | None
    older: str | None


def timeline_page(
    subject: models.Model, actor: Actor, after: str | None = None, size: int = EVENTS_ON_A_PAGE
) -> TimelinePage:
    """The events of `subject` that `actor` may read, a page at a time. See `timeline`."""
    hidden = [kind.name for kind in all_kinds() if kind.staff_only and not actor.is_staff]
    events = Event.objects.filter(
        subject_type=subject._meta.label_lower, subject_id=subject.pk
    ).exclude(kind__in=hidden)
    page = keyset_page(events, order=["-occurred_at"], after=after, size=size)
    entries = (timeline_entry(event, actor) for event in page.rows)
    shown = tuple(entry for entry in entries if entry is not None)
    return TimelinePage(shown, page.previous_cursor, page.next_cursor)


def timeline_entry(event: Event, actor: Actor, *, linked: bool = False) -> TimelineEntry | None:
    """The event in words for `actor`, or nothing if it is not for them; `linked` to its page."""
    kind = kind_named(event.kind)
    if kind is None or (kind.staff_only and not actor.is_staff):
        return None
    shown = {
        name: value
        for name, value in event.payload.items()
        if actor.is_staff or name in kind.public
    }
    by_system = event.actor_kind == ActorKind.SYSTEM
    who = in_readers_words(event.actor_label) if by_system else event.actor_label
    return TimelineEntry(
        sentence=str(kind.sentence) % Words(spoken(kind, shown), actor=isolated(who)),
        who=who,
        at=event.occurred_at,
        tone=Tone(kind.tone),
        note=str(shown.get("note") or ""),
        href=page_of(event.subject_type, event.subject_id) if linked and kind.lasting else "",
    )


def spoken(kind: EventKind, shown: Mapping[str, Any]) -> dict[str, Any]:
    """The payload as it is put into the sentence."""
    said = dict(shown)
    for name in kind.spoken.keys() & said.keys():
        said[name] = kind.spoken[name](str(said[name]))
    return {
        name: isolated(value) if isinstance(value, str) else value for name, value in said.items()
    }


class Words(dict[str, Any]):
    """A sentence's placeholders; what the reader may not see, or an old row lacks, is empty."""

    def __missing__(self, _name: str) -> str:
        return ""


ACTIVITY_LENGTH = 7
REPEATED = 4
"""Facts read for each that is shown."""


def partner_activity(partner_id: int, actor: Actor) -> list[TimelineEntry]:
    """The newest facts around one partner that `actor` may read (at most 7). What somebody did
    several times in a row is said once."""
    hidden = [kind.name for kind in all_kinds() if kind.staff_only and not actor.is_staff]
    events = Event.objects.filter(partner_id=partner_id).exclude(kind__in=hidden)
    newest = events.order_by("-occurred_at", "-id")[: ACTIVITY_LENGTH * REPEATED]
    entries = (timeline_entry(event, actor, linked=True) for event in newest)
    return said_once((entry for entry in entries if entry is not None), ACTIVITY_LENGTH)


def said_once(entries: Iterable[TimelineEntry], most: int) -> list[TimelineEntry]:
    """The first of them, and of what is the same several times in a row the first only."""
    same = groupby(entries, key=lambda entry: (entry.sentence, entry.who, entry.note))
    return [next(group) for _what, group in islice(same, most)]
