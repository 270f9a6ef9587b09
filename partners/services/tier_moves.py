"""What follows when partners were looked at: moves, grace, proposals, written down many at once."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.translation import gettext_noop

from core.actor import system
from core.appointments import NewAppointment, cancel_appointments, make_appointments
from core.events import NewEvent, record_many
from core.system_names import declare_name
from partners.events.tiers import GraceBegun, GraceLeft, TierChanged, TierProposed
from partners.models import Partner, Tier, TierAssessment, TierProgramme, TierProposal, TierStanding
from partners.models.standing import ProposalStatus
from partners.queries.programmes import ReadProgramme, read_programme
from partners.rules.tiers import Action, Policy, Standing, Step, step
from partners.services.stays import place_in_tiers

PROGRAMME_NAME = declare_name(gettext_noop("Tier programme v%(version)s"))
END_GRACE = "partners.end_grace"
WARN_IN_GRACE = "partners.warn_in_grace"


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


class Moving:
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
