"""Reads for whoever tidies the list of customers: pairs to look at, what a merge would do."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.actor import Actor
from dealreg.desk import search_accounts
from dealreg.matching import find_similar
from dealreg.models import Account, AccountMerge, Deal, DuplicatePair
from dealreg.rules.facts import ConflictLevel
from dealreg.rules.names import Customer
from dealreg.rules.similarity import Likeness, compare
from dealreg.services.duplicates import open_pairs
from dealreg.services.merging import Plan, plan_merge

PAGE = 50
MOST_CHOICES = 20
MOST_COUNTED = 1000
FIELD_WORDS: dict[str, Promise] = {
    "name": gettext_lazy("name"),
    "domain": gettext_lazy("domain"),
    "country": gettext_lazy("country"),
}


def require_operations(actor: Actor) -> None:
    """Raises PermissionDenied for anyone but operations."""
    if not actor.is_ops:
        raise PermissionDenied(_("Merging customers needs the duty Partner operations."))


@dataclass(frozen=True, slots=True)
class PairShown:
    """`deals` are those of the first and of the second customer; `why` says field by field how
    alike they are."""

    id: int
    first: Account
    second: Account
    deals: tuple[int, int]
    level: ConflictLevel
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DuplicatesPage:
    """The surest pairs. `more` when there are others behind them."""

    pairs: tuple[PairShown, ...]
    more: bool


def duplicates(actor: Actor) -> DuplicatesPage:
    """What the audit found, the surest first. Two queries."""
    require_operations(actor)
    rows = open_pairs().select_related("first", "second").order_by("-score", "id")
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    deals = _deals_of({pk for pair in shown for pk in (pair.first_id, pair.second_id)})
    return DuplicatesPage(tuple(_shown(pair, deals) for pair in shown), len(found) > PAGE)


def waiting_pairs() -> int:
    """How many pairs wait, counted up to 1,000."""
    return open_pairs()[:MOST_COUNTED].count()


def _deals_of(accounts: set[int]) -> dict[int, int]:
    rows = Deal.objects.filter(account__in=accounts).order_by()
    return dict(rows.values_list("account").annotate(Count("pk")))


def _shown(pair: DuplicatePair, deals: dict[int, int]) -> PairShown:
    return PairShown(
        id=pair.pk,
        first=pair.first,
        second=pair.second,
        deals=(deals.get(pair.first_id, 0), deals.get(pair.second_id, 0)),
        level=ConflictLevel(pair.level),
        why=tuple(_in_words(name, score) for name, score, _agrees in pair.fields),
    )


def _in_words(name: str, score: int) -> str:
    return f"{FIELD_WORDS.get(name, name)} {score} %"


@dataclass(frozen=True, slots=True)
class Choice:
    """A customer with which another may be merged; `level` when they are alike."""

    account: Account
    level: ConflictLevel


@dataclass(frozen=True, slots=True)
class ChoicePage:
    account: Account
    choices: tuple[Choice, ...]


def choices_for(actor: Actor, account_id: int, text: str = "") -> ChoicePage:
    """The customers like this one, or those that `text` finds. Http404, PermissionDenied."""
    require_operations(actor)
    account = _live(account_id)
    if text.strip():
        rows = search_accounts(Account.objects.filter(merged_into__isnull=True), text)
        named = rows.order_by("name", "id")[: MOST_CHOICES + 1]
        found = [Choice(row, ConflictLevel.NONE) for row in named]
    else:
        alike = {one.account_id: one.level for one in find_similar(_customer(account))}
        accounts = Account.objects.in_bulk(list(alike))
        found = [Choice(accounts[pk], level) for pk, level in alike.items() if pk in accounts]
    others = [choice for choice in found if choice.account.pk != account.pk]
    return ChoicePage(account, tuple(others[:MOST_CHOICES]))


@dataclass(frozen=True, slots=True)
class FieldShown:
    """A field of both customers, and what the one that stays will have."""

    label: str
    kept: str
    merged: str
    after: str


@dataclass(frozen=True, slots=True)
class MergePage:
    plan: Plan
    likeness: Likeness
    why: tuple[str, ...]
    fields: tuple[FieldShown, ...]


FIELDS = ("name", "domain", "country", "parent", "sector", "employees", "external_ref")


def merge_page(actor: Actor, survivor_id: int, loser_id: int) -> MergePage:
    """What a merge would do, side by side. Http404, PermissionDenied, MergeRefused."""
    require_operations(actor)
    kept, merged = _live(survivor_id), _live(loser_id)
    plan = plan_merge(actor=actor, survivor_id=kept.pk, loser_id=merged.pk)
    likeness = compare(_customer(kept), _customer(merged))
    return MergePage(
        plan=plan,
        likeness=likeness,
        why=tuple(_in_words(field.name, field.score) for field in likeness.fields),
        fields=tuple(_field(name, plan) for name in FIELDS),
    )


def _field(name: str, plan: Plan) -> FieldShown:
    field: Any = Account._meta.get_field(name)
    kept, merged = (_text(getattr(one, name)) for one in (plan.survivor, plan.loser))
    after = kept
    if field.attname in plan.takes_over:
        after = "" if plan.takes_over[field.attname] is None else merged
    return FieldShown(str(capfirst(field.verbose_name)), kept, merged, after)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Merged:
    """A merge as its page shows it. `moved` counts rows by what they are called."""

    merge: AccountMerge
    moved: tuple[tuple[str, int], ...]
    at: dt.datetime
    may_undo: bool


def merged(actor: Actor, merge_id: int) -> Merged:
    """One merge; Http404 for none."""
    rows = AccountMerge.objects.select_related("survivor", "loser", "merged_by", "undone_by")
    merge = rows.filter(pk=merge_id).first()
    if merge is None or not actor.is_staff:
        raise Http404
    moved = tuple((_called(move["table"]), len(move["ids"])) for move in merge.moves)
    return Merged(merge, moved, merge.merged_at, actor.is_ops and merge.undone_at is None)


def _called(table: str) -> str:
    return str(apps.get_model(table)._meta.verbose_name_plural)


def survivor_of(account_id: int) -> int | None:
    """Into which customer this one was merged; None for one that is there."""
    return Account.objects.filter(pk=account_id).values_list("merged_into", flat=True).first()


def _live(account_id: int) -> Account:
    account = Account.objects.filter(pk=account_id, merged_into__isnull=True).first()
    if account is None:
        raise Http404
    return account


def _customer(account: Account) -> Customer:
    return Customer(account.name_key, account.domain, account.country, account.name)
