"""Looking at partners again: which tier they reach, and what follows.

For one partner and for all of them it is the same: their rows are locked, one statement counts
and judges, and writes down what is new about those who stay where they are; those for whom
something happens, or is under way, come back and are decided by the pure `step`. Whoever is
looked at twice with the same figures leaves no trace.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.sql import Sql, rows_of
from partners.measures import Among
from partners.models import Partner
from partners.queries.judging import judged
from partners.queries.programmes import ReadProgramme, in_force
from partners.services.tier_moves import Moving, Outcome, Seen

# No key of a deal is locked, so that partners go on registering while they are looked at.
# The statement is long and its rows are few or found by index: compiling it costs more than it
# gains.
LOCK = """
SET LOCAL jit = off;
SELECT p.id FROM partners_partner p WHERE {where} ORDER BY p.id FOR NO KEY UPDATE
"""


ASSESS = """
WITH {judged},
seen AS MATERIALIZED (
    SELECT j.*, s.grace_since, s.grace_until, s.declined_id,
           s.programme_id AS was_id, x.id AS exception_id,
           x.tier_id AS exception_tier_id, w.id AS proposal_id, w.after_id AS proposed_id,
           s.partner_id IS NULL OR s.programme_id <> %(programme)s OR s.measured <> j.measured
               OR s.reached_id <> j.reached_id OR s.points IS DISTINCT FROM j.points AS is_news
    FROM judged j
    LEFT JOIN partners_tierstanding s ON s.partner_id = j.id
    LEFT JOIN partners_tierexception x ON x.partner_id = j.id AND x.ended_at IS NULL
    LEFT JOIN partners_tierproposal w ON w.partner_id = j.id AND w.status = 'waiting'),
calm AS (
    SELECT * FROM seen
    WHERE reached_id = tier_id AND grace_until IS NULL AND exception_id IS NULL
      AND proposal_id IS NULL AND declined_id IS NULL),
written AS (
    INSERT INTO partners_tierassessment (partner_id, programme_id, cause, first_day, last_day,
        measured, points, reached_id, before_id, after_id, action, at)
    SELECT id, %(programme)s, %(cause)s, %(first_day)s, %(last_day)s, measured, points,
           reached_id, tier_id, tier_id, 'stayed', %(now)s
    FROM calm WHERE is_news
    RETURNING id, partner_id, measured, points, reached_id),
stood AS (
    INSERT INTO partners_tierstanding (partner_id, programme_id, assessment_id, measured, points,
        reached_id)
    SELECT partner_id, %(programme)s, id, measured, points, reached_id FROM written
    ON CONFLICT (partner_id) DO UPDATE SET programme_id = excluded.programme_id,
        assessment_id = excluded.assessment_id, measured = excluded.measured,
        points = excluded.points, reached_id = excluded.reached_id)
SELECT (SELECT count(*) FROM seen), (SELECT count(*) FROM written), seen.id, tier_id, rank,
       measured::text, points, reached_id, reached_rank, grace_since, grace_until, declined_id,
       exception_id IS NOT NULL, exception_tier_id, proposal_id, proposed_id, is_news,
       was_id
FROM (SELECT 1) AS always LEFT JOIN seen ON NOT (
    reached_id = tier_id AND grace_until IS NULL AND exception_id IS NULL
    AND proposal_id IS NULL AND declined_id IS NULL)
"""


def nothing() -> Outcome:
    return Outcome(0, 0, Counter())


@transaction.atomic
def assess(among: Among, *, cause: str, now: dt.datetime | None = None) -> Outcome:
    """Looks at some partners again by the programmes in force. `cause` is kept in what is
    written: a fact's name, a run.

    One statement for each programme, and a few more when something happens.
    """
    now = now or timezone.now()
    outcome = nothing()
    deciding = in_force(now)
    if not deciding:
        return outcome
    rows_of(Sql(LOCK.format(where=among.where("p.id")), among.values))
    for place, one in enumerate(deciding):
        outcome.add(_assess_by(one, deciding[:place], among, cause, now))
    return outcome


def assess_partner(partner_id: int, *, cause: str, now: dt.datetime | None = None) -> Outcome:
    return assess(Among(ids=(partner_id,)), cause=cause, now=now)


def _assess_by(
    one: ReadProgramme,
    before: Sequence[ReadProgramme],
    among: Among,
    cause: str,
    now: dt.datetime,
) -> Outcome:
    today = timezone.localdate(now)
    period = one.period(today)
    inner = judged(one, before, among, today)
    values: dict[str, Any] = {
        **inner.values,
        "programme": one.id,
        "cause": cause[:200],
        "first_day": period.first,
        "last_day": period.last,
        "now": now,
    }
    # For one partner the plan of it takes ten times as long as its work.
    planned_once = among.ids is not None
    rows = rows_of(Sql(ASSESS.format(judged=inner.text), values), planned_once=planned_once)
    seen, written = rows[0][:2]
    moving = [Seen(*row[2:]) for row in rows if row[2] is not None]
    outcome = Outcome(seen, written, Counter())
    if moving:
        Moving(one, cause, now).move(moving, outcome)
    return outcome


def lock_partner(partner_id: int) -> Partner:
    """The partner, ordered with whoever looks at it. Raises Partner.DoesNotExist."""
    return (
        Partner.objects.select_for_update(no_key=True, of=("self",))
        .select_related("tier", "region")
        .get(pk=partner_id)
    )
