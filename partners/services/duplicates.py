"""The search for partners that are one company under two names. People decide (merging.py)."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.actor import Actor
from core.events import record
from core.prepared import Prepared
from partners.events.merging import PairDismissed
from partners.models import Partner, PartnerDomain, PartnerKey, PartnerMerge, PartnerPair
from partners.queries.matching import close_to, close_to_each
from partners.registries.likeness import Company, Likeness, comparison
from partners.services.authority import require_operations

LOOK_FOR_LIKE_PARTNERS = "partners.tasks.look_for_like_partners"
AT_ONCE = 500
SECONDS = 45.0
MOST_OPEN = 5_000

WRITE_KEYS = Prepared("""
INSERT INTO partners_partnerkey (key, partner_id)
SELECT key, partner_id FROM unnest(%s::bigint[], %s::bigint[]) AS added (key, partner_id)
ORDER BY partner_id, key
ON CONFLICT DO NOTHING
""")


@dataclass(frozen=True, slots=True)
class Like:
    """A partner that may be the company that was asked for."""

    partner: Partner
    likeness: Likeness


def like_partners(company: Company) -> list[Like]:
    """The partners that may be this company, the surest first. Three queries by index."""
    partners = unmerged().filter(pk__in=close_to(company)).prefetch_related("domains")
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
def look_at(partners: Sequence[Partner]) -> None:
    """Writes under which keys these are found, and keeps the pairs that may be one. Five queries,
    however many they are."""
    companies = {partner.pk: company_of(partner) for partner in partners}
    PartnerKey.objects.filter(partner__in=partners).delete()
    keys = [(key, pk) for pk, one in companies.items() for key in comparison().keys(one)]
    with connection.cursor() as cursor:
        WRITE_KEYS.run(cursor, [[key for key, _pk in keys], [pk for _key, pk in keys]])
    close = {
        (min(pk, other), max(pk, other))
        for pk, others in close_to_each(companies).items()
        for other in others
    }
    companies |= _companies({pk for pair in close for pk in pair} - companies.keys())
    PartnerPair.objects.bulk_create(_pairs(sorted(close), companies), ignore_conflicts=True)


def _companies(partner_ids: Iterable[int]) -> dict[int, Company]:
    """Those of them that are not merged into others. One query."""
    domains = ArraySubquery(
        PartnerDomain.objects.filter(partner=OuterRef("pk")).order_by("domain").values("domain")
    )
    rows = unmerged().filter(pk__in=partner_ids).values_list("pk", "name", "country", domains)
    return {pk: Company(name, tuple(known), country) for pk, name, country, known in rows}


def _pairs(
    close: Iterable[tuple[int, int]], companies: Mapping[int, Company]
) -> Iterator[PartnerPair]:
    for first, second in close:
        if first not in companies or second not in companies:
            continue
        likeness = comparison().likeness(companies[first], companies[second])
        if likeness is not None:
            fields = [list(field) for field in likeness.fields]
            yield PartnerPair(first_id=first, second_id=second, score=likeness.score, fields=fields)


def look_on(at_once: int = AT_ONCE, seconds: float = SECONDS) -> int:
    """Looks for some time at partners that nobody has looked at, such as those that were brought
    in many at once; how many these were. Two at work at the same time take different ones."""
    until, looked_at, last = time.monotonic() + seconds, 0, 0
    while not _too_many_open():
        last, number = _look_at_next(last, at_once)
        looked_at += number
        if number < at_once or time.monotonic() > until:
            break
    return looked_at


def _too_many_open() -> bool:
    """Nobody works through more: the search waits until some are decided."""
    open_now = PartnerPair.objects.filter(dismissed_at__isnull=True)
    return open_now[:MOST_OPEN].count() >= MOST_OPEN


@transaction.atomic
def _look_at_next(last: int, at_once: int) -> tuple[int, int]:
    """The id of the last that was looked at now, and how many these were."""
    keys = PartnerKey.objects.filter(partner=OuterRef("pk"))
    rows = unmerged().filter(~Exists(keys), pk__gt=last).order_by("pk")
    claimed = rows.select_for_update(skip_locked=True, no_key=True, of=("self",))
    found = list(claimed.prefetch_related("domains")[:at_once])
    if found:
        look_at(found)
        last = found[-1].pk
    return last, len(found)


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
