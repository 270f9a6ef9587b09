"""For whom what is tried out is on."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import CharField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils import timezone

from core.kept import kept_until_changed
from partners.models import Partner, Region, RollOut
from partners.registries.features import Feature, Policies, label_of
from partners.rules import Reach, is_on
from partners.rules.rollouts import including


def feature_on(partner_id: int, feature: Feature) -> bool:
    """Whether a partner has a feature today. No query once the roll-outs are known to the process,
    and one for a feature that is tried out with some partners only."""
    reaches = _of_features().get(feature.code)
    if not reaches:
        return True
    region = Partner.objects.values_list("region__path", flat=True).get(pk=partner_id)
    return is_on(reaches, partner_id, region, timezone.localdate())


def policies_off(
    policies: Policies, *, partner_id: int | None, region: str, day: dt.date
) -> set[int]:
    """The ids of the stored policies of a kind that are tried out, but not with a partner of a
    region (a path); None stands for no partner in particular. No query once the roll-outs are
    known to the process."""
    return {
        key
        for (prefix, key), reaches in _of_policies().items()
        if prefix == policies.prefix and not is_on(reaches, partner_id or 0, region, day)
    }


def tried_out(policies: Policies) -> set[int]:
    """The ids of the stored policies of a kind that have roll-outs, also ended ones, and so do not
    count for everybody."""
    return {key for prefix, key in _of_policies() if prefix == policies.prefix}


def day_of(at: dt.datetime) -> dt.date:
    """The day by which parts of the programme begin and end, the same for every reader: that of
    the portal."""
    return timezone.localdate(at, timezone.get_default_timezone())


Tried = dict[int, tuple[Reach, ...]]


def tried_on(prefix: str, day: dt.date) -> Tried:
    """The policies of a kind that are tried out on a day, and with whom. No query once the
    roll-outs are known to the process."""
    found = {
        key: tuple(one for one in reaches if one.in_force(day))
        for (kind, key), reaches in _of_policies().items()
        if kind == prefix
    }
    return {key: reaches for key, reaches in found.items() if reaches}


def tried_from(prefix: str, key: int, day: dt.date) -> tuple[Reach, ...] | None:
    """With whom one policy is tried out on a day or later; None when it has no roll-outs."""
    reaches = _of_policies().get((prefix, key))
    return None if reaches is None else tuple(one for one in reaches if one.last_day >= day)


def tried_by(
    prefix: str, partner_id: int | None, region: str, day: dt.date
) -> tuple[int, Reach] | None:
    """The policy of a kind that a partner of a region (None: no one in particular) tries on a
    day, and by which roll-out; a partner's own goes before that of a region."""
    found = [
        (key, reach)
        for key, reaches in tried_on(prefix, day).items()
        if (reach := including(reaches, partner_id or 0, region)) is not None
    ]
    return max(
        found,
        key=lambda one: (one[1].partner_id is not None, len(one[1].region), one[0]),
        default=None,
    )


@kept_until_changed(RollOut, Region)
def _of_features() -> dict[str, list[Reach]]:
    rows = RollOut.objects.exclude(feature__contains=":")
    found: dict[str, list[Reach]] = {}
    for code, first, last, region, partner_id in rows.values_list(
        "feature", "first_day", "last_day", "region__path", "partner_id"
    ):
        found.setdefault(code, []).append(Reach(first, last, region or "", partner_id))
    return found


@kept_until_changed(RollOut, Region)
def _of_policies() -> dict[tuple[str, int], list[Reach]]:
    rows = RollOut.objects.filter(feature__contains=":")
    found: dict[tuple[str, int], list[Reach]] = {}
    for code, first, last, region, partner_id in rows.values_list(
        "feature", "first_day", "last_day", "region__path", "partner_id"
    ):
        prefix, _colon, key = code.rpartition(":")
        reach = Reach(first, last, region or "", partner_id)
        found.setdefault((f"{prefix}:", int(key)), []).append(reach)
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """A roll-out as people read it: what, with whom, from when, until when, and how it stands."""

    id: int
    what: str
    whom: str
    first_day: dt.date
    last_day: dt.date

    @property
    def ended(self) -> bool:
        return self.last_day < day_of(timezone.now())


MOST_SHOWN = 50


def roll_outs_of(code: str) -> list[Shown]:
    """The roll-outs of one feature or policy, the last to end first (at most 50). One query."""
    rows = RollOut.objects.filter(feature=code).select_related("region", "partner")
    return [_shown(row) for row in rows.order_by("-last_day", "pk")[:MOST_SHOWN]]


def trials_of(partner: OuterRef, region: OuterRef) -> QuerySet[RollOut]:
    """What a partner tries out or will, the first to end first; for a subquery."""
    place = ExpressionWrapper(region, output_field=CharField())
    rows = RollOut.objects.filter(last_day__gte=day_of(timezone.now())).annotate(place=place)
    below = Q(place__startswith=Concat(F("region__path"), Value(".")))
    return rows.filter(Q(partner=partner) | Q(place=F("region__path")) | below).order_by(
        "last_day", "pk"
    )


def _shown(row: RollOut) -> Shown:
    whom = str(row.partner or row.region)
    return Shown(row.pk, label_of(row.feature), whom, row.first_day, row.last_day)
