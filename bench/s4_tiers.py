"""S4: the tiers of all partners, from their deals."""

import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial

from django.db import connection, transaction
from django.utils import timezone

from bench.harness import Result, Scale, at_most
from core.actor import system
from core.sql import Sql, rows_of
from dealreg.models import Account
from dealreg.services import import_product_lines
from partners.measures import EVERYBODY, measure_named
from partners.models import Partner, Tier, TierAssessment, TierProgramme, TierRun, TierStanding
from partners.queries.programmes import in_force
from partners.runs import recalculation
from partners.services import (
    LevelDraft,
    NewRegion,
    ProgrammeDraft,
    add_regions,
    add_tiers,
    draft_programme,
    publish_programme,
    write_programme,
)
from partners.services.assessing import assess_partner
from prm.demo import programme

SIZES = {"small": (2_000, 200_000), "full": (100_000, 10_000_000)}
ROUNDS = {"small": 3, "full": 2}
EVENTS = 200
PROMISED_MS = 20.0
BATCH = 250_000
BENCH = system("bench")
REGION = "BENCH-S4"

PARTNERS = """
WITH added AS (
    INSERT INTO partners_partner (name, type, status, region_id, tier_id, country, created_at)
    SELECT 'Bench ' || n, 'reseller', 'active', r.id, t.id, 'DE', now()
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n,
         partners_region r, partners_tier t
    WHERE r.path = %(region)s AND t.name = 'Registered'
    RETURNING id, tier_id)
INSERT INTO partners_tierstay (partner_id, tier_id, since, note, by)
SELECT id, tier_id, now(), '', '' FROM added
"""
# A hundred deals for each partner over two years; a fifth won, a fifth lost, in three currencies.
DEALS = """
WITH partner AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM partners_partner
    WHERE region_id = (SELECT id FROM partners_region WHERE path = %(region)s)
), line AS (SELECT min(id) AS id FROM dealreg_productline),
account AS (SELECT min(id) AS id FROM dealreg_account)
INSERT INTO dealreg_deal
    (partner_id, account_id, product_line_id, customer_name, customer_domain, customer_country,
     amount, currency, expected_close, description, public_sector, customer_consent, status,
     stage, closed_on, closed_amount, submitted_at, decided_at, decided_by, source,
     created_at, updated_at, version, next_step)
SELECT partner.id, account.id, line.id, 'Bench', '', 'DE', 1000 + n * 7919 %% 50000,
       (ARRAY['EUR', 'EUR', 'USD', 'GBP'])[1 + n %% 4], current_date, '', false, false,
       CASE WHEN n %% 10 = 9 THEN 'declined' ELSE 'approved' END,
       CASE n %% 5 WHEN 0 THEN 'won' WHEN 1 THEN 'lost'
            ELSE CASE n %% 10 WHEN 9 THEN 'prospecting' ELSE 'engaging' END END,
       CASE WHEN n %% 5 < 2 THEN current_date - (n * 104729 %% 730)::int END,
       CASE n %% 5 WHEN 0 THEN 1000 + n * 7919 %% 50000 WHEN 1 THEN 0 END,
       now() - (n * 104729 %% 730) * interval '1 day', now(), 'bench', 'import', now(), now(), 1, ''
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
JOIN partner ON partner.place = n %% %(partners)s CROSS JOIN line CROSS JOIN account
"""


def measure(scale: Scale) -> list[Result]:
    """A recalculation that writes an assessment of everybody, and one that finds nothing new,
    against the bare aggregates of the programme's four measures, in turns; then one partner
    after an event."""
    partners, deals = SIZES[scale]
    fill(partners, deals)
    publish()
    run()  # everybody reaches their tier once: what follows is the daily work
    fresh, again, bare = [], [], []
    for _round in range(ROUNDS[scale]):
        bare.append(timed(aggregates))
        forget()
        fresh.append(timed(run))
        bare.append(timed(aggregates))
        again.append(timed(run))
    single = one_by_one(partners)
    print(
        f"{partners:,} partners: bare {min(bare):.2f} s, first {min(fresh):.2f} s, "
        f"nothing new {min(again):.2f} s … ",
        end="",
        flush=True,
    )
    return [
        Result("tiers, everybody assessed anew", min(fresh), "s", min(bare), at_most(2)),
        Result("… with nothing new", min(again), "s", min(bare), at_most(2)),
        Result("… one partner after an event, p95", single, "ms", PROMISED_MS, at_most(1)),
    ]


def fill(partners: int, deals: int) -> None:
    """What is missing of so many partners and deals, vacuumed."""
    add_regions(actor=BENCH, regions=[NewRegion(REGION, "Bench")])
    add_tiers(actor=BENCH, tiers=programme.tiers("EUR"))
    import_product_lines(actor=BENCH, lines=programme.PRODUCT_LINES)
    with connection.cursor() as cursor:
        for rate in programme.rates("EUR", timezone.localdate()):
            cursor.execute(
                "INSERT INTO core_exchangerate (currency, rate, valid_from) VALUES (%s, %s, %s) "
                "ON CONFLICT DO NOTHING",
                [rate.currency, rate.rate, rate.valid_from],
            )
    Account.objects.get_or_create(
        external_ref="bench:s4", defaults={"name": "Bench", "name_key": "bench", "country": "DE"}
    )
    grown = insert(PARTNERS, Partner.objects.filter(region__path=REGION).count(), partners, {})
    there = bench_deals()
    if insert(DEALS, there, deals, {"partners": partners}) or grown:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")


def bench_deals() -> int:
    rows = rows_of(
        Sql("SELECT count(*) FROM dealreg_deal WHERE customer_name = 'Bench' AND source = 'import'")
    )
    return int(rows[0][0])


def insert(sql: str, there: int, wanted: int, values: dict[str, int]) -> bool:
    for first in range(there, wanted, BATCH):
        last = min(first + BATCH, wanted) - 1
        print(f"{last + 1:,} … ", end="", flush=True)
        with transaction.atomic(), connection.cursor() as cursor:
            # What is made here refers to what is there: ten million rows need not be looked up.
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(sql, {"first": first, "last": last, "region": REGION, **values})
    return there < wanted


def publish() -> None:
    """Four tiers over revenue, registrations, win rate and pipeline, for all partners."""
    if TierProgramme.objects.filter(title="Bench S4", status="published").exists():
        return
    tiers = dict(Tier.objects.values_list("name", "pk"))
    asked = {
        "Registered": (0, 0, 0, 0),
        "Silver": (50_000, 5, 10, 1),
        "Gold": (200_000, 20, 30, 10_000),
        "Platinum": (400_000, 40, 50, 100_000),
    }
    names = ("sourced_revenue", "deals_registered", "win_rate", "open_pipeline")
    levels = [
        LevelDraft(
            tiers[name],
            {one: Decimal(least) for one, least in zip(names, values, strict=True) if least},
        )
        for name, values in asked.items()
    ]
    row = draft_programme(actor=BENCH)
    draft = ProgrammeDraft("Bench S4", levels, grace_days=0)
    write_programme(actor=BENCH, programme_id=row.pk, draft=draft)
    publish_programme(actor=BENCH, programme_id=row.pk)


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def run() -> None:
    """A whole recalculation as the worker does it."""
    recalculation.ask_recalculation(actor=BENCH, cause="bench")
    claimed = recalculation.claim()
    assert claimed is not None
    recalculation.work_on(claimed)
    done = TierRun.objects.get(pk=claimed.pk)
    if done.state != "done":
        raise AssertionError(done.last_error)


def forget() -> None:
    """As if nobody had been assessed: every assessment is news again."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM partners_tierproposal")
        cursor.execute("UPDATE partners_tierstay SET assessment_id = NULL")
    TierStanding.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM partners_tierassessment")
        cursor.execute("VACUUM (ANALYZE) partners_tierassessment, partners_tierstanding")


def aggregates() -> None:
    """The measures of the programme for everybody, and nothing else."""
    one = next(each for each in in_force(timezone.now()) if each.ladder.measures())
    period = one.period(timezone.localdate())
    for name in one.ladder.measures():
        query = measure_named(name).query(period, EVERYBODY)
        rows_of(Sql(f"SELECT count(*), sum(value) FROM ({query.text}) AS q", query.values))


def one_by_one(partners: int) -> float:
    """The 95th percentile over partners here and there, in milliseconds."""
    keys = list(
        Partner.objects.filter(region__path=REGION).order_by("pk").values_list("pk", flat=True)
    )
    chosen = keys[:: max(partners // EVENTS, 1)][:EVENTS]
    took = sorted(timed(partial(assess_partner, key, cause="bench")) for key in chosen)
    assert TierAssessment.objects.filter(partner__in=chosen).exists()
    return 1000 * took[int(0.95 * len(took))]
