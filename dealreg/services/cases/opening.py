"""A conflict case begins: by a rule, by a channel manager, or because a partner contests."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.actor import Actor, StaffRole, system
from core.appointments import make_appointment
from core.events import record
from core.models import User
from core.system_names import declare_name
from dealreg import access
from dealreg.case_events import CaseOpened, SideJoined
from dealreg.conflicts import Conflict, conflict_of
from dealreg.matching import find_similar
from dealreg.models import Account, CaseSide, ConflictCase, Deal
from dealreg.rules import cases as rules
from dealreg.rules.case_reminders import reminder_before
from dealreg.rules.cases import LIVE, RUNNING, UNDECIDED, CaseOrigin, CaseVerb
from dealreg.rules.names import Customer
from dealreg.rules.states import DealStatus
from dealreg.service_levels import level_of
from dealreg.services.cases.stating import write_statement
from partners.queries import calendar_of, managers_of, region_of, staff_for
from partners.rules import add_business_days

EVIDENCE_OVER = "dealreg.case_evidence_over"
STEP = "dealreg.case_step"
REMIND_SIDE = "dealreg.case_remind_side"
REMIND_OWNER = "dealreg.case_remind_owner"
FIRST_ROUND, APPEAL_ROUND = "first", "appeal"


class CaseRefused(ValueError):
    """No case is opened, or nothing happens to it; the message says why."""


@transaction.atomic
def open_case(*, actor: Actor, deal_id: int, why: str) -> ConflictCase:
    """A channel manager has the conflict around a registration settled as a case: its partner
    and all who work on the same customer and product line become sides. A case about them that
    is undecided is joined instead.

    Raises CaseRefused, PermissionDenied, Http404.
    """
    deal = access.deal_for_reading(actor, deal_id)
    if not access.may_in_case(actor, CaseVerb.ASSIGN):
        raise PermissionDenied(_("Your role does not include this."))
    if not why.strip():
        raise CaseRefused(_("Say in a sentence why."))
    _require_contestable(deal, {DealStatus.IN_REVIEW, DealStatus.DECLINED, DealStatus.APPROVED})
    return _open(actor, deal, CaseOrigin.STAFF, why)


@transaction.atomic
def open_case_by_rule(*, actor: Actor, deal_id: int, why: str) -> ConflictCase | None:
    """The portal opens a case for a registration that waits and meets others; None when there is
    nobody else, or a case lives already that cannot be joined."""
    if not actor.is_system:
        raise PermissionDenied(_("Your role does not include this."))
    deal = Deal.objects.get(pk=deal_id)
    others = [one for one in _rivals(deal)[1] if one.partner_id != deal.partner_id]
    if deal.status != DealStatus.IN_REVIEW or not others:
        return None
    try:
        return _open(actor, deal, CaseOrigin.RULE, why)
    except CaseRefused:
        return None


@transaction.atomic
def contest_deal(
    *,
    actor: Actor,
    deal_id: int,
    text: str,
    uploads: Iterable["UploadedFile[bytes]"] = (),
) -> ConflictCase:
    """A partner asks that people look at its own registration, in review or declined, with all
    who work on the customer. Once for each registration, five undecided at a time.

    Raises CaseRefused, core.files.RefusedFile, PermissionDenied, Http404.
    """
    deal = access.deal_for_reading(actor, deal_id)
    if not access.may_in_case(actor, CaseVerb.STATE):
        raise PermissionDenied(_("Your role does not include this."))
    _require_contestable(deal, {DealStatus.IN_REVIEW, DealStatus.DECLINED})
    if CaseSide.objects.filter(deal=deal).exists():
        raise CaseRefused(_("There has been a case about this registration already."))
    asked = ConflictCase.objects.filter(
        opened_by_partner_id=actor.partner_id, status__in=sorted(RUNNING)
    )
    if asked.count() >= rules.MOST_OPEN_CONTESTS:
        raise CaseRefused(
            _("Your company has %(number)s undecided cases. Wait until one is decided.")
            % {"number": rules.MOST_OPEN_CONTESTS}
        )
    case = _open(actor, deal, CaseOrigin.PARTNER, text)
    side = case.sides.get(partner_id=deal.partner_id)
    write_statement(actor, side, text, uploads)
    return case


def _require_contestable(deal: Deal, statuses: set[DealStatus]) -> None:
    if deal.status not in statuses or deal.account_id is None or deal.product_line_id is None:
        raise CaseRefused(
            _("A registration that is “%(status)s” cannot be contested.")
            % {"status": deal.get_status_display()}
        )
    late = timezone.now() - dt.timedelta(days=rules.CONTEST_WITHIN_DAYS)
    if deal.status == DealStatus.DECLINED and deal.decided_at and deal.decided_at < late:
        raise CaseRefused(
            _("This was decided more than %(days)s days ago. Register the deal again instead.")
            % {"days": rules.CONTEST_WITHIN_DAYS}
        )


def _open(actor: Actor, deal: Deal, origin: CaseOrigin, why: str) -> ConflictCase:
    account_id, line_id = deal.account_id, deal.product_line_id
    if account_id is None or line_id is None:
        raise CaseRefused(_("The registration names no customer and product line yet."))
    # Cases about one customer are opened one after the other.
    Account.objects.select_for_update(no_key=True).get(pk=account_id)
    conflict, others = _rivals(deal)
    sides = _one_each([*others, deal])[: rules.MOST_SIDES]
    case = (
        ConflictCase.objects.select_for_update(of=("self",))
        .filter(
            account_id=account_id,
            product_line_id=line_id,
            status__in=sorted(LIVE),
        )
        .first()
    )
    if case is None:
        case = _new_case(actor, deal, origin, why, conflict)
        fact = CaseOpened(deal.customer_name, actor.label, origin.value, case.why, len(sides))
        record(fact, subject=case, actor=actor)
    elif case.status not in UNDECIDED:
        raise CaseRefused(
            _("This cannot be contested at the moment. Your channel manager can say more.")
        )
    for each in sides:
        _join(actor, case, each, own=origin == CaseOrigin.PARTNER and each.pk == deal.pk)
    return case


def _new_case(
    actor: Actor, deal: Deal, origin: CaseOrigin, why: str, conflict: Conflict
) -> ConflictCase:
    region_id, path = region_of(deal.partner_id)
    calendar, level, now = calendar_of(path), level_of(path), timezone.now()
    case = ConflictCase.objects.create(
        account_id=deal.account_id or 0,
        product_line_id=deal.product_line_id or 0,
        region_id=region_id,
        origin=origin,
        opened_by=actor.label[:200],
        opened_by_partner_id=deal.partner_id if origin == CaseOrigin.PARTNER else None,
        why=why.strip(),
        conflict_level=conflict.level.value,
        owner=next(iter(managers_of(deal.partner_id)), None),
        opened_at=now,
        due_at=add_business_days(now, level.decision_days, calendar),
        evidence_due_at=add_business_days(now, level.evidence_days, calendar),
    )
    make_steps(case, FIRST_ROUND, now)
    remind_owner(case, now)
    return case


def make_steps(case: ConflictCase, round_name: str, since: dt.datetime) -> None:
    """Makes the appointments of the region's escalation path."""
    path = case.region.path
    calendar = calendar_of(path)
    for step in level_of(path).steps:
        at = add_business_days(since, step.after_days, calendar)
        make_appointment(STEP, case, at, key=f"{round_name}:{step.after_days}:{step.who.value}")


def remind_owner(case: ConflictCase, now: dt.datetime) -> None:
    """Makes the appointment of the reminder before the decision is due."""
    at = reminder_before(case.due_at, now, calendar_of(case.region.path))
    if at is not None:
        make_appointment(REMIND_OWNER, case, at)


def remind_side(case: ConflictCase, side: CaseSide, now: dt.datetime) -> None:
    """Makes the appointment of the reminder before the time for a side's evidence is over. It is
    the case's, so that it goes with the case."""
    at = reminder_before(case.evidence_due_at or case.due_at, now, calendar_of(case.region.path))
    if at is not None:
        make_appointment(REMIND_SIDE, case, at, key=str(side.pk))


def _rivals(deal: Deal) -> tuple[Conflict, list[Deal]]:
    """Who else works on the deal's customer and product line, surest claims first."""
    typed = Customer.typed(deal.customer_name, deal.customer_domain, deal.customer_country)
    conflict = conflict_of(
        partner_id=deal.partner_id,
        product_line_id=deal.product_line_id,
        candidates=find_similar(typed),
        except_deal_id=deal.pk,
    )
    rows = Deal.objects.filter(pk__in=conflict.deal_ids).exclude(partner_id=deal.partner_id)
    approved_first = sorted(
        rows, key=lambda one: (one.status != DealStatus.APPROVED, one.submitted_at, one.pk)
    )
    return conflict, approved_first


def _one_each(deals: Iterable[Deal]) -> list[Deal]:
    """The first deal of each partner, in the order in which they were registered."""
    firsts: dict[int, Deal] = {}
    for deal in deals:
        firsts.setdefault(deal.partner_id, deal)
    return sorted(firsts.values(), key=lambda one: (one.submitted_at or one.created_at, one.pk))


def _join(actor: Actor, case: ConflictCase, deal: Deal, *, own: bool) -> None:
    side, new = CaseSide.objects.get_or_create(
        case=case, partner_id=deal.partner_id, defaults={"deal": deal}
    )
    if new:
        fact = SideJoined(
            case_id=case.pk,
            customer=deal.customer_name,
            evidence_until=case.evidence_due_at or case.due_at,
            own=own,
        )
        # Whoever caused it is somebody else to this side.
        record(
            fact,
            subject=side,
            actor=actor if own else system(CASES),
            partner_id=deal.partner_id,
        )
        remind_side(case, side, timezone.now())


CASES = declare_name(gettext_noop("Conflict cases"))


def other_people(case: ConflictCase, but: int | None) -> list[User]:
    """Who of the vendor can judge a case that `but` has judged."""
    people = staff_for(case.region.path, StaffRole.CHANNEL_MANAGER, StaffRole.OPS)
    return [one for one in people if one.pk != but]
