"""P2: how a hundred thousand partners fit the ideal one."""

import time
from collections.abc import Callable
from decimal import Decimal

from django.db import connection, transaction

from bench import partners
from bench.harness import Result, Scale, at_most
from partners.measures import Among
from partners.models import IdealProfile, PartnerFit
from partners.rules.fit import Band, Criterion
from partners.services import ideal_profiles
from partners.services.fit import score_partners

SIZES = {"small": 3_000, "full": 100_000}
TITLE = "Bench P2"
BATCH = 1_000
PROMISED = 20.0

BESIDE = """
INSERT INTO partners_partnerprofile (partner_id, about, website, phone, street, postal_code, city,
                                     employees, founded, version, changed_at)
SELECT p.id, '', '', '', '', '', '', 3 + p.id %% 900, 1980 + p.id %% 45, 1, now()
FROM partners_partner p WHERE p.id = ANY(%(ids)s) ON CONFLICT DO NOTHING;
INSERT INTO partners_partnerterritory (partner_id, place)
SELECT p.id, one FROM partners_partner p, unnest(ARRAY['DE-BY', 'AT', 'FR']) AS one
WHERE p.id = ANY(%(ids)s) AND p.id %% 3 > 0 ON CONFLICT DO NOTHING
"""
# What the criteria look at, read as it stands, and the rows that are written.
BARE_READS = (
    "SELECT p.id, p.type, p.country, r.path FROM partners_partner p "
    "JOIN partners_region r ON r.id = p.region_id WHERE p.id = ANY(%s) ORDER BY p.id",
    "SELECT partner_id, employees, founded FROM partners_partnerprofile WHERE partner_id = ANY(%s)",
    "SELECT partner_id, place FROM partners_partnerterritory WHERE partner_id = ANY(%s)",
    "SELECT h.partner_id, h.focus_id, f.kind FROM partners_partnerfocus h "
    "JOIN partners_focus f ON f.id = h.focus_id WHERE partner_id = ANY(%s)",
    "SELECT partner_id, sum(closed_amount) FROM dealreg_deal WHERE partner_id = ANY(%s) "
    "AND stage = 'won' GROUP BY partner_id",
    "SELECT partner_id, score, reasons::text FROM partners_partnerfit WHERE partner_id = ANY(%s)",
)
BARE_WRITE = "INSERT INTO bare_fit SELECT * FROM partners_partnerfit WHERE partner_id = ANY(%s)"


def measure(scale: Scale) -> list[Result]:
    """Everybody scored for the first time, and again with nothing new, as the worker does it, a
    thousand at a time; against the bare statements that read the same and write the same rows."""
    wanted = SIZES[scale]
    partners.fill(wanted)
    keys = partners.ids()[:wanted]
    with connection.cursor() as cursor:
        cursor.execute(BESIDE, {"ids": keys})
        cursor.execute("ANALYZE")
    publish()
    PartnerFit.objects.filter(partner__in=keys).delete()
    fresh = timed(lambda: score(keys))
    again = timed(lambda: score(keys))
    bare, bare_again = timed(lambda: read(keys, write=True)), timed(lambda: read(keys))
    print(
        f"{wanted:,} partners: bare {bare:.1f} s, first {fresh:.1f} s, nothing new {again:.1f} s "
        f"(bare {bare_again:.1f} s) … ",
        end="",
        flush=True,
    )
    return [
        Result(f"fit, {wanted:,} partners for the first time", fresh, "s", bare, at_most(PROMISED)),
        Result("… with nothing new", again, "s", bare_again, at_most(PROMISED)),
    ]


def publish() -> None:
    """Eight criteria of all kinds, half of the weight on numbers."""
    if IdealProfile.objects.filter(title=TITLE, status="published").exists():
        return
    half = (Band(Decimal(10), 50), Band(Decimal(100), 100))
    said = (
        Criterion("a", "employees", "Size", 20, bands=half),
        Criterion("b", "years", "Age", 10, bands=half),
        Criterion("c", "specialisations", "Skills", 10, bands=(Band(Decimal(2), 100),)),
        Criterion("d", "type", "Type", 10, members=frozenset({"reseller", "msp"})),
        Criterion("e", "country", "Seat", 10, members=frozenset({"DE", "AT", "CH"})),
        Criterion("f", "territory", "Where", 10, members=frozenset({"DE", "AT"}), needed=2),
        Criterion("g", "measure:sourced_revenue", "Revenue", 20, bands=half),
        Criterion("h", "check", "Own support", 10),
    )
    row = ideal_profiles.draft_ideal(actor=partners.BENCH)
    draft = ideal_profiles.IdealDraft(TITLE, said)
    ideal_profiles.write_ideal(actor=partners.BENCH, profile_id=row.pk, draft=draft)
    ideal_profiles.publish_ideal(actor=partners.BENCH, profile_id=row.pk)


def score(keys: list[int]) -> None:
    for first in range(0, len(keys), BATCH):
        chunk = keys[first : first + BATCH]
        score_partners(Among(after=chunk[0] - 1, upto=chunk[-1]))


@transaction.atomic
def read(keys: list[int], *, write: bool = False) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE bare_fit (LIKE partners_partnerfit INCLUDING INDEXES) ON COMMIT DROP"
        )
        for first in range(0, len(keys), BATCH):
            chunk = keys[first : first + BATCH]
            for statement in BARE_READS:
                cursor.execute(statement, [chunk])
                cursor.fetchall()
            if write:
                cursor.execute(BARE_WRITE, [chunk])


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
