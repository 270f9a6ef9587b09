"""Operations say that two customers are one, and may take it back.

What points to the customer that goes is found in the models themselves, so that tables of apps
above take part without being named here. Everything that changes is written down in the merge,
and undoing reverses exactly that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import NewEvent, record_many
from dealreg.events import AccountsMerged, DuplicateDismissed, MergeUndone
from dealreg.matching import lock_customer
from dealreg.models import (
    Account,
    AccountAlias,
    AccountKey,
    AccountMerge,
    Deal,
    DuplicatePair,
    Protection,
)
from dealreg.rules.names import Customer
from dealreg.services.customers import require_operations
from dealreg.services.indexing import reindex_accounts

# What the one that stays takes over where it knows nothing itself.
TAKEN_OVER = ("domain", "country", "sector", "employees", "parent_id")
# Keys follow from the customers; merges and pairs are about both.
STAY = frozenset({AccountKey, AccountMerge, DuplicatePair})
MOST_NAMED = 10


class MergeRefused(Exception):
    """The two cannot be merged, or not be taken apart; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two protections of one product line that would keep one customer at the same time."""

    kept: Protection
    merged: Protection


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


def pointing_to_customers() -> list[Any]:
    """The relations by which rows belong to a customer."""
    return [
        relation
        for relation in Account._meta.related_objects
        if relation.related_model not in STAY and not relation.many_to_many
    ]


def plan_merge(*, actor: Actor, survivor_id: int, loser_id: int) -> Plan:
    """What merging would change, nothing is written. Raises MergeRefused, PermissionDenied,
    Account.DoesNotExist."""
    require_operations(actor)
    survivor, loser = Account.objects.get(pk=survivor_id), Account.objects.get(pk=loser_id)
    _require_two(survivor, loser)
    counted = {
        str(relation.related_model._meta.verbose_name_plural): _rows(relation, loser).count()
        for relation in pointing_to_customers()
    }
    return Plan(
        survivor=survivor,
        loser=loser,
        moves={name: number for name, number in counted.items() if number},
        takes_over={one["field"]: one["new"] for one in _take_over(survivor, loser)},
        names=tuple(str(alias) for alias in _new_names(survivor, loser)),
        overlaps=tuple(_overlaps(survivor, loser)),
        circle=_circle(survivor, loser),
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
    _require_two(survivor, loser)
    _require_no_circle(survivor, loser)
    _require_no_overlap(survivor, loser)
    merge = AccountMerge(survivor=survivor, loser=loser, merged_by_id=actor.user_id)
    merge.changes = _take_over(survivor, loser)
    _set(survivor, {one["field"]: one["new"] for one in merge.changes})
    aliases = _new_names(survivor, loser)
    merge.moves = [move for relation in pointing_to_customers() if (move := _move(relation, merge))]
    AccountAlias.objects.bulk_create(aliases)
    merge.alias_ids = [alias.pk for alias in aliases]
    _set(loser, {"merged_into_id": survivor.pk})
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
    _require_undoable(merge, survivor, loser)
    aliases = AccountAlias.objects.filter(pk__in=merge.alias_ids, account=survivor)
    if aliases.count() != len(merge.alias_ids):
        raise MergeRefused(_("An other name that the merge added was changed or removed since."))
    aliases.delete()
    for move in merge.moves:
        _move_back(move, merge)
    _set(survivor, {one["field"]: one["old"] for one in merge.changes})
    _set(loser, {"merged_into_id": None})
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


# --- in which order to wait -----------------------------------------------------------------


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


# --- what keeps two from being merged -------------------------------------------------------


def _require_two(survivor: Account, loser: Account) -> None:
    if survivor.pk == loser.pk:
        raise MergeRefused(_("Choose two different customers."))
    for one in (survivor, loser):
        if one.merged_into_id is not None:
            raise MergeRefused(_("%s was merged into another customer already.") % one.name)


def _circle(survivor: Account, loser: Account) -> bool:
    """Whether the survivor belongs to a subsidiary of the loser."""
    above, seen = survivor.parent, {survivor.pk}
    while above is not None and above.pk not in seen:
        if above.parent_id == loser.pk:
            return True
        seen.add(above.pk)
        above = above.parent
    return False


def _require_no_circle(survivor: Account, loser: Account) -> None:
    if _circle(survivor, loser):
        raise MergeRefused(
            _("%(kept)s belongs to a subsidiary of %(merged)s. Change the parent company first.")
            % {"kept": survivor.name, "merged": loser.name}
        )


def _overlaps(survivor: Account, loser: Account) -> Iterator[Overlap]:
    """Pairs of protections that the database would refuse for one customer."""
    rows = Protection.objects.filter(released_at__isnull=True).select_related(
        "deal", "partner", "product_line"
    )
    held = list(rows.filter(account=survivor))
    for theirs in rows.filter(account=loser).order_by("pk"):
        for mine in held:
            same_line = mine.product_line_id == theirs.product_line_id
            if same_line and _meet(mine.period, theirs.period):
                yield Overlap(mine, theirs)


def _meet(one: Any, other: Any) -> bool:
    return bool(one.lower < other.upper and other.lower < one.upper)


def _require_no_overlap(survivor: Account, loser: Account) -> None:
    overlaps = list(_overlaps(survivor, loser))
    if overlaps:
        named = ", ".join(
            f"{one.merged.deal.reference} / {one.kept.deal.reference}"
            for one in overlaps[:MOST_NAMED]
        )
        raise MergeRefused(
            _(
                "Both customers are protected for the same product line at the same time: %s. "
                "Withdraw or release one of each pair first."
            )
            % named
        )


# --- what changes ---------------------------------------------------------------------------


def _take_over(survivor: Account, loser: Account) -> list[dict[str, Any]]:
    """What the survivor lacks and the loser has; a loser is no parent of its survivor."""
    changes = []
    for name in TAKEN_OVER:
        old, new = getattr(survivor, name), getattr(loser, name)
        if name == "parent_id" and old == loser.pk:
            new = None if new == survivor.pk else new
        elif old not in (None, "") or new in (None, "", survivor.pk):
            continue
        changes.append({"field": name, "old": old, "new": new})
    return changes


def _new_names(survivor: Account, loser: Account) -> list[AccountAlias]:
    """The loser's name and domain as other names of the survivor, unless it has them."""
    alias = AccountAlias(account=survivor, name=loser.name, name_key=loser.name_key)
    if loser.domain != survivor.domain:
        alias.domain = loser.domain
    known = {(survivor.name_key, ""), (survivor.name_key, survivor.domain)}
    known |= set(survivor.aliases.values_list("name_key", "domain"))
    return [] if (alias.name_key, alias.domain) in known else [alias]


def _rows(relation: Any, account: Account) -> "models.QuerySet[Any]":
    rows: models.QuerySet[Any] = relation.related_model._base_manager.filter(
        **{relation.field.name: account}
    )
    return rows


def _move(relation: Any, merge: AccountMerge) -> dict[str, Any] | None:
    """Hands over what belongs to the loser by one relation; what was moved."""
    rows = _rows(relation, merge.loser).exclude(
        pk=merge.survivor_id if _is_account(relation) else 0
    )
    if relation.related_model is AccountAlias:
        rows = _without_doubles(rows, merge.survivor)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    if not ids:
        return None
    name = relation.field.name
    relation.related_model._base_manager.filter(pk__in=ids).update(**{name: merge.survivor})
    return {"table": relation.related_model._meta.label_lower, "field": name, "ids": ids}


def _is_account(relation: Any) -> bool:
    return relation.related_model is Account


def _without_doubles(rows: "models.QuerySet[Any]", survivor: Account) -> "models.QuerySet[Any]":
    """The other names that the survivor does not have yet; the others stay where they are."""
    mine = AccountAlias.objects.filter(
        account=survivor, name_key=models.OuterRef("name_key"), domain=models.OuterRef("domain")
    )
    return rows.filter(~models.Exists(mine))


def _set(account: Account, values: dict[str, Any]) -> None:
    if values:
        Account.objects.filter(pk=account.pk).update(**values)
        for name, value in values.items():
            setattr(account, name, value)


# --- and back -------------------------------------------------------------------------------


def _require_undoable(merge: AccountMerge, survivor: Account, loser: Account) -> None:
    if merge.undone_at is not None:
        raise MergeRefused(_("This merge was undone already."))
    if survivor.merged_into_id is not None:
        raise MergeRefused(
            _("%s was merged into another customer since. Undo that merge first.") % survivor.name
        )
    changed = [
        one["field"] for one in merge.changes if getattr(survivor, one["field"]) != one["new"]
    ]
    if changed or loser.merged_into_id != survivor.pk:
        raise MergeRefused(
            _("%(customer)s was changed since (%(fields)s), so what was before is not known.")
            % {"customer": survivor.name, "fields": ", ".join(changed) or _("merged into")}
        )


def _move_back(move: dict[str, Any], merge: AccountMerge) -> None:
    relation = next(
        one
        for one in pointing_to_customers()
        if (one.related_model._meta.label_lower, one.field.name) == (move["table"], move["field"])
    )
    rows = _rows(relation, merge.survivor).filter(pk__in=move["ids"])
    if rows.update(**{move["field"]: merge.loser}) != len(move["ids"]):
        raise MergeRefused(
            _("Some of the %s that were moved have been changed or removed since.")
            % relation.related_model._meta.verbose_name_plural
        )
