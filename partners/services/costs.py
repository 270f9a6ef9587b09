"""A partner states what the programme costs it: its administrators and finance people, nobody
else, and nobody of the vendor in their place."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from core.money import smallest_unit
from core.money_rates import currencies_to_check
from core.sql import LARGEST_ID
from partners.events.costs import CostsChanged
from partners.models import Partner, PartnerCost
from partners.rules import PartnerRole
from partners.rules.lifecycle import CLOSED_TO_WRITING
from partners.rules.profit import Cost, CostKind, problem_with

KEEP_ACCOUNTS = frozenset({PartnerRole.ADMIN, PartnerRole.FINANCE})
MOST_COSTS = 20_000


class InvalidCost(ValueError):
    """The cost cannot be stated so; the message says why."""


class StaleCost(ValueError):
    """Somebody changed the cost after it was read; `row` is the present one."""

    def __init__(self, row: PartnerCost) -> None:
        super().__init__(_("A colleague changed this after you opened it, so nothing was saved."))
        self.row = row


def may_see_costs(actor: Actor) -> bool:
    """Who reads the profitability of their company. Not the vendor's people, and not who visits
    in somebody's place."""
    return (
        actor.partner_id is not None
        and actor.visitor_id is None
        and bool(KEEP_ACCOUNTS & set(actor.partner_roles))
    )


def require_accounts(actor: Actor) -> int:
    """The partner whose costs the actor keeps. Raises PermissionDenied."""
    if actor.visitor_id is not None:
        raise PermissionDenied(_("What a company states as its costs is for its own people alone."))
    if actor.partner_id is None or not may_see_costs(actor):
        raise PermissionDenied(_("This needs the role Administrator or Finance at the partner."))
    return actor.partner_id


def _writing(actor: Actor) -> Partner:
    """The partner, locked, whose costs the actor may write."""
    partner_id = require_accounts(actor)
    if not actor.may("profitability:write"):
        raise PermissionDenied
    partner = Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner_id)
    if partner.status in CLOSED_TO_WRITING:
        raise PermissionDenied(_("Your company reads all that is its own, and writes nothing."))
    return partner


def cost_for_changing(actor: Actor, cost_id: int) -> PartnerCost:
    """A cost of the actor's own company. Raises PermissionDenied, Http404."""
    partner_id = require_accounts(actor)
    found = None
    if 0 < cost_id <= LARGEST_ID:
        found = PartnerCost.objects.filter(pk=cost_id, partner_id=partner_id).first()
    if found is None:
        raise Http404
    return found


def _require_sound(cost: Cost) -> None:
    if wrong := problem_with(cost, timezone.localdate()):
        raise InvalidCost(wrong)
    if cost.kind not in CostKind.values:
        raise InvalidCost(_("Choose one of the kinds."))
    if cost.currency not in currencies_to_check(cost.currency):
        raise InvalidCost(_("The portal has no exchange rate for this currency."))
    if cost.amount % smallest_unit(cost.currency):
        raise InvalidCost(_("The amount is finer than the currency’s smallest unit."))


@transaction.atomic
def add_cost(*, actor: Actor, cost: Cost) -> PartnerCost:
    """States a cost. Raises InvalidCost, PermissionDenied."""
    partner = _writing(actor)
    _require_sound(cost)
    if PartnerCost.objects.filter(partner=partner).count() >= MOST_COSTS:
        raise InvalidCost(_("At most %s costs are possible. Put small ones together.") % MOST_COSTS)
    row = PartnerCost.objects.create(partner=partner, written_by_id=actor.user_id, **_said(cost))
    record(CostsChanged("added"), subject=partner, actor=actor, partner_id=partner.pk)
    return row


@transaction.atomic
def change_cost(*, actor: Actor, cost_id: int, cost: Cost, version: int) -> PartnerCost:
    """Makes a cost say this, if it is still in the version that was read. The same again changes
    nothing. Raises StaleCost, InvalidCost, PermissionDenied, Http404."""
    partner = _writing(actor)
    row = cost_for_changing(actor, cost_id)
    if row.version != version:
        raise StaleCost(row)
    _require_sound(cost)
    said = _said(cost)
    changed = [name for name, value in said.items() if getattr(row, name) != value]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, said[name])
    row.version, row.written_by_id, row.written_at = version + 1, actor.user_id, timezone.now()
    row.save(update_fields=[*changed, "version", "written_by", "written_at"])
    record(CostsChanged("changed"), subject=partner, actor=actor, partner_id=partner.pk)
    return row


@transaction.atomic
def remove_cost(*, actor: Actor, cost_id: int) -> None:
    """Raises PermissionDenied, Http404."""
    partner = _writing(actor)
    cost_for_changing(actor, cost_id).delete()
    record(CostsChanged("removed"), subject=partner, actor=actor, partner_id=partner.pk)


def _said(cost: Cost) -> dict[str, object]:
    return {
        "kind": cost.kind.value,
        "day": cost.day,
        "amount": cost.amount,
        "currency": cost.currency,
        "note": cost.note.strip()[:200],
    }
