"""What a company says of itself, the papers kept about it, and what its type is there for."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.organisations import Partner
from partners.rules.organisations import PartnerType
from partners.rules.record import DocumentKind


class PartnerProfile(models.Model):
    """What a partner's administrators say of their company. `version` grows with each change,
    so that nobody overwrites what they have not read."""

    partner = models.OneToOneField(
        Partner, on_delete=models.CASCADE, related_name="profile", verbose_name=_("partner")
    )
    about = models.TextField(_("about the company"), max_length=2000, blank=True, default="")
    website = models.URLField(_("website"), blank=True, default="")
    phone = models.CharField(_("phone"), max_length=40, blank=True, default="")
    street = models.CharField(_("street"), max_length=200, blank=True, default="")
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True, default="")
    city = models.CharField(_("city"), max_length=100, blank=True, default="")
    employees = models.PositiveIntegerField(
        _("people"), null=True, blank=True, validators=[MaxValueValidator(10_000_000)]
    )
    founded = models.PositiveSmallIntegerField(
        _("founded in"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1500), MaxValueValidator(2200)],
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("company profile")
        verbose_name_plural = _("company profiles")

    def __str__(self) -> str:
        return str(self.partner)


class PartnerDocument(models.Model):
    """A paper about a partner, with its file (core.files). One that was withdrawn stays in the
    record; nobody is reminded of its end."""

    partner = models.ForeignKey(
        Partner, on_delete=models.CASCADE, related_name="documents", verbose_name=_("partner")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=DocumentKind.choices)
    title = models.CharField(_("title"), max_length=160)
    expires_on = models.DateField(
        _("valid until"),
        null=True,
        blank=True,
        help_text=_("The partner and its manager are reminded 30 days before, and on the day."),
    )
    shared = models.BooleanField(
        _("the partner reads it, too"),
        default=False,
        help_text=_("Otherwise only people at the vendor do."),
    )
    withdrawn = models.BooleanField(_("no longer counts"), default=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    added_at = models.DateTimeField(_("added"), default=timezone.now)

    class Meta:
        verbose_name = _("document of a partner")
        verbose_name_plural = _("documents of partners")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=DocumentKind.values), name="partner_document_kind_known"
            )
        ]
        indexes = [models.Index(fields=["partner", "-id"], name="documents_of_partner")]

    def __str__(self) -> str:
        return self.title


class TypePlaybook(models.Model):
    """What partners of a type are there for, and how they go about it; they read it."""

    type = models.CharField(_("type"), max_length=16, choices=PartnerType.choices, unique=True)
    duties = models.TextField(
        _("duties"),
        max_length=4000,
        blank=True,
        default="",
        help_text=_("What is expected of partners of this type, one in each line."),
    )
    playbook = models.TextField(
        _("playbook"),
        max_length=4000,
        blank=True,
        default="",
        help_text=_("How they go about it, one step in each line."),
    )

    class Meta:
        verbose_name = _("duties and playbook of a type")
        verbose_name_plural = _("duties and playbooks of types")
        ordering = ["type"]
        constraints = [
            models.CheckConstraint(
                condition=Q(type__in=PartnerType.values), name="playbook_type_known"
            )
        ]

    def __str__(self) -> str:
        return self.get_type_display()
