"""Operations say that two customers are one, and may take it back.

What points to the customer that goes is found in the models themselves, so that tables of apps
above take part without being named here. Everything that changes is written down in the merge,
and undoing reverses exactly that.
"""

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import NewEvent, record_many
from dealreg.events import AccountsMerged, DuplicateDismissed, MergeUndone
from dealreg.matching import lock_customer
from dealreg.models import Account, AccountAlias, AccountKey, AccountMerge, Deal, DuplicatePair
from dealreg.rules.names import Customer
from dealreg.services.belongings import (
    hand_back,
    hand_over,
    new_names,
    pointing_to_customers,
    rows_of,
    set_values,
    taken_over,
)
from dealreg.services.customers import require_operations
from dealreg.services.indexing import reindex_accounts
from dealreg.services.merge_obstacles import (
    MergeRefused,
    Overlap,
    circle_between,
    overlaps_of,
    require_no_circle,
    require_no_overlap,
    require_two,
    require_undoable,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a merge would do. `moves` counts rows by what they are called; `takes_over` is
    field → value; `overlaps` and `circle` keep it from being done."""

    survivor: Account
    loser: Account
    moves: dict[str, int]
    takes_over: dict[str, Any]
    names: tuple[str, ...]
    overlaps: tuple[Overlap, ...]
    circle: bool = False

    @property
    def possible(self) -> bool:
        return not (self.overlaps or self.circle)


def plan_merge(*, actor: Actor, survivor_id: int, loser_id: int) -> Plan:
    """What merging would change, nothing is written. Raises MergeRefused, PermissionDenied,
    Account.DoesNotExist."""
    require_operations(actor)
    survivor, loser = Account.objects.get(pk=survivor_id), Account.objects.get(pk=loser_id)
    require_two(survivor, loser)
    counted = {
        str(relation.related_model._meta.verbose_name_plural): rows_of(relation, loser).count()
        for relation in pointing_to_customers()
    }
    return Plan(
        survivor=survivor,
        loser=loser,
        moves={name: number for name, number in counted.items() if number},
        takes_over={one["field"]: one["new"] for one in taken_over(survivor, loser)},
        names=tuple(str(alias) for alias in new_names(survivor, loser)),
        overlaps=tuple(overlaps_of(survivor, loser)),
        circle=circle_between(survivor, loser),
    )


def merge_accounts(*, actor: Actor, survivor_id: int, loser_id: int) -> AccountMerge:
    """Everything that belongs to the loser belongs to the survivor from now on, which is found
    under both names. The loser stays as a row that says what became of it.

    Raises MergeRefused (nothing changes then), PermissionDenied, Account.DoesNotExist.
    """
    require_operations(actor)
    try:
        return _merge(actor, survivor_id, loser_id)
    except IntegrityError as error:
        raise MergeRefused(
            _("Something of the two customers contradicts each other (%s). Look again.")
            % str(error).splitlines()[0]
        ) from error


@transaction.atomic
def _merge(actor: Actor, survivor_id: int, loser_id: int) -> AccountMerge:
    survivor, loser = _lock(survivor_id, loser_id)
    require_two(survivor, loser)
    require_no_circle(survivor, loser)
    require_no_overlap(survivor, loser)
    merge = AccountMerge(survivor=survivor, loser=loser, merged_by_id=actor.user_id)
    merge.changes = taken_over(survivor, loser)
    set_values(survivor, {one["field"]: one["new"] for one in merge.changes})
    aliases = new_names(survivor, loser)
    merge.moves = [
        move for relation in pointing_to_customers() if (move := hand_over(relation, merge))
    ]
    AccountAlias.objects.bulk_create(aliases)
    merge.alias_ids = [alias.pk for alias in aliases]
    set_values(loser, {"merged_into_id": survivor.pk})
    AccountKey.objects.filter(account_id=loser.pk).delete()
    reindex_accounts([survivor])
    merge.save()
    fact = AccountsMerged(
        kept=survivor.name,
        merged=loser.name,
        kept_id=survivor.pk,
        merged_id=loser.pk,
        merge_id=merge.pk,
        moved={move["table"]: len(move["ids"]) for move in merge.moves},
    )
    record_many([NewEvent(fact, survivor), NewEvent(fact, loser)], actor=actor)
    return merge


@transaction.atomic
def undo_merge(*, actor: Actor, merge_id: int) -> AccountMerge:
    """Takes two customers apart: whatever the merge moved or changed is as it was. What has come
    to the survivor since stays there.

    Raises MergeRefused when something of it was changed since, PermissionDenied,
    AccountMerge.DoesNotExist; nothing changes then.
    """
    require_operations(actor)
    merge = AccountMerge.objects.get(pk=merge_id)
    survivor, loser = _lock(merge.survivor_id, merge.loser_id)
    merge = AccountMerge.objects.select_for_update().get(pk=merge_id)
    require_undoable(merge, survivor, loser)
    aliases = AccountAlias.objects.filter(pk__in=merge.alias_ids, account=survivor)
    if aliases.count() != len(merge.alias_ids):
        raise MergeRefused(_("An other name that the merge added was changed or removed since."))
    aliases.delete()
    for move in merge.moves:
        hand_back(move, merge)
    set_values(survivor, {one["field"]: one["old"] for one in merge.changes})
    set_values(loser, {"merged_into_id": None})
    reindex_accounts([survivor, loser])
    merge.undone_at, merge.undone_by_id = timezone.now(), actor.user_id
    merge.save(update_fields=["undone_at", "undone_by"])
    fact = MergeUndone(survivor.name, loser.name, survivor.pk, loser.pk, merge.pk)
    record_many([NewEvent(fact, survivor), NewEvent(fact, loser)], actor=actor)
    return merge


@transaction.atomic
def dismiss_duplicate(*, actor: Actor, pair_id: int) -> None:
    """The two are two: the pair is not proposed again. Raises PermissionDenied,
    DuplicatePair.DoesNotExist."""
    require_operations(actor)
    pair = DuplicatePair.objects.select_for_update(of=("self",)).get(pk=pair_id)
    if pair.dismissed_at is not None:
        return
    pair.dismissed_at, pair.dismissed_by_id = timezone.now(), actor.user_id
    pair.save(update_fields=["dismissed_at", "dismissed_by"])
    first, second = pair.first, pair.second
    news = [
        NewEvent(DuplicateDismissed(first.name, second.name, other.pk), one)
        for one, other in ((first, second), (second, first))
    ]
    record_many(news, actor=actor)


def _lock(survivor_id: int, loser_id: int) -> tuple[Account, Account]:
    """Both customers, while nobody registers, decides or merges anything of them.

    Deals before keys before customers, as registering and deciding take them.
    """
    both = (survivor_id, loser_id)
    deals = Deal.objects.filter(account__in=both).order_by("pk").select_for_update()
    list(deals.values_list("pk", flat=True))
    known_as = [
        Customer(row.name_key, row.domain, row.country, row.name)
        for row in Account.objects.filter(pk__in=both)
    ]
    aliases = AccountAlias.objects.filter(account__in=both).select_related("account")
    known_as += [
        Customer(row.name_key, row.domain, row.account.country, row.name) for row in aliases
    ]
    lock_customer(*known_as)
    rows = Account.objects.filter(pk__in=both).order_by("pk").select_for_update().in_bulk()
    if len(rows) < len(set(both)):
        raise Account.DoesNotExist
    return rows[survivor_id], rows[loser_id]
