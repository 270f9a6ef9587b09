"""Reads for whoever tidies the list of partners: a pair side by side, and what a merge moved."""

from dataclasses import dataclass

from django.apps import apps
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from partners.models import Membership, Partner, PartnerMerge, PartnerPair
from partners.services.authority import require_operations
from partners.services.duplicates import open_pairs
from partners.services.merging import would_move

FIELD_WORDS: dict[str, Promise] = {
    "name": _("name"),
    "domain": _("domain"),
    "country": _("country"),
}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two; `moves` counts what it would hand over, by what it is called."""

    partner: Partner
    domains: tuple[str, ...]
    people: int
    moves: dict[str, int]


@dataclass(frozen=True, slots=True)
class PairPage:
    pair: PartnerPair
    sides: tuple[Side, Side]
    why: tuple[str, ...]
    open: bool


def pair_page(actor: Actor, pair_id: int) -> PairPage:
    """Two partners side by side. Raises Http404, PermissionDenied."""
    require_operations(actor)
    rows = PartnerPair.objects.select_related(
        "first__tier", "first__region", "second__tier", "second__region"
    )
    pair = rows.filter(pk=pair_id).first()
    if pair is None:
        raise Http404
    return PairPage(
        pair=pair,
        sides=(_side(pair.first), _side(pair.second)),
        why=in_words(pair),
        open=open_pairs().filter(pk=pair.pk).exists(),
    )


def _side(partner: Partner) -> Side:
    domains = tuple(partner.domains.order_by("domain").values_list("domain", flat=True)[:20])
    people = Membership.objects.filter(partner=partner, left_at__isnull=True).count()
    return Side(partner, domains, people, would_move(partner))


def in_words(pair: PartnerPair) -> tuple[str, ...]:
    return tuple(f"{FIELD_WORDS.get(name, name)} {score} %" for name, score in pair.fields)


def moved_by(merge: PartnerMerge) -> list[tuple[str, int]]:
    """What a merge handed over, counted by what it is called."""
    return [
        (str(apps.get_model(move["table"])._meta.verbose_name_plural), len(move["ids"]))
        for move in merge.moves
    ]
