"""Reads for the vendor's side: the queue, the page on which a deal is decided, search."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.models import Event, StoredFile
from core.queries import timeline
from core.ui import TimelineEntry
from dealreg import access
from dealreg.books import current_book, hint_in_words, read_book
from dealreg.conflicts import Conflict, ConflictKind, Finding, conflict_of
from dealreg.matching import Candidate, find_similar
from dealreg.models import (
    Account,
    ConflictCase,
    Deal,
    DealRoute,
    Decision,
    DirectOpportunity,
    Protection,
    Purchase,
    ReplayChange,
    ReplayRun,
    RuleBook,
)
from dealreg.models.deals import DealQuerySet
from dealreg.models.rulebooks import BookStatus
from dealreg.queries import REFERENCE as REFERENCE
from dealreg.queries import ProtectionShown, protection_shown
from dealreg.rules.desk import MOST_TOGETHER, Waiting, why_alone
from dealreg.rules.distribution import Endorsement
from dealreg.rules.engagement import Operator, in_words
from dealreg.rules.facts import FACTS, ConflictLevel
from dealreg.rules.names import Customer, NotADomain, registrable_domain
from dealreg.rules.states import DealStatus, DecisionOrigin, Outcome
from dealreg.running_cases import case_id_of, running_case
from dealreg.service_levels import due_of
from partners.programme import partners_named, visible_partner_ids
from partners.queries import PartnerCard, partner_card

MOST_FILES = 100
MOST_CUSTOMERS = 500
WORD = re.compile(r"[^\W_]+", re.UNICODE)


# --- the list -------------------------------------------------------------------------------


def listed(rows: DealQuerySet) -> DealQuerySet:
    """`rows` with what a line of the vendor's list shows."""
    return rows.select_related(
        "partner__tier", "partner__region", "product_line", "protection"
    ).annotate(conflict=latest("conflict_level"))


def latest(field: str) -> Subquery:
    """A field of a deal's newest decision."""
    newest = Decision.objects.filter(deal=OuterRef("pk")).order_by("-id")
    return Subquery(newest.values(field)[:1])


DEAL_WORDS = SearchVector("customer_name", "customer_domain", config="simple")
ACCOUNT_WORDS = SearchVector("name", "domain", config="simple")


def beginning_with(text: str) -> SearchQuery | None:
    """The query for texts in which every word of `text` begins some word."""
    words = WORD.findall(text.replace("\x00", "")[:100])[:8]
    if not words:
        return None
    raw = " & ".join(f"{word}:*" for word in words)
    return SearchQuery(raw, config="simple", search_type="raw")


def domain_query(text: str) -> SearchQuery | None:
    """The query for a domain, when `text` is an address of a company; else None."""
    if "." not in text or any(letter.isspace() for letter in text):
        return None
    try:
        domain = registrable_domain(text)
    except NotADomain:
        return None
    return SearchQuery(f"'{domain}'", config="simple", search_type="raw") if domain else None


def search_deals(rows: DealQuerySet, text: str) -> DealQuerySet:
    """By reference, customer, domain or partner; each part by an index."""
    words = text.strip()
    reference = REFERENCE.fullmatch(words)
    if reference:
        return rows.filter(pk=int(reference[1]))
    query = domain_query(words) or beginning_with(words)
    if query is None:
        return rows.none()
    # The partners' ids are fetched first: the planner sees a few numbers and uses their index.
    partners = partners_named(words)
    return rows.annotate(words=DEAL_WORDS).filter(Q(words=query) | Q(partner_id__in=partners))


def search_accounts(rows: "models.QuerySet[Account]", text: str) -> "models.QuerySet[Account]":
    """By words of the name or domain."""
    query = domain_query(text.strip()) or beginning_with(text)
    return rows.none() if query is None else rows.annotate(words=ACCOUNT_WORDS).filter(words=query)


def days_if_approved(deal: Deal) -> int:
    """For how long an approval now would protect the deal's customer. One query."""
    return current_book(deal.partner.region.path, deal.product_line_id).terms.days


def search_by_customer(rows: "models.QuerySet[Any]", text: str) -> "models.QuerySet[Any]":
    """Rows of customers by words of the customer's name or domain."""
    found = search_accounts(Account.objects.all(), text).order_by("pk")
    return rows.filter(account__in=list(found.values_list("pk", flat=True)[:MOST_CUSTOMERS]))


# --- the queue ------------------------------------------------------------------------------

PAGE = 50


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What of the queue is shown; empty values show everything. `mine`: partners whose channel
    manager the reader is."""

    product_line_id: int | None = None
    region: str = ""
    conflict: bool = False
    mine: bool = False


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the queue, oldest first. `after` leads to the next page, None at the end."""

    deals: tuple[Deal, ...]
    after: tuple[dt.datetime, int] | None


def waiting(actor: Actor) -> DealQuerySet:
    """What waits for a person of the vendor; what a distributor endorses first comes later."""
    asked = DealRoute.objects.filter(deal=OuterRef("pk"), endorsement=Endorsement.WAITING)
    rows = Deal.objects.visible_to(actor).filter(status=DealStatus.IN_REVIEW)
    return rows.filter(~Exists(asked))


def review_queue(
    actor: Actor,
    wanted: QueueFilter = QueueFilter(),
    after: tuple[dt.datetime, int] | None = None,
    size: int = PAGE,
) -> QueuePage:
    """What waits for a person, oldest first. One query."""
    rows = (
        listed(waiting(actor))
        .annotate(rule=latest("rule"), due=due_of(), case=case_id_of())
        .order_by("submitted_at", "id")
    )
    if wanted.product_line_id is not None:
        rows = rows.filter(product_line_id=wanted.product_line_id)
    if wanted.region:
        inside = Q(partner__region__path=wanted.region)
        rows = rows.filter(inside | Q(partner__region__path__startswith=f"{wanted.region}."))
    if wanted.mine:
        rows = rows.filter(partner__manager_id=actor.user_id)
    if wanted.conflict:
        rows = rows.exclude(conflict=ConflictLevel.NONE)  # type: ignore[misc]
    if after is not None:
        moment, key = after
        rows = rows.filter(submitted_at__gte=moment).exclude(submitted_at=moment, id__lte=key)
    found = list(rows[: size + 1])
    shown = found[:size]
    last = shown[-1] if len(found) > size else None
    return QueuePage(
        tuple(shown),
        (last.submitted_at, last.pk) if last is not None and last.submitted_at else None,
    )


def next_waiting(actor: Actor, after: Deal) -> Deal | None:
    """The deal that has waited longest, after `after` if there is one behind it."""
    rows = waiting(actor).exclude(pk=after.pk).order_by("submitted_at", "id")
    later = rows.filter(submitted_at__gte=after.submitted_at) if after.submitted_at else rows
    return later.first() or rows.first()


def may_go_together(deal: Deal) -> bool:
    """Whether a deal of the queue may be chosen there, as far as its newest decision tells; it
    is looked at anew when it is approved."""
    level = ConflictLevel(getattr(deal, "conflict", None) or ConflictLevel.NONE)
    in_case = bool(getattr(deal, "case", None))
    return not in_case and not why_alone(
        Waiting(deal.status, deal.partner.status, level, deal.public_sector)
    )


def waiting_shown(deal: Deal) -> Waiting:
    """A registration as it is now, with its conflict looked at again. Three queries."""
    conflict = conflict_of(
        partner_id=deal.partner_id,
        product_line_id=deal.product_line_id or 0,
        candidates=_candidates(deal),
        except_deal_id=deal.pk,
    )
    return Waiting(deal.status, deal.partner.status, conflict.level, deal.public_sector)


def chosen_deals(actor: Actor, keys: Sequence[int]) -> tuple[Deal, ...]:
    """Of the deals with these keys those that the actor may decide, oldest first."""
    rows = listed(waiting(actor)).filter(pk__in=list(keys)[:MOST_TOGETHER])
    return tuple(rows.order_by("submitted_at", "id"))


# --- the page of one deal -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CheckShown:
    """One condition of a rule: the fact, what it was, what the rule asks, whether that held."""

    fact: str
    actual: str
    asked: str
    held: bool


@dataclass(frozen=True, slots=True)
class RuleShown:
    """What one rule made of the deal. `reached` is false behind the rule that decided."""

    code: str
    outcome: str
    words: str
    checks: tuple[CheckShown, ...]
    applied: bool
    reached: bool


@dataclass(frozen=True, slots=True)
class RuleStory:
    """How the rules of engagement came to their answer."""

    book: RuleBook
    message: str
    outcome: Outcome
    at: dt.datetime
    rules: tuple[RuleShown, ...]
    hint: str


@dataclass(frozen=True, slots=True)
class Similar:
    """A known customer that may be the same one, and how the fields compare: `score` is how
    alike the names are (0 to 100), `alias` the other name or domain by which it was recognised,
    `related` whether it is the parent or a subsidiary of a match."""

    account_id: int
    name: str
    domain: str
    country: str
    level: ConflictLevel
    agreeing: tuple[str, ...]
    own: bool
    score: int
    alias: str
    related: bool


@dataclass(frozen=True, slots=True)
class Rival:
    """Another open registration for a customer like this one. `reachable` when the reader may
    open it."""

    deal: Deal
    protection: ProtectionShown | None
    same_partner: bool
    reachable: bool


@dataclass(frozen=True, slots=True)
class Known:
    """Something else that is known of a customer like this one: that it has the product line
    (CUSTOMER), that the vendor's own people work on it (DIRECT), or an earlier registration of the
    same partner (OWN). `since` is when it was bought, opened or registered; `about` says what it
    is, `deal_id` leads to the deal that it was, if it was one the reader may open."""

    kind: ConflictKind
    customer: str
    level: ConflictLevel
    score: int
    agreeing: tuple[str, ...]
    alias: str
    related: bool
    since: dt.date
    about: str
    deal_id: int | None


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Everything that somebody who decides a deal looks at."""

    deal: Deal
    decision: Decision | None
    story: RuleStory | None
    level: ConflictLevel
    similar: tuple[Similar, ...]
    rivals: tuple[Rival, ...]
    known: tuple[Known, ...]
    partner: PartnerCard
    protection: ProtectionShown | None
    files: tuple[StoredFile, ...]
    timeline: tuple[TimelineEntry, ...]
    open_deals: int
    case_id: int | None
    running_case: ConflictCase | None


MOST_COUNTED = 100


def review_page(actor: Actor, deal_id: int) -> ReviewPage:
    """One deal by right (Http404). Its conflict is looked at now, not as it was on arrival."""
    deal = access.deal_for_reading(actor, deal_id)
    decisions = list(deal.decisions.select_related("book").order_by("-id"))
    candidates = _candidates(deal)
    conflict = conflict_of(
        partner_id=deal.partner_id,
        product_line_id=deal.product_line_id or 0,
        candidates=candidates,
        except_deal_id=deal.pk,
    )
    open_deals = Deal.objects.filter(partner_id=deal.partner_id, status=DealStatus.IN_REVIEW)
    files = StoredFile.objects.filter(subject_type=deal._meta.label_lower, subject_id=deal.pk)
    return ReviewPage(
        deal=deal,
        decision=decisions[0] if decisions else None,
        story=_rule_story(decisions),
        level=conflict.surest,
        similar=tuple(_similar(candidate, deal) for candidate in candidates),
        rivals=tuple(_rivals(actor, deal, conflict.deal_ids)),
        known=tuple(_known(actor, conflict)),
        partner=partner_card(deal.partner_id),
        protection=protection_shown(Protection.objects.filter(deal=deal).first()),
        files=tuple(files.order_by("-uploaded_at")[:MOST_FILES]),
        timeline=tuple(timeline(deal, actor)),
        open_deals=open_deals.order_by()[:MOST_COUNTED].count(),
        case_id=deal.case_sides.order_by("-id").values_list("case_id", flat=True).first(),
        running_case=running_case(deal),
    )


def _candidates(deal: Deal) -> list[Candidate]:
    if not deal.customer_name:
        return []
    typed = Customer.typed(deal.customer_name, deal.customer_domain, deal.customer_country)
    return find_similar(typed)


def _similar(candidate: Candidate, deal: Deal) -> Similar:
    return Similar(
        account_id=candidate.account_id,
        name=candidate.name,
        domain=candidate.domain,
        country=candidate.country,
        level=candidate.level,
        agreeing=candidate.agreeing,
        own=candidate.account_id == deal.account_id,
        score=candidate.score,
        alias=candidate.alias,
        related=candidate.relative_of is not None,
    )


def _rivals(actor: Actor, deal: Deal, keys: Iterable[int]) -> Iterable[Rival]:
    rows = list(
        Deal.objects.filter(pk__in=list(keys))
        .select_related("partner__tier", "partner__region", "product_line", "protection")
        .order_by("submitted_at", "id")
    )
    reachable = set(
        Deal.objects.visible_to(actor)
        .filter(pk__in=[row.pk for row in rows])
        .values_list("pk", flat=True)
    )
    for row in rows:
        protection = protection_shown(getattr(row, "protection", None))
        own = row.partner_id == deal.partner_id
        yield Rival(row, protection, own, row.pk in reachable)


def _known(actor: Actor, conflict: Conflict) -> Iterable[Known]:
    """What stands beside open registrations, in words. At most three queries."""
    rest = [one for one in conflict.findings if not _is_rival(one)]
    ids: dict[str, list[int]] = {"deal": [], "purchase": [], "direct": []}
    for one in rest:
        ids[_table(one)].append(one.row_id)
    deals = _by_id(Deal.objects.visible_to(actor).select_related("partner"), ids["deal"])
    bought = _by_id(Purchase.objects.select_related("product_line", "sold_by"), ids["purchase"])
    direct = _by_id(DirectOpportunity.objects.select_related("product_line"), ids["direct"])
    rows = {"deal": deals, "purchase": bought, "direct": direct}
    for one in rest:
        row = rows[_table(one)].get(one.row_id)
        yield Known(
            kind=one.kind,
            customer=one.candidate.name,
            level=one.level,
            score=one.candidate.score,
            agreeing=one.candidate.agreeing,
            alias=one.candidate.alias,
            related=one.candidate.relative_of is not None,
            since=one.since,
            about=_about(row),
            deal_id=row.pk if isinstance(row, Deal) else None,
        )


def _is_rival(one: Finding) -> bool:
    return one.is_open and one.kind in {ConflictKind.REGISTRATION, ConflictKind.OWN}


def _table(one: Finding) -> str:
    if one.kind == ConflictKind.DIRECT:
        return "direct"
    return "purchase" if one.of_purchase else "deal"


def _by_id(rows: "models.QuerySet[Any]", ids: list[int]) -> dict[int, Any]:
    return rows.in_bulk(ids) if ids else {}


def _about(row: Deal | Purchase | DirectOpportunity | None) -> str:
    match row:
        case Deal():
            return f"{row.reference} · {row.partner.name} · {row.get_stage_display()}"
        case Purchase():
            seller = str(row.sold_by or gettext("sold by us"))
            return f"{row.product_line} · {seller}"
        case DirectOpportunity():
            named = (str(row.product_line or gettext("all product lines")), row.stage, row.owner)
            return " · ".join(part for part in named if part)
        case _:
            return gettext("in a region that you do not look after")


def _rule_story(decisions: Iterable[Decision]) -> RuleStory | None:
    decision = next((one for one in decisions if one.origin == DecisionOrigin.RULE), None)
    if decision is None or decision.book is None:
        return None
    trace = {step["rule"]: step for step in decision.trace}
    rules = tuple(
        _rule_shown(rule.code, rule.outcome, in_words(rule.when), trace.get(rule.code))
        for rule in read_book(decision.book).rules
    )
    return RuleStory(
        decision.book,
        decision.message,
        Outcome(decision.outcome),
        decision.decided_at,
        rules,
        hint_in_words(decision.hint),
    )


def _rule_shown(
    code: str, outcome: Outcome, words: str, step: dict[str, object] | None
) -> RuleShown:
    checks = step["checks"] if step else []
    return RuleShown(
        code=code,
        outcome=str(outcome.label),
        words=words,
        checks=tuple(_check_shown(check) for check in checks),  # type: ignore[attr-defined]
        applied=bool(step and step["applied"]),
        reached=step is not None,
    )


def said(value: str) -> str:
    """A value of a trace, which is kept in English, in the reader's language."""
    return str(VALUES.get(value, value))


def _check_shown(check: dict[str, object]) -> CheckShown:
    fact = FACTS.get(str(check["fact"]))
    label: str | Promise = fact.label if fact else str(check["fact"])
    operator = Operator(str(check["operator"]))
    value = said(str(check["value"]))
    return CheckShown(
        fact=str(label),
        actual=said(str(check["actual"])),
        asked=value if operator == Operator.IS else f"{operator.label} {value}",
        held=bool(check["held"]),
    )


VALUES = {"yes": _("yes"), "no": _("no"), "unknown": _("unknown")}


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """A page of the decisions that a replay changed. `after` leads to the next, 0 at the end."""

    changes: tuple[ReplayChange, ...]
    after: int


def replay_changes(run: ReplayRun, after: int) -> ChangesPage:
    """One query."""
    rows = run.changes.filter(pk__gt=after).select_related("deal__partner").order_by("id")
    found = list(rows[: PAGE + 1])
    return ChangesPage(tuple(found[:PAGE]), found[PAGE - 1].pk if len(found) > PAGE else 0)


# --- the start page -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Desk:
    """What the vendor's start page says about deals, as of now. `approved` and `declined` count
    the last seven days, each up to 1,000."""

    oldest: tuple[Deal, ...]
    approved: int
    declined: int
    drafts: tuple[RuleBook, ...]


MOST_EVENTS = 1000
WEEK = dt.timedelta(days=7)


def desk(actor: Actor) -> Desk:
    """Four queries, each on an index."""
    return Desk(
        oldest=review_queue(actor, size=10).deals,
        approved=_lately(actor, "dealreg.deal_approved"),
        declined=_lately(actor, "dealreg.deal_declined"),
        drafts=tuple(RuleBook.objects.filter(status=BookStatus.DRAFT).order_by("-version")[:5]),
    )


def waiting_count(actor: Actor) -> int:
    """The length of the actor's queue, counted up to 1,000."""
    return waiting(actor).order_by()[:MOST_EVENTS].count()


def _lately(actor: Actor, kind: str) -> int:
    """How many of the newest events of one kind are of the last seven days."""
    newest = Event.objects.filter(kind=kind).order_by("-id")
    if actor.region_paths:
        newest = newest.filter(partner_id__in=visible_partner_ids(actor))
    recent = Event.objects.filter(pk__in=newest.values("pk")[:MOST_EVENTS])
    return recent.filter(occurred_at__gte=timezone.now() - WEEK).count()
