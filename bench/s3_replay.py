"""S3: replaying stored decisions with other rules of engagement."""

import datetime as dt
import os
import resource
import time
import tracemalloc
from pathlib import Path

from django.db import connection

from bench import data
from bench.harness import Result, Scale, at_least, at_most
from dealreg import replay
from dealreg.books import current_book
from dealreg.rules.engagement import Book, Rule, read_group
from dealreg.rules.states import Outcome

DECISIONS = {"small": 60_000, "full": 1_000_000}
PROMISED_PER_SECOND = 50_000.0
# What replaying ten times as many may keep more, in MB.
PROMISED_MB = 10.0
MARK = "bench-s3"
EPOCH = dt.datetime(2001, 1, 1, tzinfo=dt.UTC)
END = dt.datetime(2015, 1, 1, tzinfo=dt.UTC)

FACTS = """
jsonb_build_object(
  'partner.in_business', true, 'partner.status', 'active', 'partner.type', 'reseller',
  'partner.tier', (ARRAY['Registered', 'Silver', 'Gold'])[1 + n %% 3],
  'partner.region', (ARRAY['WORLD.EMEA', 'WORLD.AMER', 'WORLD.APAC'])[1 + n %% 3],
  'partner.approval_limit', '50000.000', 'deal.amount', (500 + (n * 7919) %% 300000)::text,
  'deal.over_tier_limit', (n * 7919) %% 300000 > 49500, 'deal.product_line', 'cloud',
  'deal.public_sector', n %% 20 = 0, 'deal.customer_consent', n %% 3 = 0,
  'deal.days_to_close', ((n %% 200))::text, 'customer.country', 'DE',
  'customer.in_partner_country', n %% 2 = 0,
  'conflict.level', (ARRAY['none', 'none', 'none', 'possible', 'likely', 'same'])[1 + n %% 6],
  'conflict.own_open', n %% 50 = 0)
"""
FILL = f"""
INSERT INTO dealreg_decision (deal_id, origin, outcome, book_id, rule, reason, message,
    conflict_level, facts, trace, asked_for, decided_at)
SELECT deal.id, 'rule', 'approve', %(book)s, %(mark)s, '', '', 'none', {FACTS}, '[]', '[]',
    timestamptz '2001-01-01' + n * interval '1 second'
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM dealreg_deal
      ORDER BY id LIMIT 10000) AS deal ON deal.place = n %% 10000
-- Decisions lie in the table in the order in which they were made.
ORDER BY n
"""


def measure(scale: Scale) -> list[Result]:
    """Reads decisions in batches from PostgreSQL and judges each by a book of eight rules, as a
    worker does; the rate is per second of one core, PostgreSQL's work on it included. Then
    what memory a long replay keeps beyond a short one."""
    number = DECISIONS[scale]
    fill(number)
    run_through(20_000)
    began, python, postgres = time.perf_counter(), time.process_time(), backend_seconds()
    judged = run_through(number)
    took = time.perf_counter() - began
    python, postgres = time.process_time() - python, backend_seconds() - postgres
    rate = number / (python + postgres)
    if judged != number:
        raise AssertionError(f"{judged} of {number} decisions were judged")
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    grown = peak(6 * replay.BATCH) - peak(2 * replay.BATCH)
    print(
        f"{took:.1f} s for {number:,}: Python {python:.1f} s and PostgreSQL {postgres:.1f} s of a "
        f"core; {resident:.0f} MB resident … ",
        end="",
        flush=True,
    )
    return [
        Result("replay of decisions", rate, "1/s", PROMISED_PER_SECOND, at_least(1)),
        Result("… memory, six batches above two", max(grown, 0.01), "MB", PROMISED_MB, at_most(1)),
    ]


def book() -> Book:
    """Eight rules over words, choices, amounts and two facts compared with each other."""
    written: list[tuple[Outcome, dict[str, object]]] = [
        (Outcome.DECLINE, {"all": [{"fact": "partner.in_business", "is": False}]}),
        (
            Outcome.DECLINE,
            {
                "all": [
                    {"fact": "deal.public_sector", "is": True},
                    {"fact": "deal.customer_consent", "is": False},
                ]
            },
        ),
        (Outcome.REVIEW, {"all": [{"fact": "conflict.own_open", "is": True}]}),
        (Outcome.REVIEW, {"all": [{"fact": "conflict.level", "in": ["likely", "same"]}]}),
        (
            Outcome.REVIEW,
            {"all": [{"fact": "deal.amount", "above": {"fact": "partner.approval_limit"}}]},
        ),
        (
            Outcome.REVIEW,
            {
                "any": [
                    {"fact": "partner.tier", "is": "Registered"},
                    {"fact": "deal.days_to_close", "above": 180},
                ]
            },
        ),
        (Outcome.DECLINE, {"all": [{"fact": "deal.amount", "below": 1000}]}),
        (Outcome.APPROVE, {}),
    ]
    rules = (
        Rule(f"r{place}", outcome, read_group(when), "")
        for place, (outcome, when) in enumerate(written)
    )
    return Book(1, tuple(rules))


def fill(number: int) -> None:
    """Decisions of long ago, made where they are missing."""
    data.fill(accounts=10_000, deals=10_000)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM dealreg_decision WHERE rule = %s", [MARK])
        there = cursor.fetchone()[0]
        if there < number:
            values = {"book": current_book().id, "mark": MARK, "first": there, "last": number - 1}
            cursor.execute(FILL, values)
            cursor.execute("VACUUM (ANALYZE) dealreg_decision")


def run_through(number: int) -> int:
    """Replays the first `number` of the bench's decisions; how many were judged."""
    work = replay.Replay(book(), scope=replay.BookScope("", None))
    last, read = (EPOCH, -1), 0
    while read < number:
        rows = replay.read_batch(last, END, min(replay.BATCH, number - read))
        if not rows:
            break
        work.judge(rows)
        work.tally.to_json()
        last, read = (rows[-1][1], rows[-1][0]), read + len(rows)
    return sum(replay.matrix(work.tally).values())


def backend_seconds() -> float:
    """The time of a core that PostgreSQL has spent for this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        process = int(cursor.fetchone()[0])
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak(number: int) -> float:
    """The most memory that Python held while replaying, in MB."""
    tracemalloc.start()
    run_through(number)
    most = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return most
