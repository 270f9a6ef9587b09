"""What of the programme can be tried out with some partners first."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partners.models import (
    BenefitCatalogue,
    IdealProfile,
    TierProgramme,
    TriedDistributionPolicy,
    TriedRegionPolicy,
)
from partners.models.versions import ProgrammeStatus
from partners.registries.features import Policies, declare_policies
from partners.rules.rollouts import (
    CATALOGUES,
    DISTRIBUTION_POLICIES,
    IDEALS,
    PROGRAMMES,
    REGION_POLICIES,
)

MOST_CHOICES = 30


def declare_versions(prefix: str, table: type[models.Model], words: Promise) -> None:
    """Drafts, and what is tried out already. A version that was published for everybody is none
    to try."""
    rows: Any = table._default_manager

    def called(row: Any) -> str:
        return str(words) % {"version": row.version, "title": row.title}

    def choices() -> list[tuple[int, str]]:
        tryable = Q(status=ProgrammeStatus.DRAFT) | Q(status=ProgrammeStatus.PUBLISHED, tried=True)
        return [
            (row.pk, called(row))
            for row in rows.filter(tryable).order_by("-version")[:MOST_CHOICES]
        ]

    def name(key: int) -> str:
        row = rows.filter(pk=key).first()
        return called(row) if row else ""

    def scope(key: int) -> tuple[str, str]:
        found = rows.filter(pk=key).values_list("region__path", "partner_type").first()
        return (found[0] or "", found[1]) if found else ("", "")

    def decided(key: int) -> bool:
        return bool(rows.filter(pk=key).exclude(status=ProgrammeStatus.DRAFT).exists())

    declare_policies(Policies(prefix, choices, name, scope, decided))


def declare_tried(prefix: str, table: type[models.Model], words: Promise) -> None:
    """Policies without versions: those that are written to be tried."""
    rows: Any = table._default_manager

    def choices() -> list[tuple[int, str]]:
        return [(row.pk, name_of(row)) for row in rows.order_by("-pk")[:MOST_CHOICES]]

    def name_of(row: Any) -> str:
        return str(words) % {"title": row.title}

    def name(key: int) -> str:
        row = rows.filter(pk=key).first()
        return name_of(row) if row else ""

    declare_policies(Policies(prefix, choices, name))


declare_versions(PROGRAMMES, TierProgramme, _("Tier programme v%(version)s: %(title)s"))
declare_versions(CATALOGUES, BenefitCatalogue, _("Benefits v%(version)s: %(title)s"))
declare_versions(IDEALS, IdealProfile, _("Ideal partner profile v%(version)s: %(title)s"))
declare_tried(REGION_POLICIES, TriedRegionPolicy, _("Region policy: %(title)s"))
declare_tried(DISTRIBUTION_POLICIES, TriedDistributionPolicy, _("Distribution policy: %(title)s"))
