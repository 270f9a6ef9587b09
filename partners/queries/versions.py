"""Reads that are the same of every policy that comes in versions."""

from typing import Protocol, TypeVar

from django.db.models import Q

from partners.models.versions import PolicyVersion, ProgrammeStatus

V = TypeVar("V", bound=PolicyVersion)


class Scoped(Protocol):
    """A version as it is read; `reaches` say with whom it is tried out (None: it is not)."""

    @property
    def id(self) -> int: ...
    @property
    def region(self) -> str: ...
    @property
    def partner_type(self) -> str: ...
    @property
    def reaches(self) -> tuple[object, ...] | None: ...


def precedence(one: Scoped) -> tuple[bool, int, bool, int]:
    """One that is tried out goes before all others, then a deeper region before a type."""
    depth = one.region.count(".") + 1 if one.region else 0
    return one.reaches is None, -depth, not one.partner_type, one.id


def same_scope(row: PolicyVersion) -> Q:
    return Q(region_id=row.region_id, partner_type=row.partner_type)


def behind(row: V) -> V | None:
    """The version of the same scope that decides about everybody, or would have decided, before
    this one."""
    rows = type(row)._default_manager.filter(same_scope(row), version__lt=row.version, tried=False)
    rows = rows.exclude(status=ProgrammeStatus.DRAFT)
    return rows.order_by("-effective_from").first()
