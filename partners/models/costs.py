"""What a partner states for itself that the programme costs it. Nobody at the vendor reads it: it
is registered nowhere in the back office, and the record of events says only that it changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.organisations import Partner
from partners.rules.profit import CostKind


class PartnerCost(models.Model):
    """One cost of a day. `version` grows with each change, so that nobody overwrites what they
    have not read."""

    partner = models.ForeignKey(
        Partner, on_delete=models.CASCADE, related_name="costs", verbose_name=_("partner")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=CostKind.choices)
    day = models.DateField(_("day"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=3)
    currency = models.CharField(_("currency"), max_length=3)
    note = models.CharField(_("what for"), max_length=200, blank=True, default="")
    version = models.PositiveIntegerField(default=1, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("cost of a partner")
        verbose_name_plural = _("costs of partners")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=CostKind.values), name="partner_cost_kind_known"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="partner_cost_above_zero"),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="partner_cost_currency_spelling"
            ),
        ]
        indexes = [models.Index(fields=["partner", "-day", "-id"], name="costs_of_partner")]
