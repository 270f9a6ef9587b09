"""Quarterly reviews: the meeting, what it looked at, and the pack for it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from core.models import QueuedRow, QueueState, StoredFile
from partners.models.organisations import Partner
from partners.models.plans import OfPartnersQuerySet
from partners.rules.organisations import PartnerType
from partners.rules.periods import Period
from partners.rules.reviews import ReviewStatus

WORKING = [QueueState.WAITING, QueueState.RUNNING]


class ReviewTemplate(models.Model):
    """An agenda to begin with, for partners of one type or of all."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    partner_type = models.CharField(
        _("partner type"),
        max_length=16,
        choices=PartnerType.choices,
        blank=True,
        default="",
        help_text=_("Empty: for every type."),
    )
    agenda = models.TextField(_("agenda"), max_length=4000, help_text=_("One item in each line."))
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("review agenda")
        verbose_name_plural = _("review agendas")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class QuarterlyReview(models.Model):
    """A meeting about a quarter. `figures` are the numbers as they stood when it was held."""

    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("partner")
    )
    title = models.CharField(_("title"), max_length=160)
    first = models.DateField(_("from"))
    last = models.DateField(_("until"))
    meets_at = models.DateTimeField(_("meeting"))
    place = models.CharField(_("place or link"), max_length=300, blank=True, default="")
    agenda = models.TextField(_("agenda"), max_length=4000, blank=True, default="")
    participants = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("participants"), blank=True
    )
    guests = models.CharField(_("guests"), max_length=500, blank=True, default="")
    status = models.CharField(
        _("status"), max_length=12, choices=ReviewStatus.choices, default=ReviewStatus.PLANNED
    )
    figures = models.JSONField(null=True, blank=True)
    held_at = models.DateTimeField(_("held"), null=True, blank=True)
    notes = models.TextField(_("notes"), max_length=8000, blank=True, default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("planned by"),
    )
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[OfPartnersQuerySet] = OfPartnersQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("quarterly review")
        verbose_name_plural = _("quarterly reviews")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ReviewStatus.values), name="review_status_known"
            ),
            models.CheckConstraint(
                condition=Q(first__lte=F("last")), name="review_quarter_in_order"
            ),
            models.CheckConstraint(
                condition=Q(status=ReviewStatus.HELD, held_at__isnull=False, figures__isnull=False)
                | (~Q(status=ReviewStatus.HELD) & Q(held_at__isnull=True, figures__isnull=True)),
                name="review_held_keeps_figures",
            ),
        ]
        indexes = [models.Index(fields=["partner", "-meets_at", "-id"], name="review_of_partner")]

    def __str__(self) -> str:
        return self.title

    @property
    def period(self) -> Period:
        return Period(self.first, self.last)


class ReviewPack(QueuedRow):
    """A PDF of a review in one language, made by a worker (partners/runs/packs.py). `done` of
    `total` steps are made; `of_version` is the review's version that it shows."""

    review = models.ForeignKey(
        QuarterlyReview, on_delete=models.CASCADE, related_name="packs", verbose_name=_("review")
    )
    language = models.CharField(_("language"), max_length=12)
    of_version = models.PositiveIntegerField(default=0)
    done = models.PositiveSmallIntegerField(_("steps made"), default=0)
    total = models.PositiveSmallIntegerField(_("steps"), default=4)
    file = models.ForeignKey(
        StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)

    class Meta:
        verbose_name = _("review pack")
        verbose_name_plural = _("review packs")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "language"],
                condition=Q(state__in=WORKING),
                name="pack_one_at_a_time",
            )
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], name="pack_due", condition=Q(state__in=WORKING))
        ]

    def __str__(self) -> str:
        return f"{self.review} ({self.language})"

    @property
    def language_name(self) -> str:
        return str(get_language_info(self.language)["name_local"])
