"""What fsck checks of deal registration."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from core import money_rates
from core.fsck import Finding, check
from core.models import Appointment, ExchangeRate, QueueState
from dealreg.books import in_force
from dealreg.models import (
    Account,
    AccountAlias,
    AccountKey,
    Deal,
    Decision,
    Extension,
    Protection,
    SaleChange,
    SaleClosing,
)
from dealreg.rules.protection import ExtensionStatus
from dealreg.rules.sale import SaleField
from dealreg.rules.states import CLOSED_STAGES, DECIDED, OPEN_STAGES, DealStage, DealStatus
from dealreg.services.belongings import pointing_to_customers
from dealreg.services.protecting import LAPSE

MOST_FINDINGS = 100
# What ended longer ago than this should have been noted.
LATE = dt.timedelta(minutes=15)
# dealreg.measures.ACCEPTED
ACCEPTED_STATUSES = ["approved"]


@check(
    "dealreg.protections",
    "A protection belongs to an approved or lapsed deal of the same customer.",
)
def protections() -> Iterator[Finding]:
    wrong = Protection.objects.filter(released_at__isnull=True).exclude(
        deal__status__in=[DealStatus.APPROVED, DealStatus.LAPSED],
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
    late = Deal.objects.filter(
        status=DealStatus.APPROVED,
        stage__in=sorted(OPEN_STAGES),
        protection__released_at__isnull=True,
        protection__period__endswith__lt=timezone.now() - LATE,
    )
    for deal in late.order_by("pk")[:MOST_FINDINGS]:
        yield Finding("dealreg.decisions", f"{deal.reference} should have lapsed.")
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


@check("dealreg.followed", "Every protection of an open sale has its end among the appointments.")
def followed() -> Iterator[Finding]:
    made = Appointment.objects.filter(
        kind=LAPSE,
        subject_type=Deal._meta.label_lower,
        subject_id=OuterRef("deal_id"),
        key="",
    ).exclude(state=QueueState.DONE)
    running = Protection.objects.filter(
        released_at__isnull=True,
        deal__status=DealStatus.APPROVED,
        deal__stage__in=sorted(OPEN_STAGES),
    )
    for protection in running.filter(~Exists(made)).order_by("pk")[:MOST_FINDINGS]:
        yield Finding("dealreg.followed", f"The end of protection {protection.pk} is not noted.")
    waiting = Extension.objects.filter(status=ExtensionStatus.WAITING).exclude(
        deal__status=DealStatus.APPROVED, deal__stage__in=sorted(OPEN_STAGES)
    )
    for extension in waiting.order_by("pk")[:MOST_FINDINGS]:
        yield Finding("dealreg.followed", f"Extension {extension.pk} waits, its deal is over.")


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


@check("dealreg.rates", "Closed amounts have an exchange rate on their day.", deep=True)
def rates_of_closed_deals() -> Iterator[Finding]:
    rated = ExchangeRate.objects.filter(
        currency=OuterRef("currency"), valid_from__lte=OuterRef("closed_on")
    )
    unrated = Deal.objects.filter(
        ~Exists(rated), stage=DealStage.WON, status__in=ACCEPTED_STATUSES
    ).exclude(currency=money_rates.base_currency())
    for deal in unrated.order_by("pk")[:MOST_FINDINGS]:
        yield Finding(
            "dealreg.rates",
            f"{deal.reference} was won in {deal.currency}, which had no rate then: "
            "no measure counts it.",
            (deal.pk,),
        )


@check("dealreg.sales", "A closed sale protects nothing, an open one has no end that stands.")
def closed_sales() -> Iterator[Finding]:
    protected = Deal.objects.filter(
        stage__in=sorted(CLOSED_STAGES),
        protection__isnull=False,
        protection__released_at__isnull=True,
    )
    for deal in protected.order_by("pk")[:MOST_FINDINGS]:
        yield Finding("dealreg.sales", f"{deal.reference} is {deal.stage} but still protected.")
    open_again = SaleClosing.objects.filter(
        reopened_at__isnull=True, deal__stage__in=sorted(OPEN_STAGES)
    )
    for closing in open_again.order_by("pk")[:MOST_FINDINGS]:
        yield Finding("dealreg.sales", f"Closing {closing.pk} stands but its sale is open.")


@check("dealreg.sales-history", "The stage of a sale is what its history says last.", deep=True)
def history_of_sales() -> Iterator[Finding]:
    last = SaleChange.objects.filter(deal=OuterRef("pk"), field=SaleField.STAGE)
    said = Deal.objects.annotate(said=last.order_by("-at", "-id").values("new")[:1])
    for deal in said.exclude(said=None).exclude(said=F("stage")).order_by("pk")[:MOST_FINDINGS]:
        yield Finding("dealreg.sales-history", f"{deal.reference}: its history ends elsewhere.")
