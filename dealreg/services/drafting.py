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
from dealreg.models.rulebooks import TERMS_FIELDS, BookStatus
from dealreg.rules.engagement import Book, InvalidRule, read_group
from dealreg.rules.engagement import Rule as EvaluatedRule
from dealreg.rules.protection import ProtectionTerms, problems_of_terms
from dealreg.rules.request import MAY_BE_ASKED
from dealreg.rules.soundness import problems_of
from dealreg.rules.states import Outcome


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """One rule as it was written; its place in the list is its place in the book."""

    code: str
    outcome: str
    conditions: dict[str, Any]
    message: str
    reason: str = ""
    asks_for: tuple[str, ...] = ()
    opens_case: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """For which region and product line a book speaks; None: for all."""

    region_id: int | None
    product_line_id: int | None


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
    book = RuleBook(
        version=newest + 1,
        title=source.title,
        region_id=source.region_id,
        product_line_id=source.product_line_id,
    )
    book.terms = source.terms
    book.save()
    _write(book, rules_of(source))
    fact = RuleBookDrafted(version=book.version, copied_from=source.version)
    record(fact, subject=book, actor=actor)
    return book


@transaction.atomic
def write_draft(
    *,
    actor: Actor,
    book_id: int,
    title: str,
    rules: Sequence[RuleDraft],
    seen: str = "",
    scope: Scope | None = None,
    terms: ProtectionTerms | None = None,
) -> RuleBook:
    """Replaces a draft's title and rules, and its scope and terms of protection when these are
    given. `seen` is the `fingerprint` that the writer read.

    Raises InvalidRule, DraftChanged, PermissionDenied; nothing changes then.
    """
    require_operations(actor)
    book = _draft(book_id)
    before, scope_before = rules_of(book), Scope(book.region_id, book.product_line_id)
    terms_before = book.terms
    if seen and seen != fingerprint_of(book):
        raise DraftChanged
    terms = terms or terms_before
    problems = problems_of(Book(book.version, tuple(_readable(rule) for rule in rules)))
    problems += problems_of_terms(terms)
    if problems:
        raise InvalidRule(" ".join(problems))
    scope = scope or scope_before
    if (book.title, before, scope_before, terms_before) == (title, list(rules), scope, terms):
        return book
    book.title, book.terms = title, terms
    book.region_id, book.product_line_id = scope.region_id, scope.product_line_id
    book.save(update_fields=["title", "region", "product_line", *TERMS_FIELDS])
    book.rules.all().delete()
    _write(book, rules)
    old, new = (tuple(asdict(rule) for rule in one) for one in (before, rules))
    fact = RuleBookRewritten(book.version, title, old, new, asdict(terms_before), asdict(terms))
    record(fact, subject=book, actor=actor)
    return book


def _readable(rule: RuleDraft) -> EvaluatedRule:
    """The rule as the evaluator takes it. Raises InvalidRule."""
    try:
        outcome, when = Outcome(rule.outcome), read_group(rule.conditions)
    except ValueError as wrong:
        raise InvalidRule(f"{rule.code}: {wrong}") from wrong
    unknown = [field for field in rule.asks_for if field not in MAY_BE_ASKED]
    if (outcome == Outcome.ASK) != bool(rule.asks_for) or unknown:
        raise InvalidRule(
            _("Rule “%(rule)s”: name what to ask for, with the outcome “Ask for more” only.")
            % {"rule": rule.code}
        )
    if rule.opens_case and outcome != Outcome.REVIEW:
        raise InvalidRule(
            _("Rule “%(rule)s”: only a rule with the outcome “Review” can open a conflict case.")
            % {"rule": rule.code}
        )
    return EvaluatedRule(
        rule.code, outcome, when, rule.message, rule.reason, rule.asks_for, rule.opens_case
    )


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
        RuleDraft(
            rule.code,
            rule.outcome,
            rule.conditions,
            rule.message,
            rule.reason,
            tuple(rule.asks_for),
            rule.opens_case,
        )
        for rule in book.rules.order_by("position")
    ]


def fingerprint_of(book: RuleBook) -> str:
    """What tells one wording of a draft from another."""
    rules = [asdict(rule) for rule in rules_of(book)]
    scope = [book.region_id, book.product_line_id]
    terms = asdict(book.terms)
    written = json.dumps([book.title, scope, rules, terms], sort_keys=True, default=str)
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
            asks_for=list(rule.asks_for),
            opens_case=rule.opens_case,
        )
        for position, rule in enumerate(rules, start=1)
    )
