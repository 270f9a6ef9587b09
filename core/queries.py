"""Reads that every app needs: branding, notifications, timelines."""

import datetime as dt
from dataclasses import dataclass

from django.db import models

from core.actor import Actor
from core.events import Tone, kind_named
from core.models import Branding, Event, Notification


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


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of a thing's story, in words for the reader."""

    sentence: str
    who: str
    at: dt.datetime
    tone: Tone
    note: str


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


def timeline_entry(event: Event, actor: Actor) -> TimelineEntry | None:
    kind = kind_named(event.kind)
    if kind is None or (kind.staff_only and not actor.is_staff):
        return None
    shown = {
        name: value
        for name, value in event.payload.items()
        if actor.is_staff or name in kind.public
    }
    words = {"actor": event.actor_label, **dict.fromkeys(event.payload, ""), **shown}
    return TimelineEntry(
        sentence=str(kind.sentence) % words,
        who=event.actor_label,
        at=event.occurred_at,
        tone=kind.tone,
        note=str(shown.get("note") or ""),
    )
