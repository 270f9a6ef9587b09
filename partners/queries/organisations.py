"""Which partners there are: each by its key, its name or its domain, and in what state."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from core.actor import Actor
from partners.models import Partner, PartnerDomain, StatusMove
from partners.rules import IN_BUSINESS, PartnerStatus

MOST_AT_RISK = 10
MOST_CALLED = 2000
MOST_NAMED = 100


@dataclass(frozen=True, slots=True)
class PartnerCard:
    """Who a partner is, as its own people and staff see it. `manager` may be empty."""

    id: int
    name: str
    type: str
    region: str
    tier: str
    status: str
    status_label: str
    country: str
    manager: str
    manager_email: str
    domains: tuple[str, ...]


def partner_card(partner_id: int) -> PartnerCard:
    """A partner by id: one query. Raises Partner.DoesNotExist."""
    domains = PartnerDomain.objects.filter(partner=OuterRef("pk")).order_by("domain")
    partner = (
        Partner.objects.select_related("tier", "region", "manager")
        .annotate(known_domains=ArraySubquery(domains.values("domain")[:20]))
        .get(pk=partner_id)
    )
    return PartnerCard(
        id=partner.pk,
        name=partner.name,
        type=partner.get_type_display(),
        region=partner.region.name,
        tier=partner.tier.name,
        status=partner.status,
        status_label=partner.get_status_display(),
        country=partner.country,
        manager=str(partner.manager or ""),
        manager_email=partner.manager.email if partner.manager else "",
        domains=tuple(partner.known_domains),  # type: ignore[attr-defined]
    )


def region_of(partner_id: int) -> tuple[int, str]:
    """The id and the path of a partner's region. Raises Partner.DoesNotExist."""
    key, path = Partner.objects.values_list("region_id", "region__path").get(pk=partner_id)
    return key, path


def is_in_business(partner_id: int) -> bool:
    return Partner.objects.filter(pk=partner_id, status__in=sorted(IN_BUSINESS)).exists()


def suspension_of(partner_id: int) -> StatusMove | None:
    """Since when and why a partner's people only read; None while they may write."""
    found = StatusMove.objects.filter(partner_id=partner_id).order_by("-pk").first()
    suspended = found is not None and found.new == PartnerStatus.SUSPENDED
    return found if suspended else None


def partner_at(domain: str) -> int | None:
    """The partner in business that a domain belongs to; None for any other domain. One query."""
    rows = Partner.objects.filter(domains__domain=domain, status__in=sorted(IN_BUSINESS))
    return rows.values_list("pk", flat=True).first() if domain else None


def taken_domains(domains: Collection[str], *, but_for: int | None) -> list[str]:
    """Those of `domains` that belong to a partner other than `but_for`."""
    rows = PartnerDomain.objects.filter(domain__in=domains)
    if but_for is not None:
        rows = rows.exclude(partner_id=but_for)
    return sorted(rows.values_list("domain", flat=True))


def partners_called(names: Collection[str]) -> dict[str, list[int]]:
    """The ids of the partners of each name, whatever its case: name in lower case → ids."""
    wanted = {name.casefold() for name in names if name}
    rows = Partner.objects.annotate(lower=Lower("name")).filter(
        lower__in=wanted | {name.lower() for name in names}
    )
    found: dict[str, list[int]] = {}
    for key, name in rows.order_by("pk").values_list("pk", "name")[:MOST_CALLED]:
        found.setdefault(name.casefold(), []).append(key)
    return found


def partners_named(text: str) -> list[int]:
    """The ids of partners whose name contains `text` or whose domain it is (at most 100)."""
    rows = Partner.objects.filter(Q(name__icontains=text) | Q(domains__domain=text.lower()))
    return list(rows.order_by().values_list("pk", flat=True).distinct()[:MOST_NAMED])


def partner_called(actor: Actor, text: str) -> Partner | None:
    """The partner of the actor's scope with exactly this name or domain, when there is one."""
    words = text.strip().replace("\x00", "")[:253]
    if not words:
        return None
    rows = Partner.objects.visible_to(actor).filter(
        Q(name__iexact=words) | Q(domains__domain=words.lower())
    )
    found = list(rows.distinct()[:2])
    return found[0] if len(found) == 1 else None


def partner_names(keys: Collection[int]) -> dict[int, str]:
    """Id → name of some partners."""
    return dict(Partner.objects.filter(pk__in=keys).values_list("pk", "name"))


def visible_partner_ids(actor: Actor) -> QuerySet[Partner, Any]:
    """The keys of the partners in the actor's scope, for use inside another query."""
    return Partner.objects.visible_to(actor).order_by().values("pk")


def partners_in_scope(actor: Actor, keys: Collection[int]) -> set[int]:
    """Those of `keys` that are partners in the actor's scope."""
    return set(Partner.objects.visible_to(actor).filter(pk__in=keys).values_list("pk", flat=True))


def partners_at_risk(actor: Actor) -> list[Partner]:
    """The actor's partners that somebody should look after (at most 10)."""
    rows = Partner.objects.visible_to(actor).filter(status=PartnerStatus.AT_RISK)
    return list(
        rows.select_related("tier", "region", "manager").order_by("name", "pk")[:MOST_AT_RISK]
    )


def active_partners(actor: Actor) -> int:
    return Partner.objects.visible_to(actor).filter(status=PartnerStatus.ACTIVE).count()
