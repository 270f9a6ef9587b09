"""Every state, verb and role: what is possible happens once, what is not leaves no trace."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.http import Http404
from django.utils import timezone

from core.actor import Actor
from core.models import Event, OutgoingMail
from dealreg import sales, services
from dealreg.access import SALE_VERBS
from dealreg.models import Deal, Extension, Protection, SaleChange, SaleClosing
from dealreg.rules.protection import (
    EXTENSION_TRANSITIONS,
    ExtensionStatus,
    ExtensionVerb,
)
from dealreg.rules.sale import Closing
from dealreg.rules.states import (
    CLOSED_STAGES,
    STAGES,
    STAGES_OF,
    TRANSITIONS,
    DealStage,
    DealStatus,
    DeclineReason,
    NotInThisState,
    Verb,
)
from tests.core.trial import rolled_back

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
ROLES = ["jonas", "ada", "chiara", "bo", "mara", "otto", "olga"]
SELLERS = {"jonas", "ada"}
STAFF = {"mara", "otto"}
STAFF_VERBS = {Verb.APPROVE, Verb.DECLINE, Verb.SEND_BACK}
SHARED_VERBS = {Verb.ADD_EVIDENCE, Verb.CONFIRM}


@pytest.fixture
def deal_in(registered, cast) -> Callable[[DealStatus], Deal]:
    """A deal of Alpha's in any status, reached without the services under test."""

    def make(status: DealStatus) -> Deal:
        deal: Deal = registered(public_sector=True)
        deal.status = status
        deal.decided_at = timezone.now()
        deal.decided_by = "somebody"
        deal.save()
        if status == DealStatus.APPROVED:
            protect_for_ten_days(deal)
        return deal

    return make


def protect_for_ten_days(deal: Deal) -> None:
    now = timezone.now()
    Protection.objects.create(
        deal=deal,
        partner_id=deal.partner_id,
        account_id=deal.account_id or 0,
        product_line_id=deal.product_line_id or 0,
        period=DateTimeTZRange(now - 80 * DAY, now + 10 * DAY),
    )


def say(verb: Verb, actor: Actor, deal: Deal, request) -> None:
    match verb:
        case Verb.EDIT:
            services.save_draft(actor=actor, request=request, deal_id=deal.pk)
        case Verb.DISCARD:
            services.discard_draft(actor=actor, deal_id=deal.pk)
        case Verb.REGISTER:
            services.register_deal(actor=actor, request=request, deal_id=deal.pk)
        case Verb.APPROVE:
            services.approve_deal(actor=actor, deal_id=deal.pk)
        case Verb.DECLINE:
            reason = DeclineReason.OTHER
            services.decline_deal(actor=actor, deal_id=deal.pk, reason=reason, message="No.")
        case Verb.SEND_BACK:
            services.send_back_deal(
                actor=actor, deal_id=deal.pk, asks_for=["amount"], message="Check it."
            )
        case Verb.WITHDRAW:
            services.withdraw_deal(actor=actor, deal_id=deal.pk)
        case Verb.ADD_EVIDENCE:
            today = timezone.localdate()
            services.add_evidence(actor=actor, deal_id=deal.pk, kind="quote", dated_on=today)
        case Verb.EXTEND:
            quote = services.NewEvidence("quote", timezone.localdate())
            services.ask_extension(actor=actor, deal_id=deal.pk, reason="Soon.", evidence=quote)
        case Verb.CONFIRM:
            address = "anna@nordwind.example.com"
            services.ask_customer(actor=actor, deal_id=deal.pk, address=address)
        case Verb.REGISTER_AGAIN:
            services.register_again(actor=actor, deal_id=deal.pk)
        case Verb.UPDATE_SALE:
            sale = replace(sales.sale_of(deal), next_step="Call")
            services.update_sale(actor=actor, deal_id=deal.pk, sale=sale)
        case Verb.CLOSE:
            closing = Closing(DealStage.LOST, timezone.localdate(), ("no-budget",))
            services.close_deal(actor=actor, deal_id=deal.pk, closing=closing)
        case Verb.REOPEN:
            services.reopen_deal(actor=actor, deal_id=deal.pk, why="By mistake")


REGISTRATION_VERBS = [verb for verb in Verb if verb not in SALE_VERBS]


@pytest.mark.parametrize(("status", "verb"), list(product(DealStatus, REGISTRATION_VERBS)))
def test_state_verb_role(deal_in, asking, cast, status, verb):
    deal = deal_in(status)
    # What was sent back may differ only where more was asked for; here nothing was.
    sent_back = status == DealStatus.NEEDS_INFO
    request = asking(public_sector=True) if sent_back else asking(customer_name="Halcyon Retail")

    for role in ROLES:
        with rolled_back():
            happened = try_to_say(verb, cast.actor(getattr(cast, role)), deal, request)
        allowed = SELLERS if verb not in STAFF_VERBS else STAFF
        allowed = SELLERS | STAFF if verb in SHARED_VERBS else allowed
        if role in allowed and not (role in STAFF and status == DealStatus.DRAFT):
            assert happened == (None if status in TRANSITIONS[verb] else NotInThisState), role
        else:
            assert happened in (PermissionDenied, Http404), role


def try_to_say(verb: Verb, actor: Actor, deal: Deal, request) -> type[Exception] | None:
    """What it was refused with; None when it happened."""
    before = Deal.objects.values().get(pk=deal.pk)
    events, mails = Event.objects.count(), OutgoingMail.objects.count()
    try:
        say(verb, actor, deal, request)
    except (PermissionDenied, Http404, NotInThisState) as error:
        assert Deal.objects.values().get(pk=deal.pk) == before
        assert (Event.objects.count(), OutgoingMail.objects.count()) == (events, mails)
        return type(error)
    assert Event.objects.count() > events
    return None


@pytest.mark.parametrize(("status", "verb"), list(product(ExtensionStatus, ExtensionVerb)))
def test_extension_state_verb_role(deal_in, cast, status, verb):
    deal = deal_in(DealStatus.APPROVED)
    until = deal.protection.period.upper
    extension = Extension.objects.create(
        deal=deal,
        status=status,
        reason="Soon.",
        until_before=until,
        until_after=until + DAY,
        decided_at=timezone.now(),
    )

    for role in ROLES:
        with rolled_back():
            happened = try_to_decide(verb, cast.actor(getattr(cast, role)), extension)
        if role in STAFF:
            waits = status in EXTENSION_TRANSITIONS[verb]
            assert happened == (None if waits else services.ExtensionRefused), role
        else:
            assert happened in (PermissionDenied, Http404), role


def try_to_decide(
    verb: ExtensionVerb, actor: Actor, extension: Extension
) -> type[Exception] | None:
    """What it was refused with; None when it happened."""
    before, events = Extension.objects.values().get(), Event.objects.count()
    until = Protection.objects.get(deal=extension.deal_id).period.upper
    try:
        if verb == ExtensionVerb.APPROVE:
            services.approve_extension(actor=actor, extension_id=extension.pk, days=5)
        else:
            services.decline_extension(actor=actor, extension_id=extension.pk, message="No.")
    except (PermissionDenied, Http404, services.ExtensionRefused) as error:
        assert (Extension.objects.values().get(), Event.objects.count()) == (before, events)
        assert Protection.objects.get(deal=extension.deal_id).period.upper == until
        return type(error)
    assert Event.objects.count() == events + 1
    return None


def put_in(deal: Deal, stage: DealStage) -> Deal:
    """The deal in a stage, reached without the services under test."""
    closed = stage in CLOSED_STAGES
    deal.stage = stage
    deal.closed_on, deal.closed_amount = (timezone.localdate(), 0) if closed else (None, None)
    deal.save()
    if closed:
        SaleClosing.objects.create(deal=deal, outcome=stage, stage_before="proposal", who="x")
    return deal


@pytest.mark.parametrize(
    ("status", "verb"), list(product(DealStatus, sorted(SALE_VERBS | {Verb.WITHDRAW})))
)
def test_status_stage_verb_role_of_a_sale(deal_in, asking, cast, status, verb):
    deal = deal_in(status)
    partners = SELLERS if verb == Verb.WITHDRAW else SELLERS | STAFF
    for stage, role in product(sorted(STAGES_OF[status]), ROLES):
        with transaction.atomic():
            put_in(deal, stage)
            actor = cast.actor(getattr(cast, role))
            happened = outcome_of(verb, actor, deal, asking())
            possible = status in TRANSITIONS[verb] and stage in STAGES[verb]
            if role in partners and not (role in STAFF and status == DealStatus.DRAFT):
                assert happened == (None if possible else NotInThisState), (stage, role)
            else:
                assert happened in (PermissionDenied, Http404), (stage, role)
            transaction.set_rollback(True)


def outcome_of(verb: Verb, actor: Actor, deal: Deal, request) -> type[Exception] | None:
    """What was refused, nothing having happened; None when it was done, and left its traces."""
    before = Deal.objects.values().get(pk=deal.pk)
    events, changes = Event.objects.count(), SaleChange.objects.count()
    try:
        say(verb, actor, deal, request)
    except (PermissionDenied, Http404, NotInThisState) as error:
        assert Deal.objects.values().get(pk=deal.pk) == before
        assert (Event.objects.count(), SaleChange.objects.count()) == (events, changes)
        return type(error)
    assert Event.objects.count() > events
    assert verb == Verb.WITHDRAW or SaleChange.objects.count() > changes
    return None
