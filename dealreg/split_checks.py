"""What fsck checks of shared deals."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q, Sum

from core.fsck import Finding, check
from dealreg.models import Split, SplitParty, SplitTerms
from dealreg.rules.splits import SplitBasis, SplitStatus

MOST_FINDINGS = 100


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
