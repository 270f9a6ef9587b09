"""Operations write, publish and retire versions of the catalogue of benefits."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
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
from partners.models.tiering import ProgrammeStatus
from partners.queries import benefits
from partners.rules.benefits import BENEFITS, Starts, Value, wrong_with
from partners.rules.rollouts import CATALOGUES
from partners.services.authority import require_operations
from partners.services.rollouts import drop_roll_outs, is_to_be_tried

FURTHEST = dt.timedelta(days=2 * 366)


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
    rows = BenefitCatalogue.objects.select_for_update().order_by("pk")
    list(rows.values_list("pk", flat=True))
    newest: int = rows.order_by().aggregate(newest=Max("version"))["newest"] or 0
    source = BenefitCatalogue.objects.get(pk=from_id) if from_id else None
    wanted = catalogue_draft_of(source) if source else CatalogueDraft(_("New benefits"), {})
    row = BenefitCatalogue.objects.create(
        version=newest + 1, **{name: getattr(wanted, name) for name in SETTINGS}
    )
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
    row = _draft_row(catalogue_id)
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
    for name in SETTINGS:
        setattr(row, name, getattr(draft, name))
    row.save(update_fields=[name.removesuffix("_id") for name in SETTINGS])
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


def _draft_row(catalogue_id: int) -> BenefitCatalogue:
    row = BenefitCatalogue.objects.select_for_update().get(pk=catalogue_id)
    if row.status != ProgrammeStatus.DRAFT:
        raise InvalidCatalogue(
            _("This version is published and stays as it is. Copy it to a draft.")
        )
    return row


@transaction.atomic
def discard_benefits(*, actor: Actor, catalogue_id: int) -> None:
    """Removes a draft. Raises InvalidCatalogue for a published version, PermissionDenied."""
    require_operations(actor)
    row = _draft_row(catalogue_id)
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
    list(BenefitCatalogue.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    row = _draft_row(catalogue_id)
    problems = benefits.problems(row)
    if problems:
        raise InvalidCatalogue(" ".join(problems))
    now = timezone.now()
    starts = max(effective_from or now, now)
    if starts > now + FURTHEST:
        raise InvalidCatalogue(_("Benefits can be published for at most two years ahead."))
    begun = BenefitCatalogue.objects.filter(
        benefits.same_scope(row), status=ProgrammeStatus.PUBLISHED, tried=False
    )
    row.tried = is_to_be_tried(f"{CATALOGUES}{row.pk}")
    if not row.tried and begun.filter(effective_from=starts).exists():
        raise InvalidCatalogue(_("Another version begins at this very moment. Choose another one."))
    keys = list(
        begun.filter(effective_from__lte=now)
        .order_by("-effective_from", "-version")
        .values_list("pk", flat=True)
    )
    past = [] if row.tried else keys if starts <= now else keys[1:]
    BenefitCatalogue.objects.filter(pk__in=past).update(
        status=ProgrammeStatus.RETIRED, retired_at=now
    )
    row.status, row.effective_from = ProgrammeStatus.PUBLISHED, starts
    row.save(update_fields=["status", "effective_from", "tried"])
    record(BenefitsPublished(row.version, row.title, starts), subject=row, actor=actor)
    return row


@transaction.atomic
def retire_benefits(*, actor: Actor, catalogue_id: int) -> BenefitCatalogue:
    """Takes a version out of force: a wider one counts then, or none.

    Raises InvalidCatalogue, PermissionDenied.
    """
    require_operations(actor)
    row = BenefitCatalogue.objects.select_for_update().get(pk=catalogue_id)
    if row.status != ProgrammeStatus.PUBLISHED:
        raise InvalidCatalogue(_("This version is not published."))
    row.status, row.retired_at = ProgrammeStatus.RETIRED, timezone.now()
    row.save(update_fields=["status", "retired_at"])
    record(BenefitsRetired(row.version, row.title), subject=row, actor=actor)
    return row
