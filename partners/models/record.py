"""What is kept about a partner beside where it stands: what it is good at, where it sells, who
to talk to, and what was noted."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.subdivisions import PLACE
from partners.models.organisations import Partner
from partners.rules.record import ContactRole, FocusKind


class Focus(models.Model):
    """A specialisation or a vertical that partners may have; operations name them. A retired
    one stays with those who have it."""

    kind = models.CharField(_("kind"), max_length=16, choices=FocusKind.choices)
    name = models.CharField(_("name"), max_length=80)
    active = models.BooleanField(_("offered"), default=True)

    class Meta:
        verbose_name = _("specialisation or vertical")
        verbose_name_plural = _("specialisations and verticals")
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint("kind", Lower("name"), name="focus_name_once_in_kind"),
            models.CheckConstraint(condition=Q(kind__in=FocusKind.values), name="focus_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name


class PartnerFocus(models.Model):
    """A partner's specialisation or vertical."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="focuses")
    focus = models.ForeignKey(Focus, on_delete=models.PROTECT, related_name="partners")

    class Meta:
        verbose_name = _("specialisation or vertical of a partner")
        verbose_name_plural = _("specialisations and verticals of partners")
        constraints = [
            models.UniqueConstraint(fields=["partner", "focus"], name="partner_focus_once")
        ]


class PartnerTerritory(models.Model):
    """A country in which a partner sells ("DE"), or a part of one ("DE-BY")."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="territories")
    place = models.CharField(_("country or part of one"), max_length=6)

    class Meta:
        verbose_name = _("territory")
        verbose_name_plural = _("territories")
        constraints = [
            models.UniqueConstraint(fields=["partner", "place"], name="partner_territory_once"),
            models.CheckConstraint(condition=Q(place__regex=PLACE), name="territory_spelling"),
        ]

    def __str__(self) -> str:
        return self.place


class PartnerContact(models.Model):
    """Somebody at a partner to talk to about something, with or without a place in the portal."""

    partner = models.ForeignKey(
        Partner, on_delete=models.CASCADE, related_name="contacts", verbose_name=_("partner")
    )
    name = models.CharField(_("name"), max_length=150)
    role = models.CharField(_("role"), max_length=16, choices=ContactRole.choices)
    email = models.EmailField(_("e-mail address"), blank=True, default="")
    phone = models.CharField(_("phone"), max_length=40, blank=True, default="")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["role", "name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=ContactRole.values), name="contact_role_known"
            )
        ]

    def __str__(self) -> str:
        return self.name


class PartnerNote(models.Model):
    """What somebody at the vendor wrote down about a partner. Only a `shared` one is ever read
    by the partner."""

    partner = models.ForeignKey(
        Partner, on_delete=models.CASCADE, related_name="notes", verbose_name=_("partner")
    )
    text = models.TextField(_("note"), max_length=2000)
    shared = models.BooleanField(
        _("the partner reads it, too"),
        default=False,
        help_text=_("Otherwise only people at the vendor do. This cannot be changed later."),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    written_by = models.CharField(_("written by"), max_length=200)
    written_at = models.DateTimeField(_("written"), default=timezone.now)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-id"]
        indexes = [models.Index(fields=["partner", "-id"], name="notes_of_partner")]

    def __str__(self) -> str:
        return f"{self.partner}: {self.text[:40]}"
