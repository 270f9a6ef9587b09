from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ProductLine(models.Model):
    """What is sold, in the grain in which customers are protected."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    active = models.BooleanField(_("open for registration"), default=True)

    class Meta:
        verbose_name = _("product line")
        verbose_name_plural = _("product lines")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Account(models.Model):
    """An end customer company.

    `name_key` is the name as the conflict check compares it (rules/names.py), `domain` the
    registrable internet domain in lower case, both empty when unknown. One that turned out to be
    another is `merged_into` that one: nothing points to it any more but old links.
    """

    name = models.CharField(_("name"), max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    domain = models.CharField(_("domain"), max_length=253, blank=True, default="")
    country = models.CharField(_("country"), max_length=2, blank=True, default="")
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="subsidiaries",
        verbose_name=_("parent company"),
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_rows",
        verbose_name=_("merged into"),
    )
    sector = models.CharField(_("sector"), max_length=80, blank=True, default="")
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    external_ref = models.CharField(
        _("reference in the CRM"), max_length=200, null=True, blank=True, unique=True
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")),
                name="account_not_own_parent",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")),
                name="account_not_merged_into_itself",
            ),
        ]
        indexes = [
            # matching.find_similar
            models.Index(fields=["name_key"], name="account_name_key"),
            models.Index(fields=["domain"], name="account_domain", condition=~Q(domain="")),
            # the admin's list
            models.Index(fields=["name", "id"], name="account_list"),
            # desk.search_accounts
            GinIndex(SearchVector("name", "domain", config="simple"), name="account_words"),
        ]

    def __str__(self) -> str:
        return self.name


class AccountAlias(models.Model):
    """Another name or domain by which a customer is known. Found like the customer itself."""

    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="aliases", verbose_name=_("customer")
    )
    name = models.CharField(_("name"), max_length=200, blank=True, default="")
    name_key = models.CharField(max_length=200, editable=False, blank=True, default="")
    domain = models.CharField(_("domain"), max_length=253, blank=True, default="")
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("other name or domain")
        verbose_name_plural = _("other names and domains")
        constraints = [
            models.CheckConstraint(condition=~Q(name="", domain=""), name="alias_names_something"),
            models.UniqueConstraint(
                fields=["account", "name_key", "domain"], name="alias_once_for_account"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.domain


class AccountKey(models.Model):
    """Under what a customer is looked for (rules/blocking.py). The primary key is the index;
    services/indexing.py writes the rows.

    They follow from the customers and are written by the million, so the database is spared
    looking each one's customer up; fsck does (--deep).
    """

    pk = models.CompositePrimaryKey("key", "account_id")
    key = models.BigIntegerField()
    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="keys", db_constraint=False
    )

    class Meta:
        verbose_name = _("key of a customer")
        verbose_name_plural = _("keys of customers")
