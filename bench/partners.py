"""Partners by the hundred thousand for benchmarks, made where they are missing: each with a name
and a domain of its own, a profile in the public directory, and specialities."""

from typing import Any

from django.db import connection, transaction

from core.actor import system
from core.sql import Sql, rows_of
from dealreg.models import ProductLine
from dealreg.services import import_product_lines
from partners.models import Focus, Partner, PartnerFocus, Region
from partners.rules.record import FocusKind
from partners.services import NewRegion, add_regions, add_tiers
from prm.demo import programme
from prm.demo.coined import COUNTRIES, FORMS, NAMES, TRADES, sql_array

BENCH = system("bench")
TOP = "BENCH-P"
REGIONS = ("NORTH", "SOUTH", "EAST", "WEST")
SMALL_REGION = "ISLE"
RARE_SKILL = "Bench lighthouses"
SKILLS = [f"Bench {trade}" for trade in TRADES[:20]]
TYPES = ["reseller", "msp", "si", "referral", "isv"]
BATCH = 50_000

PARTNERS = f"""
WITH named AS ({NAMES}),
     region AS (SELECT array_agg(id ORDER BY path) AS ids FROM partners_region
                WHERE path LIKE %(top)s || '.%%' AND name <> 'Bench Isle'),
     tier AS (SELECT array_agg(id ORDER BY rank) AS ids FROM partners_tier)
INSERT INTO partners_partner (name, type, status, region_id, tier_id, country, created_at)
SELECT trim(word || ' ' || trade || ' ' || town) || ' ' || ({sql_array(FORMS)})[place],
       ({sql_array(TYPES)})[1 + chance %% {len(TYPES)}], 'active',
       region.ids[1 + chance / 5 %% {len(REGIONS)}],
       tier.ids[1 + chance / 20 %% cardinality(tier.ids)], ({sql_array(COUNTRIES)})[place], now()
FROM named CROSS JOIN region CROSS JOIN tier
CROSS JOIN LATERAL (SELECT hashint8(n) & 1048575 AS chance) AS drawn
ORDER BY n
"""

# What hangs on each of them; `mine` are those that have no profile yet.
BESIDE = """
WITH mine AS (
    SELECT p.id, p.name, p.country, hashint8(p.id) & 1048575 AS n,
           lower(replace(regexp_replace(p.name, ' [^ ]+$', ''), ' ', '-')) AS label
    FROM partners_partner p JOIN partners_region r ON r.id = p.region_id
    WHERE r.path LIKE %(top)s || '.%%'
      AND NOT EXISTS (SELECT 1 FROM partners_directoryprofile d WHERE d.partner_id = p.id)
), domains AS (
    INSERT INTO partners_partnerdomain (partner_id, domain)
    SELECT id, label || '-' || id || '.example' FROM mine
), skills AS (
    INSERT INTO partners_partnerfocus (partner_id, focus_id)
    SELECT mine.id, (%(skills)s::bigint[])[1 + (mine.n / step) %% cardinality(%(skills)s::bigint[])]
    FROM mine CROSS JOIN (VALUES (1), (20)) AS steps (step)
    ON CONFLICT DO NOTHING
)
INSERT INTO partners_directoryprofile
    (partner_id, listed, name, text, website, logo, languages, countries, product_lines,
     closed_because, changed_at)
SELECT id, true, name,
       name || ' plans, installs and looks after what its customers need, with people who stay '
       || 'until it works. Ask us about migrations, audits and training in ' || country || '.',
       'https://www.' || label || '.example/', '',
       ARRAY['en', (ARRAY['de', 'fr', 'es', 'it', 'nl'])[1 + n %% 5]], ARRAY[country],
       ARRAY[(%(lines)s::text[])[1 + n %% cardinality(%(lines)s::text[])]], '', now()
FROM mine
"""


def fill(partners: int) -> None:
    """At least so many, vacuumed when any were added."""
    there = bench_partners()
    if there >= partners:
        return
    print(f"making {partners - there:,} partners … ", end="", flush=True)
    codes = [*REGIONS, SMALL_REGION]
    below = [NewRegion(code, f"Bench {code.title()}", TOP) for code in codes]
    add_regions(actor=BENCH, regions=[NewRegion(TOP, "Bench, partners"), *below])
    add_tiers(actor=BENCH, tiers=programme.tiers("EUR"))
    import_product_lines(actor=BENCH, lines=programme.PRODUCT_LINES)
    skills = [
        Focus.objects.get_or_create(kind=FocusKind.SPECIALISATION, name=name)[0].pk
        for name in SKILLS
    ]
    lines = list(ProductLine.objects.order_by("code").values_list("code", flat=True))
    beside: dict[str, Any] = {"top": TOP, "skills": skills, "lines": lines}
    for first in range(there, partners, BATCH):
        numbers: dict[str, Any] = {
            "first": first + 1,
            "last": min(first + BATCH, partners),
            "top": TOP,
        }
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(PARTNERS, numbers)
            cursor.execute(BESIDE, beside)
    make_some_rare()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def make_some_rare() -> None:
    """One of a thousand is in the small region, and as many have the rare speciality."""
    isle = Region.objects.get(path=f"{TOP}.{SMALL_REGION}")
    rare, _new = Focus.objects.get_or_create(kind=FocusKind.SPECIALISATION, name=RARE_SKILL)
    every = ids()
    Partner.objects.filter(pk__in=every[7::1000]).update(region=isle)
    PartnerFocus.objects.bulk_create(
        (PartnerFocus(partner_id=pk, focus=rare) for pk in every[11::1000]), ignore_conflicts=True
    )


def bench_partners() -> int:
    return Partner.objects.filter(region__path__startswith=f"{TOP}.").count()


def ids() -> list[int]:
    """All of them, in order."""
    found = rows_of(
        Sql(
            "SELECT p.id FROM partners_partner p JOIN partners_region r ON r.id = p.region_id "
            "WHERE r.path LIKE %(like)s ORDER BY p.id",
            {"like": f"{TOP}.%"},
        )
    )
    return [pk for (pk,) in found]
