"""Operations write the next version of the rules of engagement. Publishing: rulebooks.py."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from dealreg.events import RuleBookDiscarded, RuleBookDrafted, RuleBookRewritten
from dealreg.models import Rule, RuleBook
from dealreg.models.rulebooks import BookStatus
from dealreg.rules.engagement import InvalidRule, read_group


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """One rule as it was written; its place in the list is its place in the book."""

    code: str
    outcome: str
    conditions: dict[str, Any]
    message: str
    reason: str = ""


class DraftChanged(Exception):
    """Somebody else has rewritten the draft since it was read."""


def require_operations(actor: Actor) -> None:
    """Raises PermissionDenied for anyone but operations and the portal itself."""
    if not (actor.is_ops or actor.is_system):
        raise PermissionDenied(_("Writing rules needs the duty Partner operations."))


@transaction.atomic
def draft_book(*, actor: Actor, from_book_id: int) -> RuleBook:
    """A new draft with the rules of another version. Raises PermissionDenied."""
    require_operations(actor)
    source = RuleBook.objects.get(pk=from_book_id)
    # Two drafts at once would get one version.
    list(RuleBook.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    newest: int = RuleBook.objects.aggregate(newest=Max("version"))["newest"]
    book = RuleBook.objects.create(version=newest + 1, title=source.title)
    _write(book, rules_of(source))
    fact = RuleBookDrafted(version=book.version, copied_from=source.version)
    record(fact, subject=book, actor=actor)
    return book


@transaction.atomic
def write_draft(
    *, actor: Actor, book_id: int, title: str, rules: Sequence[RuleDraft], seen: str = ""
) -> RuleBook:
    """Replaces a draft's title and rules. `seen` is the `fingerprint` that the writer read.

    Raises InvalidRule, DraftChanged, PermissionDenied; nothing changes then.
    """
    require_operations(actor)
    book = _draft(book_id)
    before = rules_of(book)
    if seen and seen != fingerprint(book.title, before):
        raise DraftChanged
    for rule in rules:
        _require_readable(rule)
    if (book.title, before) == (title, list(rules)):
        return book
    book.title = title
    book.save(update_fields=["title"])
    book.rules.all().delete()
    _write(book, rules)
    fact = RuleBookRewritten(
        version=book.version,
        title=title,
        old=tuple(asdict(rule) for rule in before),
        new=tuple(asdict(rule) for rule in rules),
    )
    record(fact, subject=book, actor=actor)
    return book


def _require_readable(rule: RuleDraft) -> None:
    try:
        read_group(rule.conditions)
    except InvalidRule as wrong:
        raise InvalidRule(f"{rule.code}: {wrong}") from wrong


@transaction.atomic
def discard_draft_book(*, actor: Actor, book_id: int) -> None:
    """Removes a draft. Raises InvalidRule for a published version, PermissionDenied."""
    require_operations(actor)
    book = _draft(book_id)
    record(RuleBookDiscarded(version=book.version, title=book.title), subject=book, actor=actor)
    book.delete()


def _draft(book_id: int) -> RuleBook:
    book = RuleBook.objects.select_for_update().get(pk=book_id)
    if book.status != BookStatus.DRAFT:
        raise InvalidRule(_("This version is published and stays as it is. Copy it to a draft."))
    return book


def rules_of(book: RuleBook) -> list[RuleDraft]:
    """The book's rules in their order."""
    return [
        RuleDraft(rule.code, rule.outcome, rule.conditions, rule.message, rule.reason)
        for rule in book.rules.order_by("position")
    ]


def fingerprint(title: str, rules: Sequence[RuleDraft]) -> str:
    """What tells one wording of a draft from another."""
    written = json.dumps([title, [asdict(rule) for rule in rules]], sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:32]


def _write(book: RuleBook, rules: Sequence[RuleDraft]) -> None:
    Rule.objects.bulk_create(
        Rule(
            book=book,
            position=position,
            code=rule.code,
            outcome=rule.outcome,
            conditions=rule.conditions,
            message=rule.message,
            reason=rule.reason,
        )
        for position, rule in enumerate(rules, start=1)
    )
