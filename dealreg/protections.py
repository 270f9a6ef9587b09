"""Reads about protections: the end, the terms, the evidence, the requests."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Max, QuerySet, TextChoices
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.clock import database_now
from core.sql import LARGEST_ID
from dealreg.models import (
    Confirmation,
    ConfirmationAnswer,
    Deal,
    EvidenceItem,
    Extension,
    Protection,
)
from dealreg.queries import DealHead, ProtectionShown, deal_head, protection_shown
from dealreg.rules.protection import (
    REMINDER_DAYS,
    ExtensionStatus,
    Freshness,
    ProtectionTerms,
    freshness_of,
    terms_in_words,
    why_not_extend,
)
from dealreg.rules.states import OPEN_STAGES, Verb
from dealreg.services.judging import count_open
from dealreg.services.protecting import end_of, terms_of

MOST_SHOWN = 50


class ConfirmationState(TextChoices):
    WAITING = "waiting", _("Waiting")
    CONFIRMED = "confirmed", _("Confirmed")
    DENIED = "denied", _("Not our partner")
    EXPIRED = "expired", _("Expired")


@dataclass(frozen=True, slots=True)
class ConfirmationShown:
    """A question to the customer as one reader sees it."""

    address: str
    asked_at: dt.datetime
    expires_at: dt.datetime
    state: ConfirmationState


@dataclass(frozen=True, slots=True)
class ProtectionPage(DealHead):
    """How a deal is protected, as its partner and staff see it. `why_not` says why an extension
    cannot be asked for now; `again` is the registration that continues this one."""

    protection: ProtectionShown | None
    since: dt.datetime | None
    margin: Decimal | None
    book_version: int | None
    terms: ProtectionTerms | None
    terms_in_words: tuple[str, ...]
    extensions_used: int
    freshness: Freshness
    evidence: tuple[EvidenceItem, ...]
    extensions: tuple[Extension, ...]
    confirmations: tuple[ConfirmationShown, ...]
    reminders: tuple[dt.datetime, ...]
    may_extend: bool
    why_not: str
    again: Deal | None


def protection_page(actor: Actor, deal_id: int) -> ProtectionPage:
    """One deal by right: Http404 for what is not the actor's. At most ten queries."""
    head = deal_head(actor, deal_id)
    deal = head.deal
    protection = Protection.objects.filter(deal=deal).select_related("book").first()
    terms = terms_of(protection) if protection else None
    evidence = evidence_of(deal)
    extensions = tuple(Extension.objects.filter(deal=deal).order_by("-id")[:MOST_SHOWN])
    now = database_now()
    runs = (
        protection is not None and Verb.EXTEND in head.verbs and still_runs(protection, deal, now)
    )
    waits = any(one.status == ExtensionStatus.WAITING for one in extensions)
    why_not = refused_because(protection, waits, now) if runs and protection else ""
    return ProtectionPage(
        deal=deal,
        actor=actor,
        verbs=head.verbs,
        protection=protection_shown(protection),
        since=protection.period.lower if protection else None,
        margin=protection.margin if protection else None,
        book_version=protection.book.version if protection and protection.book else None,
        terms=terms,
        terms_in_words=tuple(terms_in_words(terms)) if terms else (),
        extensions_used=protection.extensions if protection else 0,
        freshness=freshness_of(
            evidence[0].dated_on if evidence else None,
            terms or ProtectionTerms(),
            timezone.localdate(),
        ),
        evidence=evidence,
        extensions=extensions,
        confirmations=confirmations_of(actor, deal),
        reminders=reminders_of(protection, now) if runs and protection else (),
        may_extend=runs and not why_not,
        why_not=why_not,
        again=Deal.objects.filter(previous=deal).order_by("-id").first(),
    )


def still_runs(protection: Protection, deal: Deal, now: dt.datetime) -> bool:
    """Whether it keeps others out for a sale that goes on."""
    released = protection.released_at is not None
    return not released and deal.stage in OPEN_STAGES and end_of(protection) > now


def refused_because(protection: Protection, waits: bool, now: dt.datetime) -> str:
    """Why it cannot be extended now; empty when it can."""
    return why_not_extend(
        terms_of(protection),
        until=end_of(protection),
        extensions=protection.extensions,
        waiting=waits,
        now=now,
    )


def extensions(actor: Actor) -> "QuerySet[Extension]":
    """The requests about deals that the actor may see, with their deals."""
    seen = Deal.objects.visible_to(actor)
    return Extension.objects.filter(deal__in=seen).select_related("deal")


def extension_for_reading(actor: Actor, extension_id: int) -> Extension:
    """Http404 for what is not the actor's to know."""
    if not 0 < extension_id <= LARGEST_ID:
        raise Http404
    found = extensions(actor).filter(pk=extension_id).first()
    if found is None:
        raise Http404
    return found


def confirmation_shown(actor: Actor, one: Confirmation) -> ConfirmationShown:
    """A no is for the vendor's people: to the partner it looks as if nobody had answered."""
    if one.answer == ConfirmationAnswer.YES:
        state = ConfirmationState.CONFIRMED
    elif one.answer == ConfirmationAnswer.NO and actor.is_staff:
        state = ConfirmationState.DENIED
    elif one.expires_at <= timezone.now():
        state = ConfirmationState.EXPIRED
    else:
        state = ConfirmationState.WAITING
    return ConfirmationShown(one.address, one.asked_at, one.expires_at, state)


def confirmations_of(actor: Actor, deal: Deal) -> tuple[ConfirmationShown, ...]:
    """The questions about a deal, newest first (at most 50). One query."""
    rows = Confirmation.objects.filter(deal=deal).order_by("-id")[:MOST_SHOWN]
    return tuple(confirmation_shown(actor, one) for one in rows)


def reminders_of(protection: Protection, now: dt.datetime) -> tuple[dt.datetime, ...]:
    """When the partner will still be reminded of the end."""
    moments = (end_of(protection) - dt.timedelta(days=days) for days in REMINDER_DAYS)
    return tuple(at for at in moments if at > now)


def evidence_of(deal: Deal) -> tuple[EvidenceItem, ...]:
    """The newest evidence of a deal (at most 50). One query."""
    rows = EvidenceItem.objects.filter(deal=deal).select_related("file")
    return tuple(rows.order_by("-dated_on", "-id")[:MOST_SHOWN])


def freshness(deal: Deal) -> Freshness:
    """How fresh a deal's evidence is by the terms of its protection. At most four queries."""
    protection = Protection.objects.filter(deal=deal).select_related("book").first()
    terms = terms_of(protection) if protection else ProtectionTerms()
    last = EvidenceItem.objects.filter(deal=deal).aggregate(last=Max("dated_on"))["last"]
    return freshness_of(last, terms, timezone.localdate())


@dataclass(frozen=True, slots=True)
class OpenRegistrations:
    """How many registrations a partner has open, and how many its tier may have; None for any."""

    number: int
    limit: int | None

    @property
    def full(self) -> bool:
        return self.limit is not None and self.number >= self.limit


def open_registrations(partner_id: int, limit: int | None) -> OpenRegistrations | None:
    """Those of a partner, when its tier has a limit. At most one query."""
    return None if limit is None else OpenRegistrations(count_open(partner_id), limit)
