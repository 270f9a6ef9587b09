"""Operations write, publish and retire versions of the tier programme."""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record, to_json
from partners.events.programmes import (
    ProgrammeDiscarded,
    ProgrammeDrafted,
    ProgrammePublished,
    ProgrammeRetired,
    ProgrammeRewritten,
)
from partners.models import Tier, TierLevel, TierProgramme, TierRequirement, TierScore
from partners.queries import programmes
from partners.rules.rollouts import PROGRAMMES
from partners.rules.tier_soundness import problems_of
from partners.rules.tiers import Ladder, Level, Requirement, Score
from partners.services.authority import require_operations
from partners.services.rollouts import drop_roll_outs, is_to_be_tried, look_again
from partners.services.versions import (
    draft_row,
    lock_versions,
    new_draft,
    put_into_force,
    take_out_of_force,
    write_settings,
)


class InvalidProgramme(ValueError):
    """The programme cannot be saved or published so; the message says why."""


class ProgrammeChanged(Exception):
    """Somebody else has rewritten the draft since it was read."""


@dataclass(frozen=True, slots=True)
class LevelDraft:
    """A tier as it was written: what it asks of measures, and points (None: not asked for)."""

    tier_id: int
    requirements: dict[str, Decimal] = field(default_factory=dict)
    points: int | None = None


@dataclass(frozen=True, slots=True)
class ScoreDraft:
    measure: str
    per: Decimal
    points: int
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class ProgrammeDraft:
    """All that a version says."""

    title: str
    levels: Sequence[LevelDraft]
    scores: Sequence[ScoreDraft] = ()
    region_id: int | None = None
    partner_type: str = ""
    period: str = "rolling"
    months: int = 12
    grace_days: int = 90
    warn_days: int = 14
    approval: str = "none"


SETTINGS = (
    "title",
    "region_id",
    "partner_type",
    "period",
    "months",
    "grace_days",
    "warn_days",
    "approval",
)


def draft_of(row: TierProgramme) -> ProgrammeDraft:
    """What a version says, as it would be written."""
    ladder = programmes.read_ladder(row)
    return ProgrammeDraft(
        **{name: getattr(row, name) for name in SETTINGS},
        levels=[
            LevelDraft(
                level.tier_id,
                {one.measure: one.at_least for one in level.requirements},
                level.points,
            )
            for level in ladder.levels
        ],
        scores=[ScoreDraft(one.measure, one.per, one.points, one.at_most) for one in ladder.scores],
    )


def fingerprint_of(row: TierProgramme) -> str:
    """What tells one wording of a draft from another."""
    written = json.dumps(asdict(draft_of(row)), sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:32]


@transaction.atomic
def draft_programme(*, actor: Actor, from_id: int | None = None) -> TierProgramme:
    """A new draft, as a copy of another version or with every tier and no requirements.

    Raises PermissionDenied, TierProgramme.DoesNotExist.
    """
    require_operations(actor)
    lock_versions(TierProgramme)
    source = TierProgramme.objects.get(pk=from_id) if from_id else None
    if source is not None:
        wanted = draft_of(source)
    else:
        tiers = Tier.objects.order_by("rank").values_list("pk", flat=True)
        wanted = ProgrammeDraft(_("New programme"), [LevelDraft(pk) for pk in tiers])
    row = new_draft(TierProgramme, wanted, SETTINGS)
    _write(row, wanted)
    fact = ProgrammeDrafted(row.version, source.version if source else 0)
    record(fact, subject=row, actor=actor)
    return row


@transaction.atomic
def write_programme(
    *, actor: Actor, programme_id: int, draft: ProgrammeDraft, seen: str = ""
) -> bool:
    """Makes a draft say what `draft` says; False if it does. `seen` is the fingerprint that the
    writer read.

    Raises InvalidProgramme, ProgrammeChanged, PermissionDenied; nothing changes then.
    """
    require_operations(actor)
    row = draft_row(TierProgramme, programme_id, InvalidProgramme)
    if seen and seen != fingerprint_of(row):
        raise ProgrammeChanged
    before = draft_of(row)
    problems = problems_of(_ladder(draft), programmes.known_measures())
    if draft.period == "rolling" and not 1 <= draft.months <= 60:
        problems.append(_("Count over 1 to 60 months."))
    if draft.warn_days >= draft.grace_days > 0:
        problems.append(_("The second warning has to come before the grace ends."))
    if problems:
        raise InvalidProgramme(" ".join(problems))
    write_settings(row, draft, SETTINGS)
    row.levels.all().delete()
    row.scores.all().delete()
    _write(row, draft)
    after = draft_of(row)
    if after == before:
        return False
    record(
        ProgrammeRewritten(row.version, to_json(before), to_json(after)), subject=row, actor=actor
    )
    return True


def _ladder(draft: ProgrammeDraft) -> Ladder:
    tiers = Tier.objects.in_bulk([one.tier_id for one in draft.levels])
    levels = [
        Level(
            tier_id=one.tier_id,
            name=tiers[one.tier_id].name,
            rank=tiers[one.tier_id].rank,
            requirements=tuple(Requirement(*each) for each in one.requirements.items()),
            points=one.points,
        )
        for one in draft.levels
    ]
    scores = (Score(one.measure, one.per, one.points, one.at_most) for one in draft.scores)
    return Ladder(tuple(sorted(levels, key=lambda level: level.rank)), tuple(scores))


def _write(row: TierProgramme, draft: ProgrammeDraft) -> None:
    for level in draft.levels:
        stored = TierLevel.objects.create(programme=row, tier_id=level.tier_id, points=level.points)
        TierRequirement.objects.bulk_create(
            TierRequirement(level=stored, measure=measure, at_least=at_least)
            for measure, at_least in level.requirements.items()
        )
    TierScore.objects.bulk_create(
        TierScore(
            programme=row,
            measure=one.measure,
            per=one.per,
            points=one.points,
            at_most=one.at_most,
        )
        for one in draft.scores
    )


@transaction.atomic
def discard_programme(*, actor: Actor, programme_id: int) -> None:
    """Removes a draft. Raises InvalidProgramme for a published version, PermissionDenied."""
    require_operations(actor)
    row = draft_row(TierProgramme, programme_id, InvalidProgramme)
    drop_roll_outs(actor, f"{PROGRAMMES}{row.pk}")
    record(ProgrammeDiscarded(row.version, row.title), subject=row, actor=actor)
    row.delete()


@transaction.atomic
def publish_programme(
    *, actor: Actor, programme_id: int, effective_from: dt.datetime | None = None
) -> TierProgramme:
    """Puts a draft into force from a moment on (default and earliest: now). The version that
    decides about the same scope is retired, unless the new one is still to come. One with
    roll-outs is tried out: it decides only about those they include, and retires nothing.

    Nobody changes tier by it: the next recalculation looks at everybody. Raises
    InvalidProgramme, PermissionDenied.
    """
    require_operations(actor)
    lock_versions(TierProgramme)
    row = draft_row(TierProgramme, programme_id, InvalidProgramme)
    problems = programmes.problems(row)
    if problems:
        raise InvalidProgramme(" ".join(problems))
    starts = put_into_force(
        row,
        effective_from,
        tried=is_to_be_tried(f"{PROGRAMMES}{row.pk}"),
        refused=InvalidProgramme,
        too_far=_("A programme can be published for at most two years ahead."),
    )
    if row.tried:
        look_again(f"{PROGRAMMES}{row.pk}", starts)
    record(ProgrammePublished(row.version, row.title, starts), subject=row, actor=actor)
    return row


@transaction.atomic
def retire_programme(*, actor: Actor, programme_id: int) -> TierProgramme:
    """Takes a version out of force: a wider one decides then, or tiers stay as they are.

    Raises InvalidProgramme, PermissionDenied.
    """
    require_operations(actor)
    row = take_out_of_force(TierProgramme, programme_id, InvalidProgramme)
    if row.tried:
        look_again(f"{PROGRAMMES}{row.pk}", timezone.now())
    record(ProgrammeRetired(row.version, row.title), subject=row, actor=actor)
    return row
