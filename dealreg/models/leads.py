"""Customers who ask for a partner, and to whom each was offered."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from dealreg.models.accounts import ProductLine
from dealreg.rules.leads import (
    BACK_AT_VENDOR,
    WITH_A_PARTNER,
    LeadOutcome,
    LeadSource,
    LeadState,
)
from partners.queries import in_regions
from partners.rules import PartnerRole

READERS = frozenset({PartnerRole.SALES, PartnerRole.ADMIN, PartnerRole.MARKETING})


class LeadQuerySet(models.QuerySet["Lead"]):
    def visible_to(self, actor: Actor) -> "LeadQuerySet":
        """A partner's sellers, marketers and administrators see what is with their company now;
        staff see the leads of their regions."""
        if actor.is_system:
            return self
        if actor.is_staff:
            return self.filter(in_regions(actor.region_paths, "region__path"))
        if actor.partner_id is not None and actor.partner_roles & READERS:
            return self.filter(partner_id=actor.partner_id)
        return self.none()


class Lead(models.Model):
    """Somebody asked to be called. `partner` has it now, offered or accepted; without one the
    vendor has it. `region` is that of the partner it was first offered to. One that is `erased`
    counts on, but says no more who asked, nor what (services/lead_retention.py)."""

    source = models.CharField(_("source"), max_length=12, choices=LeadSource.choices)
    state = models.CharField(
        _("state"), max_length=12, choices=LeadState.choices, default=LeadState.NEW
    )
    partner = models.ForeignKey(
        "partners.Partner",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("partner"),
    )
    region = models.ForeignKey(
        "partners.Region", on_delete=models.PROTECT, related_name="+", verbose_name=_("region")
    )
    product_line = models.ForeignKey(
        ProductLine,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("product line"),
    )
    person = models.CharField(_("name"), max_length=150)
    company = models.CharField(_("company"), max_length=200)
    email = models.EmailField(_("e-mail address"))
    phone = models.CharField(_("phone"), max_length=40, blank=True, default="")
    country = models.CharField(_("country"), max_length=2, blank=True, default="")
    message = models.TextField(_("message"), max_length=2000)
    language = models.CharField(_("language"), max_length=12, blank=True, default="")
    consent_at = models.DateTimeField(_("consented"))
    created_at = models.DateTimeField(_("came in"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    answer_until = models.DateTimeField(_("answer until"), null=True, blank=True)
    outcome = models.CharField(
        _("outcome"), max_length=12, choices=LeadOutcome.choices, blank=True, default=""
    )
    note = models.CharField(_("note"), max_length=1000, blank=True, default="")
    erased_at = models.DateTimeField(_("personal data erased"), null=True, editable=False)
    submission_key = models.UUIDField(null=True, unique=True, editable=False)

    objects: ClassVar[LeadQuerySet] = LeadQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=LeadState.values), name="lead_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(WITH_A_PARTNER)) | Q(partner__isnull=False),
                name="lead_with_a_partner",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(BACK_AT_VENDOR)) | Q(partner__isnull=True),
                name="lead_back_at_vendor",
            ),
            models.CheckConstraint(
                condition=~Q(state=LeadState.NEW) | Q(answer_until__isnull=False),
                name="lead_new_waits_until",
            ),
            models.CheckConstraint(
                condition=Q(state=LeadState.CLOSED) ^ Q(outcome=""), name="lead_closed_with_outcome"
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(person="", company="", email="", phone="", message="", note=""),
                name="lead_erased_names_nobody",
            ),
        ]
        indexes = [
            # a partner's inbox, newest first
            models.Index(fields=["partner", "-id"], name="lead_of_partner"),
            # the vendor's lists
            models.Index(fields=["state", "-id"], name="lead_by_state"),
            # whose personal data is due to go
            models.Index(
                fields=["region", "changed_at"],
                name="lead_to_erase",
                condition=Q(erased_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """How people call the lead."""
        return f"LD-{self.pk}"


class LeadOffer(models.Model):
    """A lead was offered to a partner; what it answered, and why."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="offers")
    partner = models.ForeignKey(
        "partners.Partner", on_delete=models.PROTECT, related_name="+", verbose_name=_("partner")
    )
    offered_at = models.DateTimeField(_("offered"), default=timezone.now)
    answer_until = models.DateTimeField(_("answer until"))
    answer = models.CharField(
        _("answer"), max_length=12, choices=LeadState.choices, blank=True, default=""
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=1000, blank=True, default="")

    class Meta:
        verbose_name = _("offer of a lead")
        verbose_name_plural = _("offers of leads")
        constraints = [
            models.UniqueConstraint(
                fields=["lead"], condition=Q(answered_at__isnull=True), name="lead_one_open_offer"
            )
        ]
        indexes = [models.Index(fields=["lead", "-id"], name="offers_of_lead")]
