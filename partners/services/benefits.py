"""Operations write, publish and retire versions of the catalogue of benefits."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from partners.events.benefits import (
    BenefitsDiscarded,
    BenefitsDrafted,
    BenefitsPublished,
    BenefitsRetired,
    BenefitsRewritten,
)
from partners.models import BenefitCatalogue, BenefitGrant
from partners.queries import benefits
from partners.rules.benefits import BENEFITS, Starts, Value, wrong_with
from partners.rules.rollouts import CATALOGUES
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


class InvalidCatalogue(ValueError):
    """The catalogue cannot be saved or published so; the message says why."""


class CatalogueChanged(Exception):
    """Somebody else has rewritten the draft since it was read."""


@dataclass(frozen=True, slots=True)
class CatalogueDraft:
    """All that a version says; `grants` is tier id → benefit → value."""

    title: str
    grants: Mapping[int, Mapping[str, Value]]
    region_id: int | None = None
    partner_type: str = ""
    starts: str = Starts.AT_ONCE.value


SETTINGS = ("title", "region_id", "partner_type", "starts")


def catalogue_draft_of(row: BenefitCatalogue) -> CatalogueDraft:
    """What a version says, as it would be written."""
    grants = benefits.read_catalogue(row).grants
    return CatalogueDraft(grants=grants, **{name: getattr(row, name) for name in SETTINGS})


def catalogue_fingerprint(row: BenefitCatalogue) -> str:
    """What tells one wording of a draft from another."""
    written = json.dumps(asdict(catalogue_draft_of(row)), sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:32]


@transaction.atomic
def draft_benefits(*, actor: Actor, from_id: int | None = None) -> BenefitCatalogue:
    """A new draft, empty or as a copy of another version.

    Raises PermissionDenied, BenefitCatalogue.DoesNotExist.
    """
    require_operations(actor)
    lock_versions(BenefitCatalogue)
    source = BenefitCatalogue.objects.get(pk=from_id) if from_id else None
    wanted = catalogue_draft_of(source) if source else CatalogueDraft(_("New benefits"), {})
    row = new_draft(BenefitCatalogue, wanted, SETTINGS)
    _write(row, wanted)
    fact = BenefitsDrafted(row.version, source.version if source else 0)
    record(fact, subject=row, actor=actor)
    return row


@transaction.atomic
def write_benefits(
    *, actor: Actor, catalogue_id: int, draft: CatalogueDraft, seen: str = ""
) -> bool:
    """Makes a draft say what `draft` says; False if it does. `seen` is the fingerprint that the
    writer read.

    Raises InvalidCatalogue, CatalogueChanged, PermissionDenied; nothing changes then.
    """
    require_operations(actor)
    row = draft_row(BenefitCatalogue, catalogue_id, InvalidCatalogue)
    if seen and seen != catalogue_fingerprint(row):
        raise CatalogueChanged
    wrong = [
        wrong_with(BENEFITS[name], value) if name in BENEFITS else name
        for of_tier in draft.grants.values()
        for name, value in of_tier.items()
    ]
    if any(wrong):
        raise InvalidCatalogue(" ".join(one for one in wrong if one))
    before = catalogue_draft_of(row)
    write_settings(row, draft, SETTINGS)
    row.grants.all().delete()
    _write(row, draft)
    after = catalogue_draft_of(row)
    if after == before:
        return False
    record(
        BenefitsRewritten(row.version, in_json(before), in_json(after)), subject=row, actor=actor
    )
    return True


def in_json(draft: CatalogueDraft) -> dict[str, object]:
    """A draft as the record keeps it: numbers as text, tiers by their id."""
    grants = {
        str(tier_id): {
            name: value.word or str(value.number) for name, value in sorted(of_tier.items())
        }
        for tier_id, of_tier in draft.grants.items()
    }
    settings = {name: getattr(draft, name) for name in SETTINGS}
    return {**settings, "grants": grants}


def _write(row: BenefitCatalogue, draft: CatalogueDraft) -> None:
    BenefitGrant.objects.bulk_create(
        BenefitGrant(
            catalogue=row, tier_id=tier_id, benefit=name, number=value.number, word=value.word
        )
        for tier_id, of_tier in draft.grants.items()
        for name, value in of_tier.items()
    )


@transaction.atomic
def discard_benefits(*, actor: Actor, catalogue_id: int) -> None:
    """Removes a draft. Raises InvalidCatalogue for a published version, PermissionDenied."""
    require_operations(actor)
    row = draft_row(BenefitCatalogue, catalogue_id, InvalidCatalogue)
    drop_roll_outs(actor, f"{CATALOGUES}{row.pk}")
    record(BenefitsDiscarded(row.version, row.title), subject=row, actor=actor)
    row.delete()


@transaction.atomic
def publish_benefits(
    *, actor: Actor, catalogue_id: int, effective_from: dt.datetime | None = None
) -> BenefitCatalogue:
    """Puts a draft into force from a moment on (default and earliest: now). The version that
    counts for the same scope is retired, unless the new one is still to come. One with
    roll-outs is tried out: it counts only for those they include, and retires nothing.

    Raises InvalidCatalogue, PermissionDenied.
    """
    require_operations(actor)
    lock_versions(BenefitCatalogue)
    row = draft_row(BenefitCatalogue, catalogue_id, InvalidCatalogue)
    problems = benefits.problems(row)
    if problems:
        raise InvalidCatalogue(" ".join(problems))
    starts = put_into_force(
        row,
        effective_from,
        tried=is_to_be_tried(f"{CATALOGUES}{row.pk}"),
        refused=InvalidCatalogue,
        too_far=_("Benefits can be published for at most two years ahead."),
    )
    record(BenefitsPublished(row.version, row.title, starts), subject=row, actor=actor)
    return row


@transaction.atomic
def retire_benefits(*, actor: Actor, catalogue_id: int) -> BenefitCatalogue:
    """Takes a version out of force: a wider one counts then, or none.

    Raises InvalidCatalogue, PermissionDenied.
    """
    require_operations(actor)
    row = take_out_of_force(BenefitCatalogue, catalogue_id, InvalidCatalogue)
    record(BenefitsRetired(row.version, row.title), subject=row, actor=actor)
    return row
