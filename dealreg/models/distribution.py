"""Which way a registration goes, and what the distributor on it has said."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from dealreg.models.deals import Deal
from dealreg.rules.distribution import Endorsement
from dealreg.rules.states import DealStatus
from partners.queries.distribution import resellers_in_force


class DealRouteQuerySet(models.QuerySet["DealRoute"]):
    def visible_to(self, actor: Actor) -> "DealRouteQuerySet":
        """What a distributor may know of: registrations of its resellers that run through it,
        as long as they work together; drafts never. Resellers and the vendor read the deal."""
        if actor.partner_id is None:
            return self.none()
        return self.filter(
            distributor_id=actor.partner_id,
            deal__partner__in=resellers_in_force(actor.partner_id),
        ).exclude(deal__status=DealStatus.DRAFT)


class DealRoute(models.Model):
    """The way of one registration. `link_id` is the relation that was chosen; without a
    `distributor` the reseller `kept` the deal from its distributors."""

    deal = models.OneToOneField(Deal, on_delete=models.CASCADE, related_name="route")
    distributor = models.ForeignKey(
        "partners.Partner",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("distributor"),
    )
    link = models.ForeignKey(
        "partners.DistributionLink", on_delete=models.PROTECT, null=True, related_name="+"
    )
    kept = models.BooleanField(_("kept from distributors"), default=False)
    endorsement = models.CharField(
        _("endorsement"), max_length=12, choices=Endorsement.choices, default=Endorsement.NONE
    )
    answer_until = models.DateTimeField(_("answer until"), null=True)
    answered_at = models.DateTimeField(_("answered"), null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    note = models.CharField(_("note"), max_length=1000, blank=True, default="")

    objects: ClassVar[DealRouteQuerySet] = DealRouteQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("way of a deal")
        verbose_name_plural = _("ways of deals")
        constraints = [
            models.CheckConstraint(
                condition=Q(kept=True, distributor__isnull=True, link__isnull=True)
                | Q(kept=False, distributor__isnull=False, link__isnull=False),
                name="route_through_or_kept",
            ),
            models.CheckConstraint(
                condition=Q(endorsement__in=Endorsement.values), name="route_endorsement_known"
            ),
            models.CheckConstraint(
                condition=Q(endorsement=Endorsement.NONE)
                | Q(distributor__isnull=False, answer_until__isnull=False),
                name="route_asked_until",
            ),
        ]
        indexes = [
            # a distributor's list, newest first
            models.Index(fields=["distributor", "-deal"], name="route_of_distributor"),
            # what waits for a distributor, and what the desk leaves out meanwhile
            models.Index(
                fields=["distributor", "answer_until"],
                name="route_waiting",
                condition=Q(endorsement=Endorsement.WAITING),
            ),
        ]

    def __str__(self) -> str:
        return self.deal.reference
