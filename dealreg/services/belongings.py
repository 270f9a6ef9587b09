"""What belongs to a customer, and how it comes to another one and back."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from dealreg.models import Account, AccountAlias, AccountKey, AccountMerge, DuplicatePair
from dealreg.services.merge_obstacles import MergeRefused

# What the one that stays takes over where it knows nothing itself.
TAKEN_OVER = ("domain", "country", "sector", "employees", "parent_id")
# Keys follow from the customers; merges and pairs are about both.
STAY = frozenset({AccountKey, AccountMerge, DuplicatePair})


def pointing_to_customers() -> list[Any]:
    """The relations by which rows belong to a customer."""
    return [
        relation
        for relation in Account._meta.related_objects
        if relation.related_model not in STAY and not relation.many_to_many
    ]


def taken_over(survivor: Account, loser: Account) -> list[dict[str, Any]]:
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


def new_names(survivor: Account, loser: Account) -> list[AccountAlias]:
    """The loser's name and domain as other names of the survivor, unless it has them."""
    alias = AccountAlias(account=survivor, name=loser.name, name_key=loser.name_key)
    if loser.domain != survivor.domain:
        alias.domain = loser.domain
    known = {(survivor.name_key, ""), (survivor.name_key, survivor.domain)}
    known |= set(survivor.aliases.values_list("name_key", "domain"))
    return [] if (alias.name_key, alias.domain) in known else [alias]


def rows_of(relation: Any, account: Account) -> "models.QuerySet[Any]":
    rows: models.QuerySet[Any] = relation.related_model._base_manager.filter(
        **{relation.field.name: account}
    )
    return rows


def hand_over(relation: Any, merge: AccountMerge) -> dict[str, Any] | None:
    """Hands over what belongs to the loser by one relation; what was moved."""
    rows = rows_of(relation, merge.loser).exclude(
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


def set_values(account: Account, values: dict[str, Any]) -> None:
    if values:
        Account.objects.filter(pk=account.pk).update(**values)
        for name, value in values.items():
            setattr(account, name, value)


def hand_back(move: dict[str, Any], merge: AccountMerge) -> None:
    relation = next(
        one
        for one in pointing_to_customers()
        if (one.related_model._meta.label_lower, one.field.name) == (move["table"], move["field"])
    )
    rows = rows_of(relation, merge.survivor).filter(pk__in=move["ids"])
    if rows.update(**{move["field"]: merge.loser}) != len(move["ids"]):
        raise MergeRefused(
            _("Some of the %s that were moved have been changed or removed since.")
            % relation.related_model._meta.verbose_name_plural
        )
