"""What a partner is entitled to: the one answer that all apps ask for.

The catalogue in force for the partner's region and type says what its tier brings. Benefits
follow a change of tier from the day that the catalogue states.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils import timezone

from core.actor import Actor
from core.kept import kept_until_changed, looking_once
from partners.models import BenefitCatalogue, Partner, Region, Tier, TierStay
from partners.models.versions import ProgrammeStatus
from partners.queries.rollouts import day_of, tried_on
from partners.queries.versions import precedence
from partners.rules import Reach
from partners.rules.benefits import (
    NO,
    UNLIMITED,
    Grants,
    Held,
    Value,
    held_at,
    problems_of,
    times_held,
)
from partners.rules.rollouts import CATALOGUES, including, lies_in

# A partner's times in tiers that are looked through for the one that counts.
MOST_STAYS = 50


@dataclass(frozen=True, slots=True)
class ReadCatalogue:
    """A version as it is asked. `grants` is tier id → benefit → value. While it is tried out,
    `reaches` say with whom (None: it is not)."""

    id: int
    version: int
    title: str
    starts: str
    partner_type: str
    region: str
    effective_from: dt.datetime | None
    grants: Mapping[int, Grants]
    reaches: tuple[Reach, ...] | None = None

    def speaks_for(self, partner_id: int, region: str, partner_type: str) -> bool:
        """Whether it counts for a partner of a region and type, if no other goes before."""
        reached = self.reaches is None or including(self.reaches, partner_id, region)
        return bool(
            reached and lies_in(region, self.region) and self.partner_type in ("", partner_type)
        )

    def of_tier(self, tier_id: int) -> Grants:
        return self.grants.get(tier_id, {})


# A published catalogue never changes (triggers refuse it), so a process reads each one once.
_read: dict[int, ReadCatalogue] = {}


def read_catalogue(row: BenefitCatalogue) -> ReadCatalogue:
    lasting = row.status != ProgrammeStatus.DRAFT
    if lasting and row.pk in _read and _read[row.pk].version == row.version:
        return _read[row.pk]
    grants: dict[int, dict[str, Value]] = {}
    for one in row.grants.order_by("tier__rank", "pk"):
        grants.setdefault(one.tier_id, {})[one.benefit] = Value(one.number, one.word)
    read = ReadCatalogue(
        id=row.pk,
        version=row.version,
        title=row.title,
        starts=row.starts,
        partner_type=row.partner_type,
        region=row.region.path if row.region else "",
        effective_from=row.effective_from,
        grants=grants,
    )
    if lasting:
        _read[row.pk] = read
    return read


@kept_until_changed(BenefitCatalogue, Region)
def published_ever() -> list[BenefitCatalogue]:
    """All that are or were in force, or will be, the earliest first."""
    rows = BenefitCatalogue.objects.exclude(status=ProgrammeStatus.DRAFT)
    return list(rows.select_related("region").order_by("effective_from", "version"))


def in_force(at: dt.datetime) -> list[ReadCatalogue]:
    """The catalogues that counted at a moment, those that count before others first: one that is
    tried out goes before all others, then a region that lies deeper before a type. One query at
    most once they are known to the process."""
    newest: dict[tuple[int | None, str], BenefitCatalogue] = {}
    counting = []
    with looking_once():
        rows, tried = published_ever(), tried_on(CATALOGUES, day_of(at))
    for row in rows:
        began = row.effective_from is not None and row.effective_from <= at
        if not began or (row.retired_at is not None and row.retired_at <= at):
            continue
        if not row.tried:
            newest[row.region_id, row.partner_type] = row
        elif row.pk in tried:
            counting.append(replace(read_catalogue(row), reaches=tried[row.pk]))
    counting += [read_catalogue(row) for row in newest.values()]
    return sorted(counting, key=precedence)


def catalogue_for(
    partner_id: int, region_path: str, partner_type: str, at: dt.datetime
) -> ReadCatalogue | None:
    """The one that counts for a partner of a type in a region."""
    about = (partner_id, region_path, partner_type)
    return next((one for one in in_force(at) if one.speaks_for(*about)), None)


@dataclass(frozen=True, slots=True)
class Entitlements:
    """What a partner is entitled to at one moment.

    `tier_id` is the tier whose benefits count, `version` the catalogue's (0: none is in force,
    then nothing is stated). None of a number says that the catalogue states nothing.
    """

    partner_id: int
    tier_id: int
    version: int
    since: dt.datetime | None
    values: Grants

    def percent(self, benefit: str) -> Decimal | None:
        value = self.values.get(benefit)
        return value.number if value else None

    @property
    def margin(self) -> Decimal | None:
        return self.percent("margin")

    @property
    def fund(self) -> Decimal | None:
        return self.percent("fund")

    def level(self, benefit: str) -> str:
        """The word of a level; "" when none is stated."""
        value = self.values.get(benefit)
        return value.word if value else ""

    def limit(self, benefit: str, otherwise: Decimal | None) -> Decimal | None:
        """A limit, None for no limit; `otherwise` where the catalogue states nothing."""
        value = self.values.get(benefit)
        if value is None:
            return otherwise
        return None if value.word == UNLIMITED else value.number

    def has(self, feature: str) -> bool:
        """Whether a feature of the portal is on: it is, unless a catalogue says no."""
        value = self.values.get(feature)
        return value is None or value.word != NO


def entitlements(partner_id: int, on: dt.datetime | None = None) -> Entitlements:
    """What a partner is entitled to at a moment (default: now). At most three queries once the
    catalogue is known to the process.

    A past moment is answered with the catalogue and the tier of that time, for the partner's
    region and type of today. Raises Partner.DoesNotExist.
    """
    place = Partner.objects.values_list("region__path", "type", "tier_id").get(pk=partner_id)
    return entitlements_at(partner_id, *place, on or timezone.now())


def entitlements_at(
    partner_id: int, region_path: str, partner_type: str, tier_id: int, at: dt.datetime
) -> Entitlements:
    """The same for a partner whose region, type and tier are known: a query less."""
    catalogue = catalogue_for(partner_id, region_path, partner_type, at)
    if catalogue is None:
        return Entitlements(partner_id, tier_id, 0, None, {})
    held = held_at(held_by(partner_id, catalogue), at)
    counts = held.tier_id if held else tier_id
    return Entitlements(
        partner_id,
        counts,
        catalogue.version,
        held.since if held else None,
        catalogue.of_tier(counts),
    )


def held_by(partner_id: int, catalogue: ReadCatalogue) -> list[Held]:
    """From when which tier's benefits were, are and will be the partner's. One query."""
    rows = TierStay.objects.filter(partner_id=partner_id).order_by("-since", "-pk")
    stays = list(rows.values_list("tier_id", "since")[:MOST_STAYS])
    return times_held(stays[::-1], catalogue.starts, timezone.get_default_timezone())


# --- versions -------------------------------------------------------------------------------


def brought_by(
    grants: Mapping[int, Grants], tiers: Sequence[Tier] | None = None
) -> list[tuple[str, Grants]]:
    """What each tier brings, by its name, the lowest first."""
    known = tiers if tiers is not None else list(Tier.objects.order_by("rank"))
    return [(tier.name, grants.get(tier.pk, {})) for tier in known]


def problems(row: BenefitCatalogue) -> list[str]:
    return problems_of(brought_by(read_catalogue(row).grants))


def coming(region_path: str, partner_type: str, now: dt.datetime) -> BenefitCatalogue | None:
    """The next version that will count for partners of a type in a region."""
    rows = BenefitCatalogue.objects.filter(
        status=ProgrammeStatus.PUBLISHED, effective_from__gt=now, tried=False
    ).select_related("region")
    for row in rows.order_by("effective_from"):
        path = row.region.path if row.region else ""
        inside = not path or f"{region_path}.".startswith(f"{path}.")
        if inside and row.partner_type in ("", partner_type):
            return row
    return None


def partner_of(actor: Actor, partner_id: int) -> Partner:
    """Raises Partner.DoesNotExist for one that the actor may not see."""
    rows: Any = Partner.objects.visible_to(actor).select_related("tier", "region")
    partner: Partner = rows.get(pk=partner_id)
    return partner
