"""Reads about deals: for the partner's pages, the review desk, the API and the apps above."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone
from django.utils.functional import Promise

from core.actor import Actor
from core.models import StoredFile
from core.queries import timeline_page
from core.ui import TimelineEntry
from dealreg import access, books, sales
from dealreg.conflicts import in_force
from dealreg.models import Deal, Decision, ProductLine, Protection
from dealreg.models.deals import IN_PIPELINE, DealQuerySet
from dealreg.rules import states
from dealreg.rules.answering import answer_until
from dealreg.rules.next_steps import next_step
from dealreg.rules.request import PERSON_MAY_ASK
from dealreg.rules.states import OPEN_STAGES, DealStatus, Verb

# What other apps may call a row of these queries.
DealRow = Deal

REFERENCE = re.compile(r"(?:dr-?)?(\d{1,18})", re.IGNORECASE)
MOST_FILES = 100


def deals(actor: Actor) -> DealQuerySet:
    """The actor's deals with what a list row shows."""
    return Deal.objects.visible_to(actor).select_related(
        "partner", "account", "product_line", "protection"
    )


def latest_deals(actor: Actor, number: int) -> tuple[Deal, ...]:
    """The actor's deals that changed last."""
    return tuple(deals(actor).order_by("-updated_at", "-pk")[:number])


def may_register(actor: Actor) -> bool:
    """Whether the actor's work at its partner includes registering deals."""
    return access.may_register(actor)


def matching_text(rows: DealQuerySet, text: str) -> DealQuerySet:
    """The deals whose customer or reference is like `text`."""
    words = text.strip().replace("\x00", "")[:100]
    if not words:
        return rows
    wanted = Q(customer_name__icontains=words) | Q(customer_domain__icontains=words)
    reference = REFERENCE.fullmatch(words)
    if reference:
        wanted |= Q(pk=int(reference[1]))
    return rows.filter(wanted)


def product_lines() -> models.QuerySet[ProductLine]:
    """The product lines that are open for registration."""
    return ProductLine.objects.filter(active=True)


def all_product_lines() -> models.QuerySet[ProductLine]:
    """Also those that are closed for registration."""
    return ProductLine.objects.order_by("name")


@dataclass(frozen=True, slots=True)
class ProtectionShown:
    """`until` is the moment at which it ends; `days_left` counts whole days, never negative."""

    until: dt.datetime
    in_force: bool
    days_left: int


@dataclass(frozen=True, slots=True)
class DealAnswer:
    """What a program is told of one deal: what was decided, why, and for how long."""

    deal: Deal
    decision: Decision | None
    protection: ProtectionShown | None


def deal_answer(actor: Actor, deal_id: int) -> DealAnswer:
    """One deal by right: Http404 for what is not the actor's. Two queries."""
    return answer_about(
        access.deal_for_reading(actor, deal_id, related=("product_line", "protection"))
    )


def answer_about(deal: Deal) -> DealAnswer:
    """The answer to whoever was let through to `deal` already. No query for one that was decided
    just now, else one if its relations are at hand."""
    decision = deal.just_decided or deal.decisions.order_by("-id").first()
    # Only what was approved is protected, or has been.
    approved = deal.decided_at is not None
    return DealAnswer(deal, decision, protection_of(deal) if approved else None)


@dataclass(frozen=True, slots=True)
class DealHead:
    """What every page about one deal shows to its reader, and what the reader may do."""

    deal: Deal
    actor: Actor
    verbs: frozenset[Verb]


def deal_head(actor: Actor, deal_id: int) -> DealHead:
    """One deal by right: Http404 for what is not the actor's. One query."""
    deal = access.deal_for_reading(actor, deal_id)
    return DealHead(deal, actor, verbs_for(actor, deal))


def verbs_for(actor: Actor, deal: Deal) -> frozenset[Verb]:
    """What the actor may do with the deal as it stands."""
    return frozenset(
        verb
        for verb in Verb
        if states.possible(verb, deal.status, deal.stage) and access.may(actor, verb)
    )


@dataclass(frozen=True, slots=True)
class DealPage(DealHead):
    """The overview of one deal: where it stands and why. `timeline` are its newest events."""

    decision: Decision | None
    protection: ProtectionShown | None
    next_step: str | Promise
    timeline: tuple[TimelineEntry, ...]
    hint: str
    asked_for: tuple[str, ...]
    answer_until: dt.datetime | None


NEWEST_EVENTS = 5


def deal_page(actor: Actor, deal_id: int) -> DealPage:
    """One deal by right: Http404 for what is not the actor's. Four queries."""
    head = deal_head(actor, deal_id)
    deal = head.deal
    protection = protection_shown(Protection.objects.filter(deal=deal).first())
    decision = latest_decision(deal)
    return DealPage(
        deal=deal,
        actor=actor,
        verbs=head.verbs,
        decision=decision,
        protection=protection,
        next_step=next_step(
            deal.status,
            protected_until=protection.until if protection and protection.in_force else None,
            now=timezone.now(),
            stage=deal.stage,
        ),
        timeline=tuple(timeline_page(deal, actor, size=NEWEST_EVENTS).entries),
        hint=books.hint_in_words(decision.hint) if decision else "",
        asked_for=asked_for_labels(decision),
        answer_until=answer_until(decision.decided_at) if decision else None,
    )


def deal_files(deal: Deal) -> tuple[StoredFile, ...]:
    """The newest files of a deal. One query."""
    files = StoredFile.objects.filter(subject_type=deal._meta.label_lower, subject_id=deal.pk)
    return tuple(files.order_by("-uploaded_at")[:MOST_FILES])


def asked_for(deal: Deal) -> frozenset[str]:
    """The fields that a registration which was sent back may change. One query."""
    decision = latest_decision(deal)
    return frozenset(decision.asked_for) if decision else frozenset()


def asked_for_labels(decision: Decision | None) -> tuple[str, ...]:
    fields = decision.asked_for if decision else []
    return tuple(str(PERSON_MAY_ASK[field]) for field in fields if field in PERSON_MAY_ASK)


def latest_decision(deal: Deal) -> Decision | None:
    return deal.decisions.select_related("book").order_by("-id").first()


def protection_of(deal: Deal) -> ProtectionShown | None:
    """The protection of a deal that `deals` fetched."""
    return protection_shown(getattr(deal, "protection", None))


def protection_shown(protection: Protection | None) -> ProtectionShown | None:
    if protection is None:
        return None
    now = timezone.now()
    since: dt.datetime = protection.period.lower  # type: ignore[assignment]
    until: dt.datetime = protection.period.upper  # type: ignore[assignment]
    in_force = protection.released_at is None and since <= now < until
    return ProtectionShown(until, in_force, max((until - now).days, 0) if in_force else 0)


@dataclass(frozen=True, slots=True)
class PipelineSum:
    """The expected amount of open deals in one currency."""

    currency: str
    amount: Decimal
    deals: int


@dataclass(frozen=True, slots=True)
class SalesMoney:
    """Sales in money, as of now; `won` sums closed amounts by currency since `won_since`, `stale`
    counts open sales that want an update."""

    pipeline: tuple[PipelineSum, ...]
    weighted: tuple[PipelineSum, ...]
    won: tuple[PipelineSum, ...]
    won_since: dt.date
    stale: int


@dataclass(frozen=True, slots=True)
class PartnerFigures(SalesMoney):
    """A partner's registrations in numbers, as of now."""

    by_status: dict[str, int]
    ending_soon: int


ENDING_SOON_DAYS = 14
SOON = dt.timedelta(days=ENDING_SOON_DAYS)


def partner_figures(actor: Actor) -> PartnerFigures:
    """The figures of the actor's own deals. Five queries, all on partner indexes."""
    return figures_of(Deal.objects.visible_to(actor))


def figures_of(mine: DealQuerySet) -> PartnerFigures:
    soon = Protection.objects.filter(
        in_force(),
        deal__in=mine.filter(status=DealStatus.APPROVED, stage__in=OPEN_STAGES),
        period__endswith__lte=timezone.now() + SOON,
    )
    money = money_of(mine)
    return PartnerFigures(
        pipeline=money.pipeline,
        weighted=money.weighted,
        won=money.won,
        won_since=money.won_since,
        stale=money.stale,
        by_status=numbers_by_status(mine),
        ending_soon=soon.count(),
    )


def numbers_by_status(mine: DealQuerySet) -> dict[str, int]:
    return dict(mine.values_list("status").annotate(Count("id")).order_by())


def money_of(mine: DealQuerySet) -> SalesMoney:
    """Three queries."""
    year_ago = timezone.localdate() - dt.timedelta(days=365)
    sold = list(_open_sales(mine))
    priced = [one for one in sold if one["priced"]]
    return SalesMoney(
        pipeline=tuple(PipelineSum(one["currency"], one["total"], one["priced"]) for one in priced),
        weighted=tuple(
            PipelineSum(one["currency"], one["expected"] / 100, one["priced"]) for one in priced
        ),
        won=_sums(mine.filter(stage="won", closed_on__gte=year_ago), "closed_amount"),
        won_since=year_ago,
        stale=sum(one["quiet"] for one in sold),
    )


def _open_sales(mine: DealQuerySet) -> Iterable[Mapping[str, Any]]:
    """The open sales by currency: sum, weighted sum, how many have an amount, how many are
    quiet. Two queries."""
    terms = sales.stage_terms()
    return (
        mine.filter(IN_PIPELINE)
        .order_by("currency")
        .values("currency")
        .annotate(
            total=Sum("amount"),
            expected=Sum(sales.weighted(terms)),
            priced=Count("amount"),
            quiet=Count("id", filter=sales.quiet(terms)),
        )
    )


def _sums(rows: DealQuerySet, field: str) -> tuple[PipelineSum, ...]:
    sums = (
        rows.filter(**{f"{field}__isnull": False})
        .values_list("currency")
        .annotate(Sum(field), Count("id"))
        .order_by("currency")
    )
    return tuple(PipelineSum(currency, amount, count) for currency, amount, count in sums)


def review_queue(actor: Actor) -> DealQuerySet:
    """What waits for a person, oldest first."""
    return deals(actor).filter(status=DealStatus.IN_REVIEW).order_by("submitted_at", "id")


def with_protection(rows: DealQuerySet, until: dt.datetime | None = None) -> DealQuerySet:
    """The deals whose protection runs at this moment, and ends before `until` if that is given."""
    running = Protection.objects.filter(in_force(), deal=OuterRef("pk"))
    if until is not None:
        running = running.filter(period__endswith__lte=until)
    return rows.filter(Exists(running))


def without_protection(rows: DealQuerySet) -> DealQuerySet:
    """The approved deals whose protection does not run at this moment."""
    running = Protection.objects.filter(in_force(), deal=OuterRef("pk"))
    return rows.filter(~Exists(running), status=DealStatus.APPROVED)
