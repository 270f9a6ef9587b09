"""What all policies of the programme share that come in versions, each for some partners."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.organisations import Region
from partners.rules import PartnerType


class ProgrammeStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class PolicyVersion(models.Model):
    """One version, for partners of a type (empty: every type) in a region and what lies in it
    (none: everywhere). The most specific published one decides.

    Never edited after publishing: database triggers refuse it. `effective_from` may lie ahead.
    """

    version = models.PositiveIntegerField(_("version"), unique=True)
    title = models.CharField(_("title"), max_length=120)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=ProgrammeStatus.choices,
        default=ProgrammeStatus.DRAFT,
    )
    partner_type = models.CharField(
        _("partner type"), max_length=16, choices=PartnerType.choices, blank=True, default=""
    )
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region"),
    )
    effective_from = models.DateTimeField(_("in force from"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    # Published only for whom its roll-outs include while they last (partners/queries/rollouts.py).
    tried = models.BooleanField(_("tried out"), default=False, editable=False)

    class Meta:
        abstract = True
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"v{self.version} {self.title}"


class DatedVersion(PolicyVersion):
    """Of a past moment those versions count that were in force then: `retired_at` is when one
    ceased to be."""

    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    class Meta(PolicyVersion.Meta):
        abstract = True


def sound_versions(prefix: str) -> list[models.BaseConstraint]:
    """What holds of every version; of one scope, two never begin at the same moment."""
    return [
        models.CheckConstraint(
            condition=Q(status__in=ProgrammeStatus.values), name=f"{prefix}_status_known"
        ),
        models.CheckConstraint(
            condition=Q(status=ProgrammeStatus.DRAFT) | Q(effective_from__isnull=False),
            name=f"{prefix}_published_is_dated",
        ),
        models.UniqueConstraint(
            fields=["region", "partner_type", "effective_from"],
            condition=~Q(status=ProgrammeStatus.DRAFT) & Q(tried=False),
            nulls_distinct=False,
            name=f"{prefix}_one_in_force_per_scope",
        ),
    ]


def dated_ends(prefix: str) -> models.BaseConstraint:
    return models.CheckConstraint(
        condition=Q(status=ProgrammeStatus.RETIRED, retired_at__isnull=False)
        | (~Q(status=ProgrammeStatus.RETIRED) & Q(retired_at__isnull=True)),
        name=f"{prefix}_retired_is_dated",
    )
