"""The search for partners that are one company under two names. People decide (merging.py)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.actor import Actor
from core.events import record
from partners.events.merging import PairDismissed
from partners.models import Partner, PartnerKey, PartnerMerge, PartnerPair
from partners.registries.likeness import Company, Likeness, comparison
from partners.services.authority import require_operations

LOOK_FOR_LIKE_PARTNERS = "partners.tasks.look_for_like_partners"
AT_ONCE = 300
MOST_ROWS = 3_000
MOST_COMPARED = 80
MOST_OPEN = 5_000


@dataclass(frozen=True, slots=True)
class Like:
    """A partner that may be the company that was asked for."""

    partner: Partner
    likeness: Likeness


def like_partners(company: Company, *, but_for: int | None = None) -> list[Like]:
    """The partners that may be this company, the surest first. Three queries by index."""
    keys = comparison().keys(company)
    rows = PartnerKey.objects.filter(key__in=keys).exclude(partner=but_for or 0)
    shared = Counter(rows.values_list("partner", flat=True)[:MOST_ROWS])
    close = [key for key, _number in shared.most_common(MOST_COMPARED)]
    partners = unmerged().filter(pk__in=close).prefetch_related("domains")
    found = [
        Like(partner, likeness)
        for partner in partners
        if (likeness := comparison().likeness(company_of(partner), company)) is not None
    ]
    return sorted(found, key=lambda like: (-like.likeness.score, like.partner.pk))


def unmerged() -> "models.QuerySet[Partner]":
    gone = PartnerMerge.objects.filter(loser=OuterRef("pk"), undone_at__isnull=True)
    return Partner.objects.filter(~Exists(gone))


def company_of(partner: Partner) -> Company:
    domains = tuple(sorted(row.domain for row in partner.domains.all()))
    return Company(partner.name, domains, partner.country)


@transaction.atomic
def look_at(partners: Sequence[Partner]) -> int:
    """Writes under which keys these are found, and keeps the pairs that may be one; how many
    pairs are new."""
    PartnerKey.objects.filter(partner__in=partners).delete()
    PartnerKey.objects.bulk_create(
        (
            PartnerKey(partner=partner, key=key)
            for partner in partners
            for key in sorted(comparison().keys(company_of(partner)))
        ),
        ignore_conflicts=True,
    )
    before = PartnerPair.objects.count()
    pairs = [pair for partner in partners for pair in _pairs_of(partner)]
    PartnerPair.objects.bulk_create(pairs, ignore_conflicts=True)
    return PartnerPair.objects.count() - before


def _pairs_of(partner: Partner) -> Iterable[PartnerPair]:
    for like in like_partners(company_of(partner), but_for=partner.pk):
        yield PartnerPair(
            first_id=min(partner.pk, like.partner.pk),
            second_id=max(partner.pk, like.partner.pk),
            score=like.likeness.score,
            fields=[list(field) for field in like.likeness.fields],
        )


def look_on(at_once: int = AT_ONCE) -> int:
    """Looks at the next partners that nobody has looked at, such as those that were brought in
    many at once; how many these were."""
    if PartnerPair.objects.filter(dismissed_at__isnull=True)[:MOST_OPEN].count() >= MOST_OPEN:
        return 0
    keys = PartnerKey.objects.filter(partner=OuterRef("pk"))
    rows = unmerged().filter(~Exists(keys)).order_by("pk").prefetch_related("domains")
    found = list(rows[:at_once])
    if found:
        look_at(found)
    return len(found)


def look_again(partner_id: int) -> None:
    """For a partner that is new or is written otherwise."""
    rows = unmerged().filter(pk=partner_id).prefetch_related("domains")
    look_at(list(rows))


def open_pairs() -> "models.QuerySet[PartnerPair]":
    """The pairs to look at: neither found to be two, nor merged."""
    gone = PartnerMerge.objects.filter(
        Q(loser=OuterRef("first")) | Q(loser=OuterRef("second")), undone_at__isnull=True
    )
    return PartnerPair.objects.filter(~Exists(gone), dismissed_at__isnull=True)


@transaction.atomic
def dismiss_pair(*, actor: Actor, pair_id: int) -> None:
    """The two are two, and are not proposed again. Raises PermissionDenied,
    PartnerPair.DoesNotExist."""
    require_operations(actor)
    pair = PartnerPair.objects.select_for_update(of=("self",)).get(pk=pair_id)
    if pair.dismissed_at is not None:
        return
    pair.dismissed_at = timezone.now()
    pair.save(update_fields=["dismissed_at"])
    fact = PairDismissed(pair.first.name, pair.second.name)
    record(fact, subject=pair.first, actor=actor, partner_id=pair.first_id)
    record(fact, subject=pair.second, actor=actor, partner_id=pair.second_id)


@transaction.atomic
def propose_pair(*, actor: Actor, one_id: int, other_id: int) -> PartnerPair:
    """Two partners of which somebody says that they may be one. Raises PermissionDenied,
    ValueError for one and the same."""
    require_operations(actor)
    if one_id == other_id:
        raise ValueError("A partner is one with itself.")
    first, second = sorted((one_id, other_id))
    pair, _new = PartnerPair.objects.get_or_create(first_id=first, second_id=second)
    if pair.dismissed_at is not None:
        pair.dismissed_at = None
        pair.save(update_fields=["dismissed_at"])
    return pair
