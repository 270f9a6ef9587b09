"""What a side says and shows."""

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.appointments import cancel_appointments
from core.events import record
from core.files import store_file
from core.models import StoredFile
from dealreg import access
from dealreg.case_events import CaseTakenBack, StatementMade
from dealreg.models import CaseSide, CaseStatement, ConflictCase
from dealreg.rules import cases as rules
from dealreg.rules.cases import CaseStatus, CaseVerb


class StatementRefused(ValueError):
    """The statement is not taken; the message says why."""


@transaction.atomic
def add_statement(
    *,
    actor: Actor,
    case_id: int,
    text: str,
    uploads: Iterable["UploadedFile[bytes]"] = (),
) -> CaseStatement:
    """A side explains itself, with files that only it and the vendor's people can read.

    Raises StatementRefused, core.files.RefusedFile, NotInThisCaseState, PermissionDenied,
    Http404; nothing is kept then.
    """
    case, side = own_locked(actor, case_id, CaseVerb.STATE)
    statement = write_statement(actor, side, text, uploads)
    if case.status == CaseStatus.WAITING and not _missing(case):
        go_on(case)
    return statement


def own_locked(actor: Actor, case_id: int, verb: CaseVerb) -> tuple[ConflictCase, CaseSide]:
    side = access.own_side(actor, case_id)
    case = access.case_for_changing(actor, case_id, verb)
    rules.require(verb, case.status)
    # Read again behind the lock: somebody else may have been faster.
    return case, CaseSide.objects.select_related("deal").get(pk=side.pk)


def _missing(case: ConflictCase) -> bool:
    """Whether somebody who was asked has not answered."""
    return case.sides.filter(asked_at__isnull=False, answered_at__isnull=True).exists()


def go_on(case: ConflictCase) -> None:
    """Nothing more is waited for. The caller holds the case."""
    case.status = CaseStatus.OPEN
    changed(case, "status")
    cancel_appointments(case, "dealreg.case_evidence_over")


def changed(case: ConflictCase, *fields: str) -> None:
    """Saves these fields of a case, and that it changed."""
    case.updated_at = timezone.now()
    case.version += 1
    case.save(update_fields=[*fields, "updated_at", "version"])


def write_statement(
    actor: Actor, side: CaseSide, text: str, uploads: Iterable["UploadedFile[bytes]"]
) -> CaseStatement:
    text, files = text.strip(), list(uploads)
    if not text:
        raise StatementRefused(_("Say in a few sentences what speaks for your company."))
    if len(text) > rules.LONGEST_STATEMENT:
        raise StatementRefused(
            _("At most %(number)s characters.") % {"number": rules.LONGEST_STATEMENT}
        )
    if side.statements.count() >= rules.MOST_STATEMENTS:
        raise StatementRefused(_("You have said all that fits. Your channel manager reads it."))
    if evidence_of(side).count() + len(files) > rules.MOST_FILES:
        raise StatementRefused(_("At most %(number)s files.") % {"number": rules.MOST_FILES})
    statement = CaseStatement.objects.create(
        side=side, text=text, author_id=actor.user_id, author_label=actor.label[:200]
    )
    stored = [store_file(actor=actor, subject=side, upload=upload) for upload in files]
    side.answered_at = statement.made_at
    side.save(update_fields=["answered_at"])
    fact = StatementMade(side.case_id, text, [one.name for one in stored])
    record(fact, subject=side, actor=actor, partner_id=side.partner_id)
    return statement


def evidence_of(side: CaseSide) -> "models.QuerySet[StoredFile]":
    """What a side has shown in a case."""
    return StoredFile.objects.filter(subject_type=side._meta.label_lower, subject_id=side.pk)


@transaction.atomic
def take_back_case(*, actor: Actor, case_id: int, note: str = "") -> ConflictCase:
    """The partner that asked for a case no longer wants it. Nothing is decided then; where
    another side has spoken already, it is decided all the same.

    Raises NotInThisCaseState, PermissionDenied, Http404.
    """
    case, side = own_locked(actor, case_id, CaseVerb.WITHDRAW)
    if case.opened_by_partner_id != side.partner_id:
        raise StatementRefused(_("Only who asked for the case can take it back."))
    fact = CaseTakenBack(case.pk, side.deal.customer_name, note.strip())
    record(fact, subject=side, actor=actor, partner_id=side.partner_id)
    others = CaseStatement.objects.filter(side__case=case).exclude(side=side)
    if others.exists():
        case.opened_by_partner = None
        changed(case, "opened_by_partner")
        return case
    case.status, case.closed_at = CaseStatus.WITHDRAWN, timezone.now()
    changed(case, "status", "closed_at")
    cancel_appointments(case)
    return case
