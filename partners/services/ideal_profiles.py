"""Operations write, publish and retire versions of the ideal partner profile."""

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.appointments import make_appointment
from core.events import record
from partners.events.fit import (
    IdealDiscarded,
    IdealDrafted,
    IdealPublished,
    IdealRetired,
    IdealRewritten,
)
from partners.models import IdealCriterion, IdealProfile
from partners.queries import fit
from partners.rules.fit import MOST_BANDS, MOST_CRITERIA, Criterion
from partners.rules.rollouts import IDEALS
from partners.services.authority import require_operations
from partners.services.rollouts import drop_roll_outs, is_to_be_tried
from partners.services.versions import (
    draft_row,
    lock_versions,
    new_draft,
    put_into_force,
    take_out_of_force,
    write_settings,
)

SCORE_ALL = "partners.score_all"


class InvalidIdeal(ValueError):
    """The profile cannot be saved or published so; the message says why."""


class IdealChanged(Exception):
    """Somebody else has rewritten the draft since it was read."""


@dataclass(frozen=True, slots=True)
class IdealDraft:
    """All that a version says. A criterion without a key is new."""

    title: str
    criteria: Sequence[Criterion] = ()
    region_id: int | None = None
    partner_type: str = ""
    months: int = 12
    fair_from: int = 40
    good_from: int = 70
    shown: bool = False


SETTINGS = ("title", "region_id", "partner_type", "months", "fair_from", "good_from", "shown")


def ideal_draft_of(row: IdealProfile) -> IdealDraft:
    """What a version says, as it would be written."""
    criteria = fit.read_ideal(row).criteria
    return IdealDraft(criteria=criteria, **{name: getattr(row, name) for name in SETTINGS})


def in_json(draft: IdealDraft) -> dict[str, object]:
    """A draft as the record keeps it."""
    criteria = [{**asdict(one), "members": sorted(one.members)} for one in draft.criteria]
    for one in criteria:
        one["bands"] = [[str(band["at_least"]), band["share"]] for band in one["bands"]]
    return {**{name: getattr(draft, name) for name in SETTINGS}, "criteria": criteria}


def ideal_fingerprint(row: IdealProfile) -> str:
    """What tells one wording of a draft from another."""
    written = json.dumps(in_json(ideal_draft_of(row)), sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:32]


@transaction.atomic
def draft_ideal(*, actor: Actor, from_id: int | None = None) -> IdealProfile:
    """A new draft, empty or as a copy of another version.

    Raises PermissionDenied, IdealProfile.DoesNotExist.
    """
    require_operations(actor)
    lock_versions(IdealProfile)
    source = IdealProfile.objects.get(pk=from_id) if from_id else None
    wanted = ideal_draft_of(source) if source else IdealDraft(_("New profile"))
    row = new_draft(IdealProfile, wanted, SETTINGS)
    _write(row, wanted)
    fact = IdealDrafted(row.version, source.version if source else 0)
    record(fact, subject=row, actor=actor)
    return row


@transaction.atomic
def write_ideal(*, actor: Actor, profile_id: int, draft: IdealDraft, seen: str = "") -> bool:
    """Makes a draft say what `draft` says; False if it does. `seen` is the fingerprint that the
    writer read.

    Raises InvalidIdeal, IdealChanged, PermissionDenied; nothing changes then.
    """
    require_operations(actor)
    row = draft_row(IdealProfile, profile_id, InvalidIdeal)
    if seen and seen != ideal_fingerprint(row):
        raise IdealChanged
    if len(draft.criteria) > MOST_CRITERIA:
        raise InvalidIdeal(_("At most %s criteria are possible.") % MOST_CRITERIA)
    for one in draft.criteria:
        if len({band.at_least for band in one.bands}) < len(one.bands):
            raise InvalidIdeal(_("%s: two bands begin at the same number.") % one.label)
        if len(one.bands) > MOST_BANDS:
            words = {"name": one.label, "number": MOST_BANDS}
            raise InvalidIdeal(_("%(name)s: at most %(number)s bands are possible.") % words)
    before = ideal_draft_of(row)
    write_settings(row, draft, SETTINGS)
    row.criteria.all().delete()
    _write(row, draft)
    after = ideal_draft_of(row)
    if after == before:
        return False
    record(IdealRewritten(row.version, in_json(before), in_json(after)), subject=row, actor=actor)
    return True


def _write(row: IdealProfile, draft: IdealDraft) -> None:
    IdealCriterion.objects.bulk_create(
        _stored(row, position, one) for position, one in enumerate(draft.criteria)
    )


def _stored(row: IdealProfile, position: int, one: Criterion) -> IdealCriterion:
    bands = sorted(one.bands, key=lambda band: band.at_least)
    one = replace(one, key=one.key or secrets.token_hex(4))
    return IdealCriterion(
        profile=row,
        position=position,
        key=one.key,
        source=one.source,
        label=one.label.strip(),
        weight=one.weight,
        unknown=one.unknown,
        bounds=[band.at_least for band in bands],
        shares=[band.share for band in bands],
        members=sorted(one.members),
        needed=one.needed,
    )


@transaction.atomic
def discard_ideal(*, actor: Actor, profile_id: int) -> None:
    """Removes a draft with its trials. Raises InvalidIdeal for a published version,
    PermissionDenied."""
    require_operations(actor)
    row = draft_row(IdealProfile, profile_id, InvalidIdeal)
    drop_roll_outs(actor, f"{IDEALS}{row.pk}")
    record(IdealDiscarded(row.version, row.title), subject=row, actor=actor)
    row.delete()


@transaction.atomic
def publish_ideal(
    *, actor: Actor, profile_id: int, effective_from: dt.datetime | None = None
) -> IdealProfile:
    """Puts a draft into force from a moment on (default and earliest: now); then all partners are
    scored anew by a worker. The version that counts for the same scope is retired, unless the
    new one is still to come. One with roll-outs is tried out: it counts only for those they
    include, and retires nothing.

    Raises InvalidIdeal, PermissionDenied.
    """
    require_operations(actor)
    lock_versions(IdealProfile)
    row = draft_row(IdealProfile, profile_id, InvalidIdeal)
    if problems := fit.problems(row):
        raise InvalidIdeal(" ".join(problems))
    starts = put_into_force(
        row,
        effective_from,
        tried=is_to_be_tried(f"{IDEALS}{row.pk}"),
        refused=InvalidIdeal,
        too_far=_("A profile can be published for at most two years ahead."),
    )
    make_appointment(SCORE_ALL, row, starts)
    record(IdealPublished(row.version, row.title, starts), subject=row, actor=actor)
    return row


@transaction.atomic
def retire_ideal(*, actor: Actor, profile_id: int) -> IdealProfile:
    """Takes a version out of force: a wider one counts then, or none, and scores follow.

    Raises InvalidIdeal, PermissionDenied.
    """
    require_operations(actor)
    row = take_out_of_force(IdealProfile, profile_id, InvalidIdeal)
    make_appointment(SCORE_ALL, row, timezone.now())
    record(IdealRetired(row.version, row.title), subject=row, actor=actor)
    return row
