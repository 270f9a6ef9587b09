"""Publishing and retiring rules of engagement."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from dealreg.books import read_book, same_scope
from dealreg.events import RuleBookPublished, RuleBookRetired
from dealreg.features import BOOKS
from dealreg.models import RuleBook
from dealreg.models.rulebooks import BookStatus
from dealreg.rules.engagement import InvalidRule
from dealreg.rules.soundness import problems_of
from dealreg.services.drafting import require_operations
from partners.queries import tried_out

FURTHEST = dt.timedelta(days=2 * 366)


@transaction.atomic
def publish_book(
    *, actor: Actor, book_id: int, effective_from: dt.datetime | None = None
) -> RuleBook:
    """Puts a draft into force from a moment on (default and earliest: now).

    The book that decides now about the same region and product line is retired, unless the new
    one is still to come (then it decides until that moment) or is tried out. Raises InvalidRule
    with what has to be mended first, PermissionDenied for anyone but ops.
    """
    require_operations(actor)
    list(RuleBook.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    book = RuleBook.objects.get(pk=book_id)
    if book.status != BookStatus.DRAFT:
        raise InvalidRule(_("This version is published already."))
    problems = problems_of(read_book(book))
    if problems:
        raise InvalidRule(" ".join(problems))
    now = timezone.now()
    starts = max(effective_from or now, now)
    if starts > now + FURTHEST:
        raise InvalidRule(_("Rules can be published for at most two years ahead."))
    rivals = RuleBook.objects.filter(same_scope(book), status=BookStatus.PUBLISHED)
    if rivals.filter(effective_from=starts).exists():
        raise InvalidRule(_("Another version begins at this very moment. Choose another one."))
    _retire_those_behind(book, now, starts)
    book.status = BookStatus.PUBLISHED
    book.effective_from = starts
    book.save(update_fields=["status", "effective_from"])
    fact = RuleBookPublished(
        version=book.version,
        title=book.title,
        scope=(
            book.region.path if book.region else "",
            book.product_line.code if book.product_line else "",
        ),
        effective_from=starts.isoformat(),
    )
    record(fact, subject=book, actor=actor)
    return book


def _retire_those_behind(book: RuleBook, now: dt.datetime, starts: dt.datetime) -> None:
    """Retires what can never decide again about the book's scope. While the book is tried out, the
    one before decides about everybody else."""
    tried = tried_out(BOOKS)
    if book.pk in tried:
        return
    begun = RuleBook.objects.filter(
        same_scope(book), status=BookStatus.PUBLISHED, effective_from__lte=now
    ).order_by("-effective_from", "-version")
    keys = list(begun.values_list("pk", flat=True))
    # Until the new one begins, the newest for everybody goes on, and those tried out before it.
    going_on = next((place for place, key in enumerate(keys) if key not in tried), len(keys)) + 1
    behind = keys if starts <= now else keys[going_on:]
    RuleBook.objects.filter(pk__in=behind).update(status=BookStatus.RETIRED)


@transaction.atomic
def retire_book(*, actor: Actor, book_id: int) -> RuleBook:
    """Takes a published version out of force, so that the rules of the wider region or of all
    product lines decide again; also one that was to come.

    Raises InvalidRule when nothing would decide then, PermissionDenied for anyone but ops.
    """
    require_operations(actor)
    list(RuleBook.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    book = RuleBook.objects.get(pk=book_id)
    if book.status != BookStatus.PUBLISHED:
        raise InvalidRule(_("This version is not published."))
    for_all = RuleBook.objects.filter(
        status=BookStatus.PUBLISHED,
        region__isnull=True,
        product_line__isnull=True,
        effective_from__lte=timezone.now(),
    )
    if not for_all.exclude(pk=book.pk).exists():
        raise InvalidRule(_("These rules decide wherever no others do, so they have to stay."))
    book.status = BookStatus.RETIRED
    book.save(update_fields=["status"])
    record(RuleBookRetired(version=book.version, title=book.title), subject=book, actor=actor)
    return book
