"""A partner completes a registration that was sent back, field by field."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.actor import Actor
from dealreg import access
from dealreg.models import Deal
from dealreg.rules import states
from dealreg.rules.request import RegistrationRequest
from dealreg.rules.states import DealStatus, NotInThisState, Verb
from dealreg.services.drafts import REQUEST_FIELDS
from dealreg.services.registering import register_deal


def complete_deal(
    *,
    actor: Actor,
    deal_id: int,
    changes: Mapping[str, Any],
    version: int | None = None,
    submission_key: uuid.UUID | None = None,
) -> Deal:
    """Registers again what was sent back, with `changes` (fields of RegistrationRequest) and
    everything else as it was; it is then decided anew.

    Raises InvalidRegistration, also for fields that nobody asked for, StaleEdit,
    NotInThisState, PermissionDenied, Http404.
    """
    access.require_may_register(actor)
    deal = access.deal_for_reading(actor, deal_id)
    if deal.status != DealStatus.NEEDS_INFO:
        raise NotInThisState(Verb.REGISTER, states.DealStatus(deal.status))
    return register_deal(
        actor=actor,
        request=replace(request_of(deal), **changes),
        deal_id=deal_id,
        version=version,
        submission_key=submission_key,
    )


def request_of(deal: Deal) -> RegistrationRequest:
    """The request as it stands in a deal."""
    return RegistrationRequest(**{field: getattr(deal, field) for field in REQUEST_FIELDS})
