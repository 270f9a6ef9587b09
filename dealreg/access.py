"""Deals by right. What somebody may not know of is not found; what they may know of but not
change is refused."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404
from django.utils.translation import gettext as _

from core.actor import Actor
from core.sql import LARGEST_ID
from dealreg.models import CaseSide, ConflictCase, Deal, ReplayRun
from dealreg.rules import cases
from dealreg.rules.cases import CaseVerb
from dealreg.rules.states import Verb
from partners.rules import MAY_REGISTER_DEALS

PARTNER_VERBS = frozenset(
    {
        Verb.EDIT,
        Verb.DISCARD,
        Verb.REGISTER,
        Verb.WITHDRAW,
        Verb.EXTEND,
        Verb.REGISTER_AGAIN,
    }
)
STAFF_VERBS = frozenset({Verb.APPROVE, Verb.DECLINE, Verb.SEND_BACK})
# Both sides show what they know of the work with the customer.
SHARED_VERBS = frozenset({Verb.ADD_EVIDENCE, Verb.CONFIRM})
# A sale is the partner's to keep current; staff may where the partner cannot.
SALE_VERBS = frozenset({Verb.UPDATE_SALE, Verb.CLOSE, Verb.REOPEN})
WHAT_A_PAGE_SHOWS = (
    "partner__tier",
    "partner__region",
    "account",
    "product_line",
    "created_by",
)


def may_register(actor: Actor) -> bool:
    """Whether the actor's work at its partner includes registering deals."""
    return actor.partner_id is not None and bool(actor.partner_roles & MAY_REGISTER_DEALS)


def may(actor: Actor, verb: Verb) -> bool:
    """Whether the actor's role includes `verb` on a deal that it may read."""
    if not actor.may("deals:write"):
        return False
    by_partner = verb in PARTNER_VERBS | SALE_VERBS | SHARED_VERBS and may_register(actor)
    by_staff = verb in STAFF_VERBS | SALE_VERBS | SHARED_VERBS and actor.is_staff
    return by_partner or by_staff


def require_may_register(actor: Actor) -> int:
    """The partner that the actor registers for. Raises PermissionDenied."""
    if actor.partner_id is None or not may(actor, Verb.REGISTER):
        raise PermissionDenied(
            _("Registering deals needs the role Sales or Administrator at a partner.")
        )
    return actor.partner_id


def deal_for_reading(
    actor: Actor, deal_id: int, *, related: Sequence[str] = WHAT_A_PAGE_SHOWS
) -> Deal:
    """The deal with what it is `related` to; Http404 for what is not the actor's to know."""
    if not 0 < deal_id <= LARGEST_ID:
        raise Http404
    deal = Deal.objects.visible_to(actor).select_related(*related).filter(pk=deal_id).first()
    if deal is None:
        raise Http404
    return deal


def deal_for_changing(actor: Actor, deal_id: int, verb: Verb) -> Deal:
    """The deal, locked until the end of the transaction. Http404 as for reading,
    PermissionDenied when the actor's role does not include `verb`."""
    deal_for_reading(actor, deal_id)
    if not may(actor, verb):
        raise PermissionDenied(_("Your role does not include this."))
    return Deal.objects.select_for_update(of=("self",)).get(pk=deal_id)


def replay_for_reading(actor: Actor, run_id: int) -> ReplayRun:
    """A replay of past decisions, for operations: Http404 for what somebody with other regions
    asked for, PermissionDenied for everybody else."""
    if not actor.is_ops:
        raise PermissionDenied(_("Replaying rules needs the duty Partner operations."))
    run = replays(actor).filter(pk=run_id).first()
    if run is None:
        raise Http404
    return run


def replays(actor: Actor) -> "models.QuerySet[ReplayRun]":
    """The replays that the actor may read: those who look after some regions, their own."""
    rows = ReplayRun.objects.select_related("book", "asked_by")
    if not actor.is_ops:
        return rows.none()
    return rows.filter(asked_by_id=actor.user_id) if actor.region_paths else rows


# --- conflict cases -------------------------------------------------------------------------


def may_in_case(actor: Actor, verb: CaseVerb) -> bool:
    """Whether the actor's role includes `verb` on a case that it may read."""
    if actor.is_system:
        return True
    if not actor.may("cases:write"):
        return False
    return may_register(actor) if verb in cases.PARTNER_VERBS else is_desk(actor, verb)


def is_desk(actor: Actor, verb: CaseVerb) -> bool:
    return actor.is_staff and verb in cases.STAFF_VERBS


def case_for_reading(actor: Actor, case_id: int) -> ConflictCase:
    """The case; Http404 for what is not the actor's to know."""
    if not 0 < case_id <= LARGEST_ID:
        raise Http404
    case = (
        ConflictCase.objects.visible_to(actor)
        .select_related("account", "product_line", "region", "owner", "decided_by")
        .filter(pk=case_id)
        .first()
    )
    if case is None:
        raise Http404
    return case


def case_for_changing(actor: Actor, case_id: int, verb: CaseVerb) -> ConflictCase:
    """The case, locked until the end of the transaction. Http404 as for reading,
    PermissionDenied when the actor's role does not include `verb`."""
    case_for_reading(actor, case_id)
    if not may_in_case(actor, verb):
        raise PermissionDenied(_("Your role does not include this."))
    return ConflictCase.objects.select_for_update(of=("self",)).get(pk=case_id)


def own_side(actor: Actor, case_id: int) -> CaseSide:
    """The side of the actor's partner in a case; Http404 where it is none."""
    if actor.partner_id is None or not 0 < case_id <= LARGEST_ID:
        raise Http404
    side = (
        CaseSide.objects.select_related("deal__product_line", "case")
        .filter(case_id=case_id, partner_id=actor.partner_id)
        .first()
    )
    if side is None:
        raise Http404
    return side


def side_for_reading(actor: Actor, side_id: int) -> CaseSide:
    """One side of a case with what it showed: for its own partner and the vendor's people."""
    if not 0 < side_id <= LARGEST_ID:
        raise Http404
    rows = CaseSide.objects.filter(pk=side_id)
    if actor.partner_id is not None:
        rows = rows.filter(partner_id=actor.partner_id)
    side = rows.filter(case__in=ConflictCase.objects.visible_to(actor)).first()
    if side is None:
        raise Http404
    return side
