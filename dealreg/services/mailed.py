"""A registration whose fields came in a mail: kept as a draft, completed mail by mail."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.files import RefusedFile
from core.own_fields.values import OwnValue, OwnValues
from dealreg import access, own_fields
from dealreg.models import Deal, ProductLine
from dealreg.models.deals import DealSource
from dealreg.queries import product_lines
from dealreg.rules.facts import OWN
from dealreg.rules.request import InvalidRegistration, RegistrationRequest
from dealreg.rules.states import DealStatus
from dealreg.services.completing import complete_deal, request_of
from dealreg.services.drafts import REQUEST_FIELDS, save_draft
from dealreg.services.evidence import attach_file
from dealreg.services.registering import register_deal

BLANK = RegistrationRequest()


@dataclass(frozen=True, slots=True)
class MailedRegistration:
    """What became of it. `problems` is field → what to do, empty once it is registered;
    `refused` is (file's name, why) for what was not attached."""

    deal: Deal
    problems: dict[str, str]
    refused: tuple[tuple[str, str], ...]


@transaction.atomic
def register_by_mail(
    *,
    actor: Actor,
    values: Mapping[str, Any],
    uploads: Sequence["UploadedFile[bytes]"] = (),
    deal_id: int | None = None,
) -> MailedRegistration:
    """Registers what is whole; keeps what is not as a draft, or completes draft `deal_id` or a
    registration that was sent back. What stands in any other state only gets the files.

    `values` are fields of RegistrationRequest, with the product line by code or name as
    "product_line" and the vendor's own fields as "own.code"; those that are not offered for the
    line are left out. Raises PermissionDenied, Http404; nothing is kept then.
    """
    partner_id = access.require_may_register(actor)
    values, problems = with_product_line(values)
    known = access.deal_for_reading(actor, deal_id) if deal_id else None
    values = with_own_values(partner_id, known, values)
    if known is not None and known.status != DealStatus.DRAFT:
        refused = attach_all(actor, known, uploads)
        if known.status == DealStatus.NEEDS_INFO:
            return completed(actor, known, values, problems, refused)
        return MailedRegistration(known, {}, refused)
    draft, wrong = kept_draft(actor, known, values)
    refused = attach_all(actor, draft, uploads)
    return registered(actor, draft, problems | wrong, refused)


def with_product_line(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The values with the product line's id; what is to be said of one that is not known."""
    found = dict(values)
    written = str(found.pop("product_line", "")).casefold()
    if not written:
        return found, {}
    lines = list(product_lines().order_by("name")[:200])
    line = next((each for each in lines if written in names_of(each)), None)
    if line is not None:
        return {**found, "product_line_id": line.pk}, {}
    choices = ", ".join(each.name for each in lines[:20])
    return found, {"product_line_id": _("Choose one of: %(lines)s.") % {"lines": choices}}


def with_own_values(
    partner_id: int, known: Deal | None, values: Mapping[str, Any]
) -> dict[str, Any]:
    """The values with the answers in own fields as `own_values`: those that are there already and
    what the mail says."""
    plain = {name: value for name, value in values.items() if not name.startswith(OWN)}
    sent = {name.removeprefix(OWN): values[name] for name in values.keys() - plain.keys()}
    if not sent:
        return plain
    line_id = plain.get("product_line_id") or (known.product_line_id if known else None)
    offered = {field.code for field in own_fields.offered_to(partner_id, line_id)}
    stored = own_fields.stored_values(known) if known else {}
    new = {code: value for code, value in sent.items() if code in offered}
    return {**plain, "own_values": {**stored, **new}} if new else plain


def names_of(line: ProductLine) -> set[str]:
    return {line.code.casefold(), line.name.casefold()}


def kept_draft(
    actor: Actor, known: Deal | None, values: Mapping[str, Any]
) -> tuple[Deal, dict[str, str]]:
    """The draft with whatever can be kept, and what was wrong with the rest."""
    before = request_of(known) if known else BLANK
    request = replace(before, **values)
    wrong: dict[str, str] = {}
    for _attempt in fields(RegistrationRequest):
        try:
            draft_id = known.pk if known else None
            return save_draft(actor=actor, request=request, deal_id=draft_id), wrong
        except InvalidRegistration as invalid:
            wrong |= {field: str(text) for field, text in invalid.problems.items()}
            left = {field: getattr(before, field) for field in wrong if field in REQUEST_FIELDS}
            request = replace(request, **left, own_values=without(request.own_values, wrong))
    raise InvalidRegistration(wrong)


def without(values: OwnValues | None, wrong: Collection[str]) -> dict[str, OwnValue] | None:
    """The answers in own fields with which nothing is wrong."""
    if values is None:
        return None
    return {code: value for code, value in values.items() if f"{OWN}{code}" not in wrong}


def registered(
    actor: Actor, draft: Deal, problems: dict[str, str], refused: tuple[tuple[str, str], ...]
) -> MailedRegistration:
    """Registers the draft unless something is missing or was refused."""
    try:
        with transaction.atomic():
            deal = register_deal(
                actor=actor,
                request=request_of(draft),
                deal_id=draft.pk,
                source=DealSource.EMAIL,
            )
            if problems:
                raise InvalidRegistration(problems)
    except InvalidRegistration as invalid:
        missing = {field: str(text) for field, text in invalid.problems.items()}
        return MailedRegistration(draft, missing | problems, refused)
    return MailedRegistration(deal, {}, refused)


def completed(
    actor: Actor,
    deal: Deal,
    values: Mapping[str, Any],
    problems: dict[str, str],
    refused: tuple[tuple[str, str], ...],
) -> MailedRegistration:
    """Completes what was sent back; a mail repeats the rest of the form, which does not count."""
    decision = deal.decisions.order_by("-id").first()
    asked = set(decision.asked_for) if decision else set()
    changes = {field: value for field, value in values.items() if field in asked}
    answers = values.get("own_values", {})
    own = {code: value for code, value in answers.items() if f"{OWN}{code}" in asked}
    if own:
        changes["own_values"] = {**own_fields.stored_values(deal), **own}
    try:
        if not changes and asked != {"files"}:
            raise InvalidRegistration(problems or {"": _("Write what was asked for.")})
        with transaction.atomic():
            deal = complete_deal(actor=actor, deal_id=deal.pk, changes=changes)
    except InvalidRegistration as invalid:
        missing = {field: str(text) for field, text in invalid.problems.items()}
        return MailedRegistration(deal, missing, refused)
    return MailedRegistration(deal, {}, refused)


def attach_all(
    actor: Actor, deal: Deal, uploads: Sequence["UploadedFile[bytes]"]
) -> tuple[tuple[str, str], ...]:
    """Attaches what can be; returns (name, why) of what is refused."""
    refused = []
    for upload in uploads:
        try:
            attach_file(actor=actor, deal_id=deal.pk, upload=upload)
        except RefusedFile as refusal:
            refused.append((str(upload.name), " ".join(refusal.messages)))
    return tuple(refused)
