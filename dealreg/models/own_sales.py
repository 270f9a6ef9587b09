"""What the vendor sells without, or beside, a registered deal: the other half of a conflict."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dealreg.models.accounts import Account, ProductLine


class Purchase(models.Model):
    """What a customer has bought of a product line, and until when it has it.

    Deals that partners won count beside these and are not copied here. `sold_by` is the partner
    that sold it, empty when the vendor did; an empty `ends_on` means: until further notice.
    """

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="purchases", verbose_name=_("customer")
    )
    product_line = models.ForeignKey(
        ProductLine, on_delete=models.PROTECT, related_name="+", verbose_name=_("product line")
    )
    bought_on = models.DateField(_("bought"))
    ends_on = models.DateField(_("runs until"), null=True, blank=True)
    sold_by = models.ForeignKey(
        "partners.Partner",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sold by"),
        help_text=_("Empty when the vendor sold it directly."),
    )
    external_ref = models.CharField(
        _("reference in the CRM"), max_length=200, null=True, blank=True, unique=True
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("purchase")
        verbose_name_plural = _("purchases")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("bought_on")),
                name="purchase_ends_after_it_began",
            )
        ]
        # conflicts.conflict_of
        indexes = [models.Index(fields=["account", "product_line"], name="purchase_of_account")]

    def __str__(self) -> str:
        return f"{self.account}: {self.product_line}"


class DirectOpportunity(models.Model):
    """A sale that the vendor's own people work on. Open until it is closed.

    `stage` and `owner` are as the vendor's CRM words them. Without a product line it stands for
    all of them.
    """

    account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        related_name="direct_opportunities",
        verbose_name=_("customer"),
    )
    product_line = models.ForeignKey(
        ProductLine,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("product line"),
        help_text=_("Empty while it is not known: then it counts for every product line."),
    )
    stage = models.CharField(_("stage"), max_length=60, blank=True, default="")
    owner = models.CharField(_("owner"), max_length=150, blank=True, default="")
    opened_on = models.DateField(_("opened"))
    closed_on = models.DateField(_("closed"), null=True, blank=True)
    external_ref = models.CharField(
        _("reference in the CRM"), max_length=200, null=True, blank=True, unique=True
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("direct opportunity")
        verbose_name_plural = _("direct opportunities")
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="direct_opportunity_closes_after_it_opened",
            )
        ]
        indexes = [
            # conflicts.conflict_of
            models.Index(
                fields=["account"],
                name="direct_opportunity_open",
                condition=Q(closed_on__isnull=True),
            )
        ]

    def __str__(self) -> str:
        line = self.product_line or _("all product lines")
        return f"{self.account}: {line}"
