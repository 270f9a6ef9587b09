"""The page on which a deal is decided."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.models import StoredFile
from core.queries import timeline
from core.ui import TimelineEntry
from dealreg import access
from dealreg.books import current_book, hint_in_words, read_book
from dealreg.conflicts import Conflict, ConflictKind, Finding, conflict_of
from dealreg.desk.queue import candidates_of
from dealreg.matching import Candidate
from dealreg.models import (
    ConflictCase,
    Deal,
    Decision,
    DirectOpportunity,
    Protection,
    Purchase,
    RuleBook,
)
from dealreg.queries import ProtectionShown, protection_shown
from dealreg.rules.engagement import Operator, in_words
from dealreg.rules.facts import FACTS, ConflictLevel, Fact
from dealreg.rules.states import DealStatus, DecisionOrigin, Outcome
from dealreg.running_cases import running_case
from partners.queries import PartnerCard, partner_card

MOST_FILES = 100


def days_if_approved(deal: Deal) -> int:
    """For how long an approval now would protect the deal's customer. One query."""
    region = deal.partner.region.path
    book = current_book(region, deal.product_line_id, partner_id=deal.partner_id)
    return book.terms.days


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
    candidates = candidates_of(deal)
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


def said(value: str, fact: Fact | None) -> str:
    """A value of a trace, which is kept in English and in codes, in the reader's language."""
    words: Mapping[str, Promise | str] = {**VALUES, **(fact.words if fact else {})}
    return ", ".join(str(words.get(one, one)) for one in value.split(", "))


def _check_shown(check: dict[str, object]) -> CheckShown:
    fact = FACTS.get(str(check["fact"]))
    label: str | Promise = fact.label if fact else str(check["fact"])
    operator = Operator(str(check["operator"]))
    value = said(str(check["value"]), fact)
    return CheckShown(
        fact=str(label),
        actual=said(str(check["actual"]), fact),
        asked=value if operator == Operator.IS else f"{operator.label} {value}",
        held=bool(check["held"]),
    )


VALUES = {"yes": _("yes"), "no": _("no"), "unknown": _("unknown")}
