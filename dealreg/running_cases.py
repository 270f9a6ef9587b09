"""While people decide about a customer in a case, nobody decides behind its back."""

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from dealreg.models import CaseSide, ConflictCase, Deal
from dealreg.rules.cases import RUNNING


class CaseRuns(Exception):
    """A conflict case decides about the registration; `case` says which one."""

    def __init__(self, case: ConflictCase) -> None:
        super().__init__(case.reference)
        self.case = case

    def __str__(self) -> str:
        return str(
            _("Conflict case %(case)s decides about this registration.")
            % {"case": self.case.reference}
        )


def require_no_case(deal: Deal) -> None:
    """Raises CaseRuns while a case about the deal is undecided. The caller holds the deal's lock:
    a side that joins a case refers to its deal, for which the database waits until that lock is
    gone, so a case is either seen here or finds the decision made."""
    case = running_case(deal)
    if case is not None:
        raise CaseRuns(case)


def running_case(deal: Deal) -> ConflictCase | None:
    """The case about a registration that people still work on. One query, none for a new one."""
    if not deal.pk:
        return None
    return _running().filter(sides__deal=deal).order_by("-id").first()


def case_id_of() -> Subquery:
    """The key of the case that runs about each deal of a query, None where there is none."""
    sides = CaseSide.objects.filter(deal=OuterRef("pk"), case__status__in=sorted(RUNNING))
    return Subquery(sides.order_by("-id").values("case_id")[:1])


def _running() -> "QuerySet[ConflictCase]":
    return ConflictCase.objects.filter(status__in=sorted(RUNNING))
