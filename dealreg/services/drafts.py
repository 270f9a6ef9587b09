"""A registration that the partner has not sent yet."""

import uuid

from django.db import transaction
from django.utils import timezone

from core import countries, money_rates
from core.actor import Actor
from core.events import record
from dealreg import access
from dealreg.events import DraftDiscarded, DraftSaved
from dealreg.models import Deal, ProductLine
from dealreg.rules import states
from dealreg.rules.request import InvalidRegistration, RegistrationRequest, problems_in_draft
from dealreg.rules.states import Verb
from dealreg.services.own_values import answers_to, write_answers
from dealreg.services.routing import chosen_way, keep_way
from dealreg.services.stale import require_version
from partners.queries import registration_rights

REQUEST_FIELDS = (
    "customer_name",
    "customer_domain",
    "customer_country",
    "product_line_id",
    "amount",
    "currency",
    "expected_close",
    "description",
    "public_sector",
    "customer_consent",
)


@transaction.atomic
def save_draft(
    *,
    actor: Actor,
    request: RegistrationRequest,
    deal_id: int | None = None,
    version: int | None = None,
    submission_key: uuid.UUID | None = None,
) -> Deal:
    """Keeps what was typed so far, in a new draft or in draft `deal_id`.

    The same `submission_key` makes one draft, however often it is sent. Raises
    InvalidRegistration for fields that are filled wrongly, StaleEdit when `version` is not
    the present one, NotInThisState when the deal is no longer a draft.
    """
    partner_id = access.require_may_register(actor)
    _require_sound(request)
    deal = _draft_to_keep(actor, partner_id, deal_id, version, submission_key)
    line = ProductLine.objects.filter(pk=request.product_line_id or 0).first()
    answers = answers_to(request, deal, line, registration_rights(partner_id), whole=False)
    way = chosen_way(request, deal, registration_rights(partner_id))
    if answers.problems or way.problems:
        raise InvalidRegistration({**answers.problems, **way.problems})
    keep_way(deal, way)
    changes = carry_over(request, deal)
    changes |= write_answers(actor=actor, deal=deal, answers=answers)
    if changes:
        deal.version += 1
        deal.updated_at = timezone.now()
        fields = [name for name in REQUEST_FIELDS if name in changes]
        deal.save(update_fields=[*fields, "version", "updated_at"])
        fact = DraftSaved(customer=deal.customer_name, changes=changes)
        record(fact, subject=deal, actor=actor, partner_id=partner_id)
    return deal


def _draft_to_keep(
    actor: Actor,
    partner_id: int,
    deal_id: int | None,
    version: int | None,
    submission_key: uuid.UUID | None,
) -> Deal:
    """The draft that is meant, or was sent before, in the version that was read; else a new one."""
    if deal_id is None and submission_key is not None:
        known = Deal.objects.filter(partner_id=partner_id, submission_key=submission_key).first()
        deal_id = known.pk if known else None
    if deal_id is None:
        return Deal.objects.create(
            partner_id=partner_id, created_by_id=actor.user_id, submission_key=submission_key
        )
    deal = access.deal_for_changing(actor, deal_id, Verb.EDIT)
    states.require(Verb.EDIT, deal.status)
    require_version(deal, version)
    return deal


def _require_sound(request: RegistrationRequest) -> None:
    """Raises InvalidRegistration for what not even a draft may say."""
    problems = problems_in_draft(
        request,
        currencies=money_rates.currencies_to_check(request.currency),
        countries=countries.codes(),
    )
    if problems:
        raise InvalidRegistration(problems)


def carry_over(request: RegistrationRequest, deal: Deal) -> dict[str, list[str]]:
    """Sets the deal's fields from the request; returns what changed as field → [old, new]."""
    changes: dict[str, list[str]] = {}
    for field in REQUEST_FIELDS:
        old, new = getattr(deal, field), getattr(request, field)
        if old != new:
            changes[field] = ["" if old is None else str(old), "" if new is None else str(new)]
            setattr(deal, field, new)
    return changes


@transaction.atomic
def discard_draft(*, actor: Actor, deal_id: int, version: int | None = None) -> None:
    """Removes a draft; its events stay."""
    deal = access.deal_for_changing(actor, deal_id, Verb.DISCARD)
    states.require(Verb.DISCARD, deal.status)
    require_version(deal, version)
    record(
        DraftDiscarded(customer=deal.customer_name),
        subject=deal,
        actor=actor,
        partner_id=deal.partner_id,
    )
    deal.delete()
