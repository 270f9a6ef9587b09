"""What fsck checks of deal registration."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from core.fsck import Finding, check
from core.models import EventDelivery, QueueState
from dealreg.books import in_force
from dealreg.models import (
    Account,
    AccountAlias,
    AccountKey,
    CaseSide,
    ConflictCase,
    Deal,
    Decision,
    Protection,
    ReviewClock,
)
from dealreg.rules.states import DECIDED, DealStatus
from dealreg.services.merging import pointing_to_customers

MOST_FINDINGS = 100


@check("dealreg.protections", "A protection belongs to an approved deal of the same customer.")
def protections() -> Iterator[Finding]:
    wrong = Protection.objects.filter(released_at__isnull=True).exclude(
        deal__status=DealStatus.APPROVED,
        partner_id=F("deal__partner_id"),
        account_id=F("deal__account_id"),
        product_line_id=F("deal__product_line_id"),
    )
    for protection in wrong.order_by("pk")[:MOST_FINDINGS]:
        yield Finding(
            "dealreg.protections",
            f"Protection {protection.pk} does not fit deal {protection.deal_id}.",
        )


@check("dealreg.decisions", "Every registration that was sent has a decision that agrees with it.")
def decisions() -> Iterator[Finding]:
    sent = Deal.objects.exclude(status=DealStatus.DRAFT)
    undecided = sent.filter(~Exists(Decision.objects.filter(deal=OuterRef("pk"))))
    for deal in undecided.order_by("pk")[:MOST_FINDINGS]:
        yield Finding("dealreg.decisions", f"{deal.reference} is {deal.status} without a decision.")
    unreleased = Deal.objects.filter(
        status=DealStatus.WITHDRAWN, protection__isnull=False, protection__released_at__isnull=True
    )
    for deal in unreleased.order_by("pk")[:MOST_FINDINGS]:
        yield Finding("dealreg.decisions", f"{deal.reference} is withdrawn but still protected.")
    outcomes = {"approve": DealStatus.APPROVED, "decline": DealStatus.DECLINED}
    for outcome, status in outcomes.items():
        last = Decision.objects.filter(deal=OuterRef("pk")).order_by("-id")
        other = Deal.objects.filter(status__in=sorted(DECIDED)).annotate(
            said=last.values("outcome")[:1]
        )
        for deal in (
            other.filter(said=outcome).exclude(status=status).order_by("pk")[:MOST_FINDINGS]
        ):
            yield Finding("dealreg.decisions", f"{deal.reference} is {deal.status}, not {status}.")


@check("dealreg.rules", "Rules that decide wherever no others do are in force.")
def rule_books() -> Iterator[Finding]:
    if not in_force("", None, timezone.now()).exists():
        yield Finding("dealreg.rules", "No rules for all regions and product lines are in force.")


@check("dealreg.keys", "Every customer has the keys under which the conflict check finds it.")
def keys_of_customers() -> Iterator[Finding]:
    keys = AccountKey.objects.filter(account=OuterRef("pk"))
    live = Account.objects.filter(merged_into__isnull=True)
    for account in live.filter(~Exists(keys)).order_by("pk")[:MOST_FINDINGS]:
        yield Finding(
            "dealreg.keys",
            f"Customer {account.pk} has no keys; manage.py index_accounts --missing writes them.",
        )


@check("dealreg.merged", "Nothing belongs to a customer that was merged into another.")
def of_merged_customers() -> Iterator[Finding]:
    for relation in pointing_to_customers():
        if relation.related_model is AccountAlias:
            continue  # names that both had stay where they were
        model, field = relation.related_model, relation.field.name
        lost = model._default_manager.filter(**{f"{field}__merged_into__isnull": False})
        for pk in lost.order_by("pk").values_list("pk", flat=True)[:MOST_FINDINGS]:
            text = f"{model._meta.label_lower} {pk} belongs to a customer that was merged."
            yield Finding("dealreg.merged", text)


@check("dealreg.keys-of-nobody", "Keys belong to customers that are there.", deep=True)
def keys_of_nobody() -> Iterator[Finding]:
    there = Account.objects.filter(pk=OuterRef("account_id"))
    lost = AccountKey.objects.filter(~Exists(there)).order_by("account_id").distinct("account_id")
    for account_id in lost.values_list("account_id", flat=True)[:MOST_FINDINGS]:
        yield Finding("dealreg.keys-of-nobody", f"Customer {account_id} is gone, its keys are not.")


@check("dealreg.cases", "Conflict cases agree with their sides, their clocks and the deals.")
def conflict_cases() -> Iterator[Finding]:
    name = "dealreg.cases"
    decided = ConflictCase.objects.filter(decided_at__isnull=False)
    untold = decided.filter(sides__outcome="").distinct()
    for case in untold.order_by("pk")[:MOST_FINDINGS]:
        yield Finding(name, f"{case.reference} is decided, but not for every side.")
    alone = ConflictCase.objects.filter(~Exists(CaseSide.objects.filter(case=OuterRef("pk"))))
    for case in alone.order_by("pk")[:MOST_FINDINGS]:
        yield Finding(name, f"{case.reference} has no side.")
    late = timezone.now() - dt.timedelta(hours=1)
    unclosed = decided.filter(status="decided", appeal_until__lt=late)
    for case in unclosed.order_by("pk")[:MOST_FINDINGS]:
        yield Finding(name, f"{case.reference} could be appealed until {case.appeal_until}.")
    foreign = CaseSide.objects.exclude(partner_id=F("deal__partner_id"))
    for side in foreign.order_by("pk")[:MOST_FINDINGS]:
        yield Finding(name, f"Side {side.pk} is not of its deal's partner.")


@check("dealreg.clocks", "A clock runs exactly while a registration waits for a person.")
def review_clocks() -> Iterator[Finding]:
    name = "dealreg.clocks"
    running = ReviewClock.objects.filter(stopped_at__isnull=True)
    late = timezone.now() - dt.timedelta(hours=1)
    astray = running.exclude(deal__status=DealStatus.IN_REVIEW).filter(deal__updated_at__lt=late)
    for clock in astray.order_by("pk")[:MOST_FINDINGS]:
        yield Finding(name, f"The clock of deal {clock.deal_id} runs, though nothing waits.")
    # Imported history has no clocks until somebody starts them (services.catch_up_clocks).
    started = EventDelivery.objects.filter(
        handler="dealreg.start_clock",
        state=QueueState.DONE,
        event__subject_type="dealreg.deal",
        event__subject_id=OuterRef("pk"),
    )
    waiting = Deal.objects.filter(Exists(started), status=DealStatus.IN_REVIEW)
    clocks = running.filter(deal=OuterRef("pk"))
    for deal in waiting.filter(~Exists(clocks)).order_by("pk")[:MOST_FINDINGS]:
        yield Finding(name, f"{deal.reference} waits without a clock.")
