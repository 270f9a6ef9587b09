"""A protection that lasts longer: asked for with evidence, decided by the rules or a person."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.clock import database_now
from core.events import record
from dealreg import access
from dealreg.books import BOOK_NAME
from dealreg.events import ExtensionAsked, ExtensionDeclined, ProtectionExtended
from dealreg.matching import lock_customer
from dealreg.models import Deal, EvidenceItem, Extension, Protection
from dealreg.rules import states
from dealreg.rules.names import Customer
from dealreg.rules.protection import (
    EXTENSION_TRANSITIONS,
    LONGEST_DAYS,
    ExtensionStatus,
    ExtensionVerb,
    ProtectionTerms,
    Seen,
    what_suffices,
    why_not_extend,
)
from dealreg.rules.states import OPEN_STAGES, DecisionOrigin, Verb
from dealreg.services.evidence import write_evidence
from dealreg.services.protecting import end_of, follow_protection, terms_of
from dealreg.services.stale import require_version

# Kept in the record like the rules' messages to partners, and so in one language.
EXTENDED_BY_RULE = "The evidence shows that you are at work with the customer."
EXTENDED_WITHOUT_A_NOTE = "A channel manager looked at your evidence and extended the protection."
LONGEST_TEXT = 2000


class ExtensionRefused(ValueError):
    """It cannot be extended now; the message says why, to whoever asked."""


@dataclass(frozen=True, slots=True)
class NewEvidence:
    """Evidence as somebody brings it."""

    kind: str
    dated_on: dt.date
    note: str = ""
    upload: UploadedFile[bytes] | None = None


@transaction.atomic
def ask_extension(
    *,
    actor: Actor,
    deal_id: int,
    reason: str,
    evidence: NewEvidence | None = None,
    version: int | None = None,
) -> Extension:
    """Asks to protect the deal's customer longer; granted at once when the terms say that the
    evidence suffices, else a person decides.

    There must be evidence of after the last grant. Raises ExtensionRefused with a sentence,
    InvalidEvidence, RefusedFile, StaleEdit, NotInThisState, PermissionDenied, Http404; nothing
    changes then.
    """
    deal = access.deal_for_changing(actor, deal_id, Verb.EXTEND)
    states.require(Verb.EXTEND, deal.status, deal.stage)
    require_version(deal, version)
    if not reason.strip():
        raise ExtensionRefused(_("Say in a sentence why you need more time."))
    _lock_customer(deal)
    protection = _protection(deal)
    terms, since = terms_of(protection), last_grant(protection)
    _require_open(deal, protection, terms)
    if evidence is not None:
        write_evidence(
            actor, deal, evidence.kind, evidence.dated_on, evidence.note, evidence.upload
        )
    seen = _evidence_since(deal, since)
    extension = Extension(
        deal=deal,
        reason=reason.strip()[:LONGEST_TEXT],
        asked_by_id=actor.user_id,
        until_before=end_of(protection),
    )
    enough = what_suffices(seen, terms, since=since, today=timezone.localdate())
    if enough:
        _grant_by_rule(actor, deal, protection, extension, terms, enough)
    else:
        extension.save()
        _changed(deal)
        fact = ExtensionAsked(customer=deal.customer_name, note=extension.reason)
        record(fact, subject=deal, actor=actor, partner_id=deal.partner_id)
    return extension


def _evidence_since(deal: Deal, since: dt.date) -> list[Seen]:
    """Raises ExtensionRefused when there is none."""
    items = EvidenceItem.objects.filter(deal=deal, dated_on__gte=since)
    seen = [Seen(kind, dated_on) for kind, dated_on in items.values_list("kind", "dated_on")]
    if not seen:
        raise ExtensionRefused(
            _("Add evidence of your work with the customer since the protection was granted.")
        )
    return seen


def _lock_customer(deal: Deal) -> None:
    """Registrations of the customer wait until the end is moved."""
    lock_customer(Customer.typed(deal.customer_name, deal.customer_domain, deal.customer_country))


def _protection(deal: Deal) -> Protection:
    protection = (
        Protection.objects.filter(deal=deal, released_at__isnull=True)
        .select_related("book")
        .first()
    )
    if protection is None:
        raise ExtensionRefused(_("There is no protection to extend."))
    return protection


def last_grant(protection: Protection) -> dt.date:
    """The day of the last grant: what happened before it was counted then."""
    granted = (
        Extension.objects.filter(deal_id=protection.deal_id, status=ExtensionStatus.APPROVED)
        .order_by("-decided_at")
        .values_list("decided_at", flat=True)
        .first()
    )
    moment = granted or protection.period.lower
    return timezone.localdate(moment)


def _require_open(deal: Deal, protection: Protection, terms: ProtectionTerms) -> None:
    if deal.stage not in OPEN_STAGES:
        raise ExtensionRefused(_("The sale is closed, so the protection is not extended."))
    waits = Extension.objects.filter(deal=deal, status=ExtensionStatus.WAITING).exists()
    sentence = why_not_extend(
        terms,
        until=end_of(protection),
        extensions=protection.extensions,
        waiting=waits,
        now=database_now(),
    )
    if sentence:
        raise ExtensionRefused(sentence)


def _grant_by_rule(
    actor: Actor,
    deal: Deal,
    protection: Protection,
    extension: Extension,
    terms: ProtectionTerms,
    enough: str,
) -> None:
    label = BOOK_NAME % {"version": protection.book.version} if protection.book else ""
    extension.origin, extension.evidence = DecisionOrigin.RULE, enough
    extension.message = EXTENDED_BY_RULE
    extension.decided_by_label = label
    _grant(actor, deal, protection, extension, terms.extension_days)


def _grant(
    actor: Actor, deal: Deal, protection: Protection, extension: Extension, days: int
) -> None:
    until = end_of(protection) + dt.timedelta(days=days)
    extension.status = ExtensionStatus.APPROVED
    extension.until_before, extension.until_after = end_of(protection), until
    extension.decided_at = timezone.now()
    try:
        with transaction.atomic():
            protection.period = DateTimeTZRange(protection.period.lower, until)
            protection.extensions += 1
            protection.save(update_fields=["period", "extensions"])
    except IntegrityError as error:
        if "protection_never_overlaps" not in str(error):
            raise
        raise ExtensionRefused(
            _("The customer is kept for another registration after the end of this protection.")
        ) from error
    extension.save()
    _changed(deal)
    follow_protection(deal)
    record(
        ProtectionExtended(
            customer=deal.customer_name,
            note=extension.message,
            decided_by=extension.decided_by_label,
            days=days,
            protected_until=until,
        ),
        subject=deal,
        actor=actor,
        partner_id=deal.partner_id,
    )


def _changed(deal: Deal) -> None:
    deal.updated_at = timezone.now()
    deal.version += 1
    deal.save(update_fields=["updated_at", "version"])


@transaction.atomic
def approve_extension(
    *, actor: Actor, extension_id: int, days: int, note: str = "", version: int | None = None
) -> Extension:
    """Extends the protection by `days` (1 to 730) from its end. The partner reads `note`.

    Raises ExtensionRefused, StaleEdit, PermissionDenied, Http404; nothing changes then.
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise ExtensionRefused(
            _("A protection or extension lasts from 1 to %(most)s days.") % {"most": LONGEST_DAYS}
        )
    deal, extension = _to_decide(actor, extension_id, version, ExtensionVerb.APPROVE)
    _lock_customer(deal)
    protection = _protection(deal)
    if end_of(protection) <= database_now():
        raise ExtensionRefused(_("The protection has ended, so it cannot be extended."))
    _decided_by(actor, extension, note.strip() or EXTENDED_WITHOUT_A_NOTE)
    _grant(actor, deal, protection, extension, days)
    return extension


@transaction.atomic
def decline_extension(
    *, actor: Actor, extension_id: int, message: str, version: int | None = None
) -> Extension:
    """Leaves the protection's end where it is. The partner reads `message`.

    Raises ExtensionRefused for an empty message or one that is decided already, StaleEdit,
    PermissionDenied, Http404; nothing changes then.
    """
    if not message.strip():
        raise ExtensionRefused(_("Tell the partner why, in a sentence."))
    deal, extension = _to_decide(actor, extension_id, version, ExtensionVerb.DECLINE)
    _decided_by(actor, extension, message.strip())
    extension.status = ExtensionStatus.DECLINED
    extension.decided_at = timezone.now()
    extension.save()
    _changed(deal)
    record(
        ExtensionDeclined(
            customer=deal.customer_name, note=extension.message, decided_by=actor.label
        ),
        subject=deal,
        actor=actor,
        partner_id=deal.partner_id,
    )
    return extension


def _decided_by(actor: Actor, extension: Extension, message: str) -> None:
    extension.origin = DecisionOrigin.PERSON
    extension.message = message[:LONGEST_TEXT]
    extension.decided_by_id = actor.user_id
    extension.decided_by_label = actor.label[:200]


def _to_decide(
    actor: Actor, extension_id: int, version: int | None, verb: ExtensionVerb
) -> tuple[Deal, Extension]:
    """The deal, locked, and its request that waits."""
    found = Extension.objects.filter(pk=extension_id).first() if extension_id > 0 else None
    if found is None:
        raise Http404
    deal = access.deal_for_changing(actor, found.deal_id, Verb.APPROVE)
    if not actor.is_staff:
        raise PermissionDenied(_("Your role does not include this."))
    require_version(deal, version)
    extension = Extension.objects.get(pk=extension_id)
    if extension.status not in EXTENSION_TRANSITIONS[verb]:
        raise ExtensionRefused(
            _("This request is “%(status)s” already, so there is nothing to decide.")
            % {"status": extension.get_status_display()}
        )
    return deal, extension
