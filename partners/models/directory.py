"""What partners show of themselves in the public directory."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.organisations import Partner
from partners.rules.directory import LONGEST_TEXT


class DirectoryProfile(models.Model):
    """A partner's own words about itself. It is public while it is `listed` by the partner, not
    `closed_because` of something by the vendor, and the partner is in business.

    `countries` are those it serves, its own always among them, and parts of countries ("DE-BY").
    """

    partner = models.OneToOneField(
        Partner, on_delete=models.CASCADE, related_name="listing", verbose_name=_("partner")
    )
    listed = models.BooleanField(_("listed"), default=False)
    name = models.CharField(_("name"), max_length=160)
    text = models.TextField(_("text"), max_length=LONGEST_TEXT, blank=True, default="")
    website = models.URLField(_("website"), blank=True, default="")
    logo = models.FileField(_("logo"), upload_to="directory/", blank=True)
    languages = ArrayField(
        models.CharField(max_length=2), default=list, blank=True, verbose_name=_("languages")
    )
    countries = ArrayField(
        models.CharField(max_length=6), default=list, blank=True, verbose_name=_("countries")
    )
    product_lines = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, verbose_name=_("product lines")
    )
    closed_because = models.CharField(
        _("taken out because"), max_length=300, blank=True, default=""
    )
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    class Meta:
        verbose_name = _("directory profile")
        verbose_name_plural = _("directory profiles")
        constraints = [
            models.CheckConstraint(
                condition=Q(listed=False) | (~Q(text="") & ~Q(name="")),
                name="listed_profile_says_something",
            ),
        ]
        indexes = [
            # the public list by name
            models.Index(
                fields=["name", "id"],
                name="profile_listed_by_name",
                condition=Q(listed=True, closed_because=""),
            ),
            GinIndex(SearchVector("name", "text", config="simple"), name="profile_words"),
            GinIndex(fields=["countries"], name="profile_countries"),
            GinIndex(fields=["languages"], name="profile_languages"),
            GinIndex(fields=["product_lines"], name="profile_product_lines"),
        ]

    def __str__(self) -> str:
        return self.name
