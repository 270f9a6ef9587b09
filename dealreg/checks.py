"""What fsck checks of deal registration."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q, Sum
from django.utils import timezone

from core.fsck import Finding, check
from dealreg.books import in_force
from dealreg.models import (
    Account,
    AccountKey,
    Deal,
    Decision,
    Protection,
    Split,
    SplitParty,
    SplitTerms,
)
from dealreg.rules.splits import SplitBasis, SplitStatus
from dealreg.rules.states import DECIDED, DealStatus

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
    for account in Account.objects.filter(~Exists(keys)).order_by("pk")[:MOST_FINDINGS]:
        yield Finding(
            "dealreg.keys",
            f"Customer {account.pk} has no keys; manage.py index_accounts --missing writes them.",
        )


@check("dealreg.keys-of-nobody", "Keys belong to customers that are there.", deep=True)
def keys_of_nobody() -> Iterator[Finding]:
    there = Account.objects.filter(pk=OuterRef("account_id"))
    lost = AccountKey.objects.filter(~Exists(there)).order_by("account_id").distinct("account_id")
    for account_id in lost.values_list("account_id", flat=True)[:MOST_FINDINGS]:
        yield Finding("dealreg.keys-of-nobody", f"Customer {account_id} is gone, its keys are not.")


@check("dealreg.splits", "The parts of a split make 100 per cent, and those in force are agreed.")
def splits() -> Iterator[Finding]:
    uneven = SplitTerms.objects.annotate(total=Sum("parts__percent")).exclude(total=100)
    for terms in uneven.order_by("pk")[:MOST_FINDINGS]:
        yield Finding(
            "dealreg.splits",
            f"Split {terms.split_id}, version {terms.number}, makes {terms.total} per cent.",
        )
    holding = Split.objects.filter(status=SplitStatus.IN_FORCE)
    strangers = SplitParty.objects.filter(split=OuterRef("pk"), partner__isnull=True)
    unasked = SplitParty.objects.filter(split=OuterRef("pk")).exclude(agreed_to=OuterRef("number"))
    terms_there = SplitTerms.objects.filter(split=OuterRef("pk"), number=OuterRef("number"))
    wrong = holding.filter(
        Exists(strangers) | Exists(unasked) & Q(basis=SplitBasis.AGREED) | ~Exists(terms_there)
    )
    for split in wrong.order_by("pk")[:MOST_FINDINGS]:
        yield Finding("dealreg.splits", f"Split {split.pk} is in force without all agreeing.")
