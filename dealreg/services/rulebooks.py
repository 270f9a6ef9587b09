"""Publishing rules of engagement."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from dealreg.books import read_book
from dealreg.events import RuleBookPublished
from dealreg.models import RuleBook
from dealreg.models.rulebooks import BookStatus
from dealreg.rules.engagement import InvalidRule, problems_of


@transaction.atomic
def publish_book(*, actor: Actor, book_id: int) -> RuleBook:
    """Puts a draft into force now and retires the book before it.

    Raises InvalidRule with what has to be mended first, PermissionDenied for anyone but ops.
    """
    if not (actor.is_ops or actor.is_system):
        raise PermissionDenied(_("Publishing rules needs the duty Partner operations."))
    book = RuleBook.objects.select_for_update().get(pk=book_id)
    if book.status != BookStatus.DRAFT:
        raise InvalidRule(_("This version is published already."))
    problems = problems_of(read_book(book))
    if problems:
        raise InvalidRule(" ".join(problems))
    RuleBook.objects.filter(status=BookStatus.PUBLISHED).update(status=BookStatus.RETIRED)
    book.status = BookStatus.PUBLISHED
    book.effective_from = timezone.now()
    book.save(update_fields=["status", "effective_from"])
    record(RuleBookPublished(version=book.version, title=book.title), subject=book, actor=actor)
    return book
