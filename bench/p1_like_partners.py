"""P1: finding partners that are one company under two names, among a hundred thousand."""

import random
import time

from django.db import transaction

from bench import partners
from bench.harness import Result, Scale, at_least, at_most
from bench.s1_conflict_detection import VARIANTS
from partners.models import Partner, PartnerKey, PartnerPair, Region
from partners.services.duplicates import AT_ONCE, look_at

SIZES = {"small": 3_000, "full": 100_000}
DOUBLES = 200
PROMISED_SECONDS = {"small": 20.0, "full": 600.0}
PROMISED_FOUND = 0.95


class Undone(Exception):
    """What was written for the measurement goes again."""


def measure(scale: Scale) -> list[Result]:
    """The search over all of them, beginning with none looked at, as many at a time as the worker
    takes; some are in there twice, written otherwise, half of them with another domain."""
    wanted = SIZES[scale]
    partners.fill(wanted)
    keys = partners.ids()[:wanted]
    took, found = 0.0, 0
    try:
        with transaction.atomic():
            PartnerKey.objects.filter(partner__in=keys).delete()
            doubles = make_doubles(keys)
            every = [*keys, *doubles]
            began = time.perf_counter()
            for first in range(0, len(every), AT_ONCE):
                chunk = every[first : first + AT_ONCE]
                rows = Partner.objects.filter(pk__in=chunk).order_by("pk")
                look_at(list(rows.prefetch_related("domains")))
            took = time.perf_counter() - began
            pairs = set(PartnerPair.objects.values_list("first", "second"))
            found = sum((original, double) in pairs for double, original in doubles.items())
            print(f"{len(pairs):,} pairs … ", end="", flush=True)
            raise Undone
    except Undone:
        pass
    promised = PROMISED_SECONDS[scale]
    return [
        Result(f"like partners among {wanted:,}, all looked at", took, "s", promised, at_most(1)),
        Result("… doubles found", found / DOUBLES, "", PROMISED_FOUND, at_least(1)),
    ]


def make_doubles(keys: list[int]) -> dict[int, int]:
    """Partners written once more, each in one of the ways in which people vary a name; by whose."""
    chance = random.Random(1)
    originals = Partner.objects.in_bulk(chance.sample(keys, DOUBLES))
    ways = list(VARIANTS.values())
    # Names are there once in a region.
    elsewhere = Region.objects.get(path=partners.TOP)
    rows = [
        Partner(
            name=ways[place % len(ways)](chance, one.name)[:160],
            type=one.type,
            status=one.status,
            region=elsewhere,
            tier_id=one.tier_id,
            country=one.country,
        )
        for place, one in enumerate(originals.values())
    ]
    made = Partner.objects.bulk_create(rows)
    return {row.pk: key for row, key in zip(made, originals, strict=True)}
