"""What of registering deals can be tried out with some partners first."""

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dealreg.models import RuleBook
from dealreg.models.rulebooks import BookStatus
from partners.queries import tried_out
from partners.registries.features import Feature, Policies, declare_feature, declare_policies

MOST_BOOKS = 30

EARLY_CHECK = declare_feature(
    Feature("deals.check", _("Check whether a customer is taken before registering"))
)


def books_to_try() -> list[tuple[int, str]]:
    """The newest drafts of the rules of engagement, and what is tried out already. A version that
    was published for everybody is none: the one before was retired."""
    rows = RuleBook.objects.exclude(status=BookStatus.RETIRED).filter(
        Q(status=BookStatus.DRAFT) | Q(pk__in=tried_out(BOOKS))
    )
    return [(row.pk, called(row)) for row in rows.order_by("-version")[:MOST_BOOKS]]


def name_of_book(book_id: int) -> str:
    row = RuleBook.objects.filter(pk=book_id).first()
    return called(row) if row else ""


def called(row: RuleBook) -> str:
    words = gettext("Rules of engagement v%(version)s: %(title)s")
    return words % {"version": row.version, "title": row.title}


BOOKS = declare_policies(Policies("dealreg.book:", books_to_try, name_of_book))
