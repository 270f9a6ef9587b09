"""What supports a registration: files, and dated evidence of work with the customer."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from core.files import store_file
from core.models import StoredFile
from dealreg import access
from dealreg.events import EvidenceAdded, FileAttached
from dealreg.models import Deal, EvidenceItem
from dealreg.rules import states
from dealreg.rules.protection import ADDED_BY_PEOPLE, EvidenceKind
from dealreg.rules.states import Verb

# Older evidence than this says nothing about a registration.
OLDEST = dt.timedelta(days=730)


class InvalidEvidence(ValueError):
    """The evidence cannot be as it was written; `problems` has a sentence per field."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(problems)
        self.problems = problems


@transaction.atomic
def attach_file(*, actor: Actor, deal_id: int, upload: UploadedFile[bytes]) -> StoredFile:
    """Attaches a file that the partner and the vendor's staff can then download.

    Raises core.files.RefusedFile, PermissionDenied, Http404; nothing is kept then.
    """
    deal = access.deal_for_reading(actor, deal_id)
    if not (actor.is_staff or access.may_register(actor)) or not actor.may("deals:write"):
        raise PermissionDenied(_("Your role does not include this."))
    stored = store_file(actor=actor, subject=deal, upload=upload)
    record(
        FileAttached(name=stored.name, file_id=str(stored.pk)),
        subject=deal,
        actor=actor,
        partner_id=deal.partner_id,
    )
    return stored


@transaction.atomic
def add_evidence(
    *,
    actor: Actor,
    deal_id: int,
    kind: str,
    dated_on: dt.date,
    note: str = "",
    upload: UploadedFile[bytes] | None = None,
) -> EvidenceItem:
    """Notes what happened with the customer on a day, with a file if there is one.

    Raises InvalidEvidence, core.files.RefusedFile, NotInThisState, PermissionDenied, Http404;
    nothing is kept then.
    """
    deal = access.deal_for_changing(actor, deal_id, Verb.ADD_EVIDENCE)
    states.require(Verb.ADD_EVIDENCE, deal.status)
    return write_evidence(actor, deal, kind, dated_on, note, upload)


def write_evidence(
    actor: Actor,
    deal: Deal,
    kind: str,
    dated_on: dt.date,
    note: str = "",
    upload: UploadedFile[bytes] | None = None,
) -> EvidenceItem:
    """Writes evidence about a deal that the caller has locked. See `add_evidence`."""
    problems = problems_in_evidence(kind, dated_on, timezone.localdate())
    if problems:
        raise InvalidEvidence(problems)
    stored = store_file(actor=actor, subject=deal, upload=upload) if upload else None
    item = EvidenceItem.objects.create(
        deal=deal,
        kind=kind,
        dated_on=dated_on,
        note=note.strip()[:500],
        file=stored,
        added_by_id=actor.user_id,
        added_by_label=actor.label[:200],
    )
    record(
        EvidenceAdded(kind=kind, dated_on=dated_on, note=item.note),
        subject=deal,
        actor=actor,
        partner_id=deal.partner_id,
    )
    return item


def problems_in_evidence(kind: str, dated_on: dt.date, today: dt.date) -> dict[str, str]:
    problems = {}
    if kind not in ADDED_BY_PEOPLE:
        problems["kind"] = (
            _("Only the customer can confirm: ask for it by e-mail.")
            if kind == EvidenceKind.CONFIRMATION
            else _("Choose what kind of evidence it is.")
        )
    if dated_on > today:
        problems["dated_on"] = _("Evidence is of something that has happened.")
    elif today - dated_on > OLDEST:
        problems["dated_on"] = _("This is too long ago to count.")
    return problems
