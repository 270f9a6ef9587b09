"""Operations say that two partners are one company, and may take it back.

What belongs to the partner that goes is found in the models themselves, so that tables of apps
above take part without being named here. What a partner *was* (its tiers, assessments, changes
of status) stays with it as history, and so does what both have of a thing that there is once.
All that is handed over is written down in the merge, and undoing reverses exactly that.
"""

from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from partners.events.merging import PartnerMergeUndone, PartnersMerged
from partners.models import (
    DirectoryProfile,
    DistributionLink,
    FitAnswer,
    FitMove,
    Invitation,
    JointPlan,
    MeasureValue,
    Offboarding,
    Partner,
    PartnerFit,
    PartnerFocus,
    PartnerKey,
    PartnerMerge,
    PartnerPair,
    PartnerProfile,
    PartnerTerritory,
    RollOut,
    StatusMove,
    Swot,
    SwotPoint,
    TierAssessment,
    TierException,
    TierMove,
    TierProposal,
    TierStanding,
    TierStay,
    Todo,
)
from partners.rules import OPEN_INVITATION, PartnerStatus
from partners.rules.distribution import OPEN_LINK
from partners.rules.lifecycle import OPEN_OFFBOARDING
from partners.services.authority import require_operations
from partners.services.lifecycle import move_partner

# What says how the partner stood and what was agreed with it, or is about the pair itself.
STAY: frozenset[type[models.Model]] = frozenset(
    {
        DistributionLink,
        FitMove,
        Invitation,
        MeasureValue,
        Offboarding,
        PartnerFit,
        PartnerKey,
        PartnerMerge,
        PartnerPair,
        RollOut,
        StatusMove,
        TierAssessment,
        TierException,
        TierMove,
        TierProposal,
        TierStanding,
        TierStay,
    }
)
# What both may have; the one that is kept has it once, told by these fields. Of the four lists
# that is all or nothing, and a plan moves with its other revisions.
ONCE: dict[type[models.Model], tuple[str, ...]] = {
    FitAnswer: ("question",),
    PartnerFocus: ("focus_id",),
    PartnerTerritory: ("place",),
    JointPlan: ("first", "last"),
}
# Of what a partner has but one, the kept one keeps its own.
ALONE: frozenset[type[models.Model]] = frozenset({DirectoryProfile, PartnerProfile, Swot})
# What moves only together with what a partner has but one of.
PARTS: dict[type[models.Model], type[models.Model]] = {SwotPoint: Swot}


class MergeRefused(ValueError):
    """The two cannot be merged, or not be taken apart; the message says why and what to do."""


def pointing_to_partners() -> list[Any]:
    """The relations by which rows belong to a partner and are handed over."""
    return [
        relation
        for relation in Partner._meta.get_fields(include_hidden=True)
        if relation.auto_created
        and relation.is_relation
        and not relation.concrete
        and not relation.many_to_many
        and (relation.related_model in ALONE or not relation.one_to_one)
        and relation.related_model not in STAY
    ]


def would_move(loser: Partner, *, but_for: Collection[type[models.Model]] = ()) -> dict[str, int]:
    """How many rows a merge would hand over, by what they are called."""
    counted: dict[str, int] = {}
    for relation in pointing_to_partners():
        counts = relation.related_model not in but_for
        number = _rows(relation, loser.pk).count() if counts else 0
        if number:
            name = str(relation.related_model._meta.verbose_name_plural)
            counted[name] = counted.get(name, 0) + number
    return counted


def merge_partners(*, actor: Actor, survivor_id: int, loser_id: int) -> PartnerMerge:
    """Everything that the loser has belongs to the survivor from now on: people, deals and their
    protection, contacts, notes, documents. The loser stays as a row that is offboarded.

    Raises MergeRefused (nothing changes then), PermissionDenied, Partner.DoesNotExist.
    """
    require_operations(actor)
    try:
        return _merge(actor, survivor_id, loser_id)
    except IntegrityError as error:
        raise MergeRefused(
            _("Something of the two partners contradicts each other (%s). Look again.")
            % str(error).splitlines()[0]
        ) from error


@transaction.atomic
def _merge(actor: Actor, survivor_id: int, loser_id: int) -> PartnerMerge:
    survivor, loser = _lock(survivor_id, loser_id)
    _require_mergeable(survivor, loser)
    merge = PartnerMerge(survivor=survivor, loser=loser, old_status=loser.status)
    merge.merged_by = actor.label[:200]
    if loser.status != PartnerStatus.OFFBOARDED:
        reason = _("Merged into %s") % survivor.name
        move_partner(actor, loser, PartnerStatus.OFFBOARDED, reason)
    handed_over = [(one, _to_move(one, merge)) for one in pointing_to_partners()]
    merge.moves = [_move(one, ids, merge) for one, ids in handed_over if ids]
    merge.save()
    fact = PartnersMerged(
        kept=survivor.name,
        merged=loser.name,
        kept_id=survivor.pk,
        merged_id=loser.pk,
        merge_id=merge.pk,
        moved={f"{move['table']}.{move['field']}": len(move["ids"]) for move in merge.moves},
    )
    for one in (survivor, loser):
        record(fact, subject=one, actor=actor, partner_id=one.pk)
    return merge


@transaction.atomic
def undo_merge(*, actor: Actor, merge_id: int) -> PartnerMerge:
    """Takes two partners apart: what the merge handed over goes back. What has come to the
    survivor since stays there.

    Raises MergeRefused when some of it was changed since, PermissionDenied,
    PartnerMerge.DoesNotExist; nothing changes then.
    """
    require_operations(actor)
    found = PartnerMerge.objects.get(pk=merge_id)
    survivor, loser = _lock(found.survivor_id, found.loser_id)
    merge = PartnerMerge.objects.select_for_update().get(pk=merge_id)
    if merge.undone_at is not None:
        raise MergeRefused(_("This merge was undone already."))
    if _merged_away(survivor):
        raise MergeRefused(
            _("%s was merged into another partner since. Undo that merge first.") % survivor.name
        )
    if loser.status != PartnerStatus.OFFBOARDED:
        raise MergeRefused(_("%s has begun anew since.") % loser.name)
    relations = {_name_of(relation): relation for relation in pointing_to_partners()}
    for move in merge.moves:
        _move_back(relations[move["table"], move["field"]], move, merge)
    for move in merge.moves:
        _follow_back(move, merge)
    merge.undone_at = timezone.now()
    merge.save(update_fields=["undone_at"])
    if merge.old_status != loser.status:
        reason = _("The merge into %s was undone") % survivor.name
        move_partner(actor, loser, PartnerStatus(merge.old_status), reason)
    fact = PartnerMergeUndone(survivor.name, loser.name, survivor.pk, loser.pk, merge.pk)
    for one in (survivor, loser):
        record(fact, subject=one, actor=actor, partner_id=one.pk)
    return merge


def _lock(survivor_id: int, loser_id: int) -> tuple[Partner, Partner]:
    """Both partners, while nobody registers a deal or changes anything of them."""
    both = (survivor_id, loser_id)
    rows = Partner.objects.filter(pk__in=both).order_by("pk").select_for_update(of=("self",))
    locked = {row.pk: row for row in rows}
    if len(locked) < len(set(both)):
        raise Partner.DoesNotExist
    return locked[survivor_id], locked[loser_id]


def _require_mergeable(survivor: Partner, loser: Partner) -> None:
    if survivor.pk == loser.pk:
        raise MergeRefused(_("Choose two different partners."))
    for one in (survivor, loser):
        if _merged_away(one):
            raise MergeRefused(_("%s was merged into another partner already.") % one.name)
    if survivor.status == PartnerStatus.OFFBOARDED:
        raise MergeRefused(_("%s is offboarded. Keep the other one.") % survivor.name)
    for one in (survivor, loser):
        if Offboarding.objects.filter(partner=one, state__in=sorted(OPEN_OFFBOARDING)).exists():
            raise MergeRefused(_("%s is being offboarded. Finish that first.") % one.name)
    if Invitation.objects.filter(partner=loser, state__in=sorted(OPEN_INVITATION)).exists():
        raise MergeRefused(_("Revoke the open invitations of %s first.") % loser.name)
    links = DistributionLink.objects.filter(state__in=sorted(OPEN_LINK))
    if links.filter(models.Q(distributor=loser) | models.Q(reseller=loser)).exists():
        raise MergeRefused(_("End the distribution of %s first.") % loser.name)


def _merged_away(partner: Partner) -> bool:
    return PartnerMerge.objects.filter(loser=partner, undone_at__isnull=True).exists()


def _name_of(relation: Any) -> tuple[str, str]:
    return relation.related_model._meta.label_lower, relation.field.name


def _rows(relation: Any, partner_id: int) -> "models.QuerySet[Any]":
    rows: models.QuerySet[Any] = relation.related_model._base_manager.filter(
        **{relation.field.name: partner_id}
    )
    return rows


def _to_move(relation: Any, merge: PartnerMerge) -> list[int]:
    """What the loser has by one relation and hands over."""
    table: type[models.Model] = relation.related_model
    rows, had = _rows(relation, merge.loser_id), _rows(relation, merge.survivor_id)
    whole = PARTS.get(table, table)
    if whole in ALONE and whole._base_manager.filter(partner=merge.survivor_id).exists():
        return []
    if table in ONCE:
        same = {name: models.OuterRef(name) for name in ONCE[table]}
        rows = rows.exclude(models.Exists(had.filter(**same)))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _move(relation: Any, ids: list[int], merge: PartnerMerge) -> dict[str, Any]:
    table, name = _name_of(relation)
    relation.related_model._base_manager.filter(pk__in=ids).update(**{name: merge.survivor_id})
    return {"table": table, "field": name, "ids": ids}


def _move_back(relation: Any, move: dict[str, Any], merge: PartnerMerge) -> None:
    rows = _rows(relation, merge.survivor_id).filter(pk__in=move["ids"])
    if rows.update(**{move["field"]: merge.loser_id}) != len(move["ids"]):
        raise MergeRefused(
            _("Some of the %s that were handed over have been changed or removed since.")
            % relation.related_model._meta.verbose_name_plural
        )


def _follow_back(move: dict[str, Any], merge: PartnerMerge) -> None:
    """Tasks that came since about what goes back go with it: who does not see a thing sees no
    task about it."""
    Todo.objects.filter(
        partner=merge.survivor_id, about_type=move["table"], about_id__in=move["ids"]
    ).update(partner=merge.loser_id)
