from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

colour = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour as #rrggbb."))


class Branding(models.Model):
    """How the vendor's portal is called and looks: one row."""

    name = models.CharField(_("portal name"), max_length=60, default="Partner Hub")
    logo = models.FileField(_("logo"), upload_to="branding/", blank=True)
    brand_colour = models.CharField(
        _("brand colour"), max_length=7, default="#3949ab", validators=[colour]
    )
    accent_colour = models.CharField(
        _("accent colour"), max_length=7, default="#0f766e", validators=[colour]
    )
    support_email = models.EmailField(_("support address"), blank=True, default="")

    class Meta:
        verbose_name = _("branding")
        verbose_name_plural = _("branding")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="branding_one_row")]

    def __str__(self) -> str:
        return self.name
