"""Looking at partners again: which tier they reach, and what follows.

For one partner and for all of them it is the same: their rows are locked, one statement counts
and judges, and writes down what is new about those who stay where they are; those for whom
something happens, or is under way, come back and are decided by the pure `step`. Whoever is
looked at twice with the same figures leaves no trace.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.actor import system
from core.appointments import NewAppointment, cancel_appointments, make_appointments
from core.events import NewEvent, record_many
from core.sql import Sql, rows_of
from core.system_names import declare_name
from partners.events.tiers import GraceBegun, GraceLeft, TierChanged, TierProposed
from partners.measures import Among
from partners.models import (
    Partner,
    Tier,
    TierAssessment,
    TierProgramme,
    TierProposal,
    TierStanding,
)
from partners.models.standing import ProposalStatus
from partners.queries.judging import judged
from partners.queries.programmes import ReadProgramme, in_force, read_programme
from partners.rules.tiers import Action, Policy, Standing, Step, step
from partners.services.stays import place_in_tiers

PROGRAMME_NAME = declare_name(gettext_noop("Tier programme v%(version)s"))
END_GRACE = "partners.end_grace"
WARN_IN_GRACE = "partners.warn_in_grace"

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


@dataclass(frozen=True, slots=True)
class Seen:
    """A partner for whom something happens or is under way, in the order of ASSESS."""

    partner_id: int
    tier_id: int
    rank: int
    measured: str
    points: int | None
    reached_id: int
    reached_rank: int
    grace_since: dt.datetime | None
    grace_until: dt.datetime | None
    declined_id: int | None
    excepted: bool
    exception_tier_id: int | None
    proposal_id: int | None
    proposed_id: int | None
    is_news: bool
    was_id: int | None


@dataclass(slots=True)
class Outcome:
    """How many partners were looked at, how many assessments written, what happened."""

    seen: int
    written: int
    actions: Counter[str]

    def add(self, other: "Outcome") -> None:
        self.seen += other.seen
        self.written += other.written
        self.actions.update(other.actions)


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
        _Moving(one, cause, now).move(moving, outcome)
    return outcome


class _Moving:
    """Writes down what happens to the partners of one statement, many at once."""

    def __init__(self, one: ReadProgramme, cause: str, now: dt.datetime) -> None:
        self.one, self.cause, self.now = one, cause, now
        self.tiers = {tier.pk: tier for tier in Tier.objects.all()}
        self.by_rank = {tier.rank: tier for tier in self.tiers.values()}
        self.period = one.period(timezone.localdate(now))
        self.actor = system(PROGRAMME_NAME % {"version": one.version})

    def move(self, rows: Sequence[Seen], outcome: Outcome) -> None:
        steps = [(row, self.standing_of(row)) for row in rows]
        graces = self.graces(rows)
        taken = [
            (row, before, step(before, row.reached_rank, graces[row.was_id], self.now))
            for row, before in steps
        ]
        new = [each for each in taken if self.is_new(*each)]
        if not new:
            return
        assessments = TierAssessment.objects.bulk_create(
            (self.assessment(row, done) for row, _before, done in new), batch_size=2000
        )
        TierStanding.objects.bulk_create(
            (
                self.stored(row, done, assessment)
                for (row, _before, done), assessment in zip(new, assessments, strict=True)
            ),
            batch_size=2000,
            update_conflicts=True,
            unique_fields=["partner"],
            update_fields=[
                "programme", "assessment", "measured", "points", "reached", "grace_since",
                "grace_until", "warned_at", "declined",
            ],
        )  # fmt: skip
        self.follow(new, assessments, graces)
        outcome.written += len(new)
        outcome.actions.update(done.action.value for _row, _before, done in new)

    def graces(self, rows: Sequence[Seen]) -> dict[int | None, Policy]:
        """By the programme that decided before. Where one of the two is tried out, the longer
        grace counts: nobody falls because a trial begins or ends without it."""
        found: dict[int | None, Policy] = {row.was_id: self.one.policy for row in rows}
        others = [key for key in found if key not in {None, self.one.id}]
        if others:
            for row in TierProgramme.objects.filter(pk__in=others).select_related("region"):
                before = read_programme(row).policy
                if (
                    row.tried or self.one.reaches is not None
                ) and before.grace > self.one.policy.grace:
                    found[row.pk] = replace(
                        self.one.policy, grace=before.grace, warning=before.warning
                    )
        return found

    def standing_of(self, row: Seen) -> Standing:
        exception: int | None = None
        if row.excepted:
            given = row.exception_tier_id
            exception = self.tiers[given].rank if given else row.rank
        return Standing(
            rank=row.rank,
            grace_since=row.grace_since,
            grace_until=row.grace_until,
            exception=exception,
            proposed=self.tiers[row.proposed_id].rank if row.proposed_id else None,
            declined=self.tiers[row.declined_id].rank if row.declined_id else None,
        )

    def is_new(self, row: Seen, before: Standing, done: Step) -> bool:
        return row.is_news or done.after != before

    def assessment(self, row: Seen, done: Step) -> TierAssessment:
        return TierAssessment(
            partner_id=row.partner_id,
            programme_id=self.one.id,
            cause=self.cause[:200],
            first_day=self.period.first,
            last_day=self.period.last,
            measured=json.loads(row.measured),
            points=row.points,
            reached_id=row.reached_id,
            before_id=row.tier_id,
            after_id=self.by_rank[done.after.rank].pk,
            action=done.action,
            at=self.now,
        )

    def stored(self, row: Seen, done: Step, assessment: TierAssessment) -> TierStanding:
        after = done.after
        return TierStanding(
            partner_id=row.partner_id,
            programme_id=self.one.id,
            assessment=assessment,
            measured=assessment.measured,
            points=row.points,
            reached_id=row.reached_id,
            grace_since=after.grace_since,
            grace_until=after.grace_until,
            warned_at=None,
            declined_id=None if after.declined is None else self.by_rank[after.declined].pk,
        )

    def follow(
        self,
        new: Sequence[tuple[Seen, Standing, Step]],
        assessments: Sequence[TierAssessment],
        graces: Mapping[int | None, Policy],
    ) -> None:
        partners = Partner.objects.in_bulk([row.partner_id for row, _before, _done in new])
        news: list[NewEvent] = []
        moved: list[TierAssessment] = []
        appointments: list[NewAppointment] = []
        for (row, before, done), assessment in zip(new, assessments, strict=True):
            partner = partners[row.partner_id]
            if done.after.rank != before.rank:
                moved.append(assessment)
                news.append(self.changed(partner, assessment))
            if done.action == Action.GRACE:
                assert done.after.grace_until is not None
                news.append(self.begun(partner, row, done.after.grace_until))
                policy = graces[row.was_id]
                appointments += self.appointments(partner, done.after.grace_until, policy)
            elif before.grace_until is not None and done.after.grace_until is None:
                cancel_appointments(partner, END_GRACE, WARN_IN_GRACE)
                if done.after.rank >= before.rank:
                    fact = GraceLeft(self.tiers[row.tier_id].name)
                    news.append(NewEvent(fact, partner, partner.pk))
        make_appointments(appointments)
        place_in_tiers(moved, actor=self.actor, now=self.now)
        news += self.proposals(new, assessments, partners)
        record_many(news, actor=self.actor)

    def changed(self, partner: Partner, assessment: TierAssessment) -> NewEvent:
        fact = TierChanged(
            self.tiers[assessment.before_id].name, self.tiers[assessment.after_id].name, ""
        )
        return NewEvent(fact, partner, partner.pk)

    def begun(self, partner: Partner, row: Seen, until: dt.datetime) -> NewEvent:
        fact = GraceBegun(self.tiers[row.tier_id].name, self.tiers[row.reached_id].name, until)
        return NewEvent(fact, partner, partner.pk)

    def appointments(
        self, partner: Partner, until: dt.datetime, policy: Policy
    ) -> list[NewAppointment]:
        made = [NewAppointment(END_GRACE, partner, until)]
        warning = until - policy.warning
        if policy.warning and warning > self.now:
            made.append(NewAppointment(WARN_IN_GRACE, partner, warning))
        return made

    def proposals(
        self,
        new: Sequence[tuple[Seen, Standing, Step]],
        assessments: Sequence[TierAssessment],
        partners: dict[int, Partner],
    ) -> list[NewEvent]:
        """Those that are no longer wanted are overtaken, those that are new wait."""
        overtaken = [
            row.proposal_id
            for row, before, done in new
            if row.proposal_id and done.after.proposed != before.proposed
        ]
        TierProposal.objects.filter(pk__in=overtaken).update(
            status=ProposalStatus.OVERTAKEN, decided_at=self.now
        )
        wanted = [
            (row, done, assessment)
            for (row, before, done), assessment in zip(new, assessments, strict=True)
            if done.after.proposed is not None and done.after.proposed != before.proposed
        ]
        rows = TierProposal.objects.bulk_create(
            TierProposal(
                partner_id=row.partner_id,
                before_id=row.tier_id,
                after_id=row.reached_id,
                assessment=assessment,
                asked_at=self.now,
            )
            for row, _done, assessment in wanted
        )
        return [
            NewEvent(
                TierProposed(self.tiers[one.before_id].name, self.tiers[one.after_id].name),
                partners[one.partner_id],
                one.partner_id,
            )
            for one in rows
        ]


def lock_partner(partner_id: int) -> Partner:
    """The partner, ordered with whoever looks at it. Raises Partner.DoesNotExist."""
    return (
        Partner.objects.select_for_update(no_key=True, of=("self",))
        .select_related("tier", "region")
        .get(pk=partner_id)
    )
