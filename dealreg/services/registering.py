"""A partner registers a deal and the rules of engagement decide in the same breath."""

import datetime as dt
import uuid
from dataclasses import replace

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core import countries, money_rates
from core.actor import Actor
from core.events import NewEvent, record_many
from core.inserting import insert
from core.models import StoredFile
from dealreg import access
from dealreg.conflicts import Conflict, conflict_of
from dealreg.events import AccountCreated, DealRegistered
from dealreg.matching import Candidate, find_similar, lock_customer
from dealreg.models import Account, Deal, ProductLine
from dealreg.models.deals import DealSource
from dealreg.product_lines import open_lines
from dealreg.rules import states
from dealreg.rules.facts import ConflictLevel
from dealreg.rules.names import Customer, registrable_domain
from dealreg.rules.request import InvalidRegistration, RegistrationRequest, problems_in_request
from dealreg.rules.states import DealStatus, Verb
from dealreg.services.again import require_waited
from dealreg.services.answering import await_no_answer
from dealreg.services.drafts import REQUEST_FIELDS, carry_over
from dealreg.services.indexing import index_new_account
from dealreg.services.judging import judge
from dealreg.services.own_values import Answers, answers_to, write_answers
from dealreg.services.routing import Chosen, ask_distributor, chosen_way, keep_way, tell_way
from dealreg.services.settling import left_to_case, mark_judged, outcome_of, write_decision
from dealreg.services.stale import require_version
from partners.queries import actor_after_merge, registration_rights
from partners.rules import RegistrationRights

ATTEMPTS = 3


def register_deal(
    *,
    actor: Actor,
    request: RegistrationRequest,
    deal_id: int | None = None,
    version: int | None = None,
    submission_key: uuid.UUID | None = None,
    source: DealSource = DealSource.PORTAL,
) -> Deal:
    """Registers a deal, from nothing or from draft `deal_id`, and decides it.

    Account, deal, decision, protection and events are one transaction. The same
    `submission_key` registers once, however often it is sent. Raises PermissionDenied,
    Http404, InvalidRegistration (with a sentence per field), StaleEdit, NotInThisState.

    A race for the same customer that slips past the locks is decided by the database's
    constraint; the loser is judged anew and then sees the winner. Whoever's partner is merged
    into another meanwhile registers for that one.
    """
    for _attempt in range(ATTEMPTS - 1):
        try:
            return _register_once(actor, request, deal_id, version, submission_key, source)
        except IntegrityError as error:
            if not _lost_a_race(error):
                raise
        except (PermissionDenied, Http404):
            merged = actor_after_merge(actor)
            if merged is None:
                raise
            actor = merged
    return _register_once(actor, request, deal_id, version, submission_key, source)


def _lost_a_race(error: IntegrityError) -> bool:
    return any(name in str(error) for name in ("protection_never_overlaps", "deal_submitted_once"))


@transaction.atomic
def _register_once(
    actor: Actor,
    request: RegistrationRequest,
    deal_id: int | None,
    version: int | None,
    submission_key: uuid.UUID | None,
    source: DealSource,
) -> Deal:
    partner_id = access.require_may_register(actor)
    sent_before = _sent_before(partner_id, submission_key, deal_id)
    if sent_before is not None and sent_before.status != DealStatus.DRAFT:
        return sent_before
    rights = registration_rights(partner_id)
    problems, product_line = problems_of(request)
    if "customer_domain" not in problems:
        request = replace(request, customer_domain=registrable_domain(request.customer_domain))
    draft_id = sent_before.pk if sent_before else deal_id
    deal = _deal_to_register(actor, partner_id, draft_id, version, request)
    asked = asked_of(deal) if deal.status == DealStatus.NEEDS_INFO else None
    answers = answers_to(request, deal, product_line, rights, whole=True, asked=asked)
    problems |= answers.problems
    way = chosen_way(request, deal, rights)
    problems |= way.problems
    if problems or product_line is None:
        raise InvalidRegistration(problems)
    customer = Customer.typed(
        request.customer_name, request.customer_domain, request.customer_country
    )
    # The protection begins now, and may do so where another one has just ended.
    now = lock_customer(customer)
    candidates = find_similar(customer)
    account_id, news = _account_of(customer, candidates, request, partner_id)
    conflict = conflict_of(
        partner_id=partner_id,
        product_line_id=product_line.pk,
        candidates=candidates,
        except_deal_id=deal.pk,
    )
    if not news:
        require_waited(partner_id, rights, account_id, product_line)
    carry_over(request, deal)
    deal.account_id, deal.product_line = account_id, product_line
    if deal.status == DealStatus.DRAFT:
        # However it is completed later, it came the way it came first.
        deal.source = source
    deal.submission_key = deal.submission_key or submission_key
    return _decide(actor, deal, product_line, rights, conflict, news, answers, way, now)


def _sent_before(
    partner_id: int, submission_key: uuid.UUID | None, deal_id: int | None
) -> Deal | None:
    if submission_key is None or deal_id is not None:
        return None
    return Deal.objects.filter(partner_id=partner_id, submission_key=submission_key).first()


def problems_of(
    request: RegistrationRequest,
) -> tuple[dict[str, str | Promise], ProductLine | None]:
    """What keeps the request from being decided, and its product line."""
    problems = problems_in_request(
        request,
        today=timezone.localdate(),
        currencies=money_rates.currencies_to_check(request.currency),
        countries=countries.codes(),
    )
    line = open_lines().get(request.product_line_id or 0)
    if line is None and "product_line_id" not in problems:
        problems["product_line_id"] = _("Choose a product line that is open for registration.")
    return problems, line


def _deal_to_register(
    actor: Actor,
    partner_id: int,
    deal_id: int | None,
    version: int | None,
    request: RegistrationRequest,
) -> Deal:
    if deal_id is None:
        return Deal(partner_id=partner_id, created_by_id=actor.user_id)
    deal = access.deal_for_changing(actor, deal_id, Verb.REGISTER)
    states.require(Verb.REGISTER, deal.status)
    require_version(deal, version)
    if deal.status == DealStatus.NEEDS_INFO:
        require_only_asked(deal, request)
        await_no_answer(deal)
    return deal


def asked_of(deal: Deal) -> frozenset[str]:
    """What the partner was asked to complete last."""
    decision = deal.decisions.order_by("-id").first()
    return frozenset(decision.asked_for) if decision else frozenset()


def require_only_asked(deal: Deal, request: RegistrationRequest) -> None:
    """What was sent back may differ only where more was asked for: the rest was judged.

    Raises InvalidRegistration.
    """
    asked = asked_of(deal)
    problems = {
        field: _("This was not asked for, so it stays as it was registered.")
        for field in REQUEST_FIELDS
        if field not in asked and getattr(deal, field) != getattr(request, field)
    }
    if "files" in asked and not attached_since_asked(deal):
        problems["files"] = _("Attach the files that were asked for first.")
    if problems:
        raise InvalidRegistration(problems)


def attached_since_asked(deal: Deal) -> bool:
    """Whether a file was attached since the partner was asked."""
    asked_at = deal.decisions.latest("id").decided_at
    files = StoredFile.objects.filter(subject_type=deal._meta.label_lower, subject_id=deal.pk)
    return files.filter(uploaded_at__gte=asked_at).exists()


def _account_of(
    customer: Customer,
    candidates: list[Candidate],
    request: RegistrationRequest,
    partner_id: int,
) -> tuple[int, list[NewEvent]]:
    """The customer that was meant, added if nobody knew it, and what there is to tell then."""
    if candidates and candidates[0].level == ConflictLevel.SAME:
        return candidates[0].account_id, []
    account = Account(
        name=request.customer_name,
        name_key=customer.name_key,
        domain=customer.domain,
        country=customer.country,
    )
    insert(account)
    index_new_account(account)
    added = AccountCreated(name=account.name, domain=account.domain, country=account.country)
    return account.pk, [NewEvent(added, account, partner_id)]


def _decide(
    actor: Actor,
    deal: Deal,
    product_line: ProductLine,
    rights: RegistrationRights,
    conflict: Conflict,
    news: list[NewEvent],
    answers: Answers,
    way: Chosen,
    now: dt.datetime,
) -> Deal:
    deal.chosen_route = way.route
    judged = None
    if not way.asks_first:
        # Whoever registers, the record is written in one language: many read it.
        with translation.override(settings.LANGUAGE_CODE):
            judged = left_to_case(deal, judge(deal, product_line, rights, conflict, answers.facts))
    deal.submitted_at = now
    mark_judged(deal, judged, now)
    insert(deal) if deal._state.adding else deal.save()
    write_answers(actor=actor, deal=deal, answers=answers)
    keep_way(deal, way)
    registered = DealRegistered(
        customer=deal.customer_name,
        product_line=product_line.name,
        amount=str(deal.amount),
        currency=deal.currency,
        account_id=deal.account_id or 0,
    )
    told = [NewEvent(registered, deal, deal.partner_id), *tell_way(actor, deal, way)]
    if judged is None:
        told.append(ask_distributor(deal, way, now))
    else:
        write_decision(deal, judged, conflict, now)
        told.append(outcome_of(deal, judged, conflict, rights))
    record_many([*news, *told], actor=actor)
    return deal
