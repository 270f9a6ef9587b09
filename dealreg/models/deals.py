from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from dealreg.models.accounts import Account, ProductLine
from dealreg.rules.states import (
    CLOSED_STAGES,
    EVER_DECIDED,
    OPEN_STAGES,
    SELLING,
    DealStage,
    DealStatus,
)
from partners.queries import in_regions

if TYPE_CHECKING:
    from dealreg.models.decisions import Decision

# The deals of the pipeline: what the forecast adds up. Indexes and queries say it alike.
IN_PIPELINE = Q(status__in=sorted(SELLING), stage__in=sorted(OPEN_STAGES))


class DealQuerySet(models.QuerySet["Deal"]):
    def visible_to(self, actor: Actor) -> "DealQuerySet":
        """Partners see their own deals; staff those of their regions, drafts excepted."""
        if actor.is_system:
            return self
        if actor.is_staff:
            return self.exclude(status=DealStatus.DRAFT, source=DealSource.PORTAL).filter(
                in_regions(actor.region_paths, "partner__region__path")
            )
        if actor.partner_id is not None:
            return self.filter(partner_id=actor.partner_id)
        return self.none()


class DealSource(models.TextChoices):
    PORTAL = "portal", _("Portal")
    API = "api", _("API")
    EMAIL = "email", _("E-mail")
    IMPORT = "import", _("Import")


class Deal(models.Model):
    """A partner's registration of an opportunity with one customer for one product line.

    The customer's name, domain and country are kept as the partner typed them; `account` is
    the customer that they were found to mean. `amount` is what the partner expects to sell
    for; unknown only in drafts and imported history. `version` counts changes, so that a
    stale edit is noticed.

    `status` is the registration's, `stage` the sale's. `probability` is the seller's own, in
    percent; without one that of the stage counts. `sale_updated_at` is when the sale was last
    said to be current.
    """

    partner = models.ForeignKey(
        "partners.Partner",
        on_delete=models.PROTECT,
        related_name="deals",
        verbose_name=_("partner"),
    )
    account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deals",
        verbose_name=_("customer"),
    )
    product_line = models.ForeignKey(
        ProductLine,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deals",
        verbose_name=_("product line"),
    )
    customer_name = models.CharField(_("customer"), max_length=200, blank=True, default="")
    customer_domain = models.CharField(_("domain"), max_length=253, blank=True, default="")
    customer_country = models.CharField(_("country"), max_length=2, blank=True, default="")
    amount = models.DecimalField(
        _("amount"), max_digits=18, decimal_places=3, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    expected_close = models.DateField(_("expected close"), null=True, blank=True)
    description = models.TextField(_("description"), blank=True, default="")
    public_sector = models.BooleanField(_("public-sector tender"), default=False)
    customer_consent = models.BooleanField(_("customer agreed"), default=False)

    status = models.CharField(
        _("status"), max_length=12, choices=DealStatus.choices, default=DealStatus.DRAFT
    )
    stage = models.CharField(
        _("sales stage"),
        max_length=12,
        choices=DealStage.choices,
        default=DealStage.PROSPECTING,
    )
    probability = models.PositiveSmallIntegerField(
        _("own probability in percent"), null=True, blank=True
    )
    next_step = models.CharField(_("next step"), max_length=200, blank=True, default="")
    next_step_on = models.DateField(_("next step on"), null=True, blank=True)
    sale_updated_at = models.DateTimeField(_("sale updated"), null=True, blank=True)
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    closed_amount = models.DecimalField(
        _("closed amount"), max_digits=18, decimal_places=3, null=True, blank=True
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True, default="")

    source = models.CharField(
        _("came by"), max_length=8, choices=DealSource.choices, default=DealSource.PORTAL
    )
    previous = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="registered_again",
        verbose_name=_("earlier registration"),
    )
    external_ref = models.CharField(
        _("reference in the CRM"), max_length=100, null=True, blank=True, unique=True
    )
    submission_key = models.UUIDField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("registered by"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    updated_at = models.DateTimeField(_("changed"), default=timezone.now)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects: ClassVar[DealQuerySet] = DealQuerySet.as_manager()  # type: ignore[assignment]

    # The decision that was made with this very object; spares whoever answers to read it again.
    just_decided: "Decision | None" = None
    # The way that was chosen for this very object, before it is stored (DealRoute).
    chosen_route: object = None

    class Meta:
        verbose_name = _("deal")
        verbose_name_plural = _("deals")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "submission_key"], name="deal_submitted_once"
            ),
            models.UniqueConstraint(
                fields=["previous"],
                condition=Q(status=DealStatus.DRAFT),
                name="deal_one_draft_of_previous",
            ),
            models.CheckConstraint(
                condition=Q(status__in=DealStatus.values), name="deal_status_known"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=DealStage.values), name="deal_stage_known"
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=0), name="deal_amount_positive"
            ),
            models.CheckConstraint(
                condition=Q(currency="") | Q(currency__regex=r"^[A-Z]{3}$"),
                name="deal_currency_code",
            ),
            models.CheckConstraint(
                condition=Q(status=DealStatus.DRAFT)
                | Q(
                    account__isnull=False,
                    product_line__isnull=False,
                    submitted_at__isnull=False,
                )
                & ~Q(customer_name=""),
                name="deal_submitted_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[DealStatus.IN_REVIEW, DealStatus.NEEDS_INFO])
                | Q(amount__isnull=False, expected_close__isnull=False),
                name="deal_in_review_has_amount",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(EVER_DECIDED))
                | Q(decided_at__isnull=False) & ~Q(decided_by=""),
                name="deal_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=sorted(OPEN_STAGES)) | Q(status__in=sorted(SELLING)),
                name="deal_stage_fits_status",
            ),
            models.CheckConstraint(
                condition=Q(
                    stage__in=sorted(OPEN_STAGES),
                    closed_on__isnull=True,
                    closed_amount__isnull=True,
                )
                | Q(
                    stage__in=sorted(CLOSED_STAGES),
                    closed_on__isnull=False,
                    closed_amount__isnull=False,
                ),
                name="deal_closed_is_dated_and_counted",
            ),
            models.CheckConstraint(
                condition=Q(closed_amount__isnull=True) | Q(closed_amount__gte=0),
                name="deal_closed_amount_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(probability__isnull=True) | Q(probability__lte=100),
                name="deal_probability_in_percent",
            ),
            models.CheckConstraint(
                condition=Q(next_step_on__isnull=True) | ~Q(next_step=""),
                name="deal_next_step_on_a_day_is_said",
            ),
        ]
        indexes = [
            # the partner's list: newest change first, by status
            models.Index(fields=["partner", "-updated_at", "-id"], name="deal_partner_list"),
            models.Index(
                fields=["partner", "status", "-updated_at", "-id"], name="deal_partner_status"
            ),
            # the review queue: oldest first
            models.Index(
                fields=["submitted_at", "id"],
                name="deal_review_queue",
                condition=Q(status=DealStatus.IN_REVIEW),
            ),
            # the partner's list by expected close
            models.Index(fields=["partner", "expected_close", "id"], name="deal_partner_by_close"),
            # forecast: sums over open sales of a partner or of many, from the index alone
            models.Index(
                fields=["partner", "stage", "expected_close"],
                include=["currency", "amount", "probability"],
                name="deal_pipeline",
                condition=IN_PIPELINE,
            ),
            # sales.stale: open sales that nobody has updated for long
            models.Index(
                fields=["partner", "stage", "sale_updated_at"],
                name="deal_stale",
                condition=IN_PIPELINE,
            ),
            # conflicts.of: who else works on this customer
            models.Index(fields=["account", "product_line"], name="deal_account"),
            # dealreg/measures.py counts from these alone, for one partner or for all
            models.Index(
                fields=["partner", "closed_on"],
                include=["stage", "status", "closed_amount", "currency"],
                name="deal_closed_of_partner",
                condition=Q(stage__in=["won", "lost"]),
            ),
            models.Index(
                fields=["partner", "submitted_at"],
                include=["status", "decided_at"],
                name="deal_sent_of_partner",
                condition=~Q(status="draft"),
            ),
            models.Index(
                fields=["partner"],
                include=["status", "stage", "amount", "currency"],
                name="deal_open_of_partner",
                condition=Q(status__in=["approved", "lapsed"]) & ~Q(stage__in=["won", "lost"]),
            ),
            # the admin's list
            models.Index(fields=["-id"], name="deal_newest"),
            models.Index(fields=["status", "-id"], name="deal_status_newest"),
            # desk.search_deals: the words of the customer's name, and the domain
            GinIndex(
                SearchVector("customer_name", "customer_domain", config="simple"),
                name="deal_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.customer_name}".strip()

    @property
    def reference(self) -> str:
        """How people call the deal."""
        return f"DR-{self.pk}"
