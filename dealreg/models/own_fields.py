"""Own fields of deals. core/own_fields/models.py has what is not about deals."""

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left, Upper
from django.utils.translation import gettext_lazy as _

from core.own_fields.models import Answer, Definition

TEXT_START = 60


class DealField(Definition):
    """An own field of registrations of partners of a region and what lies in it (none: of all),
    for a product line (none: for every one)."""

    region = models.ForeignKey(
        "partners.Region",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region"),
    )
    product_line = models.ForeignKey(
        "dealreg.ProductLine",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("product line"),
    )

    class Meta(Definition.Meta):
        verbose_name = _("own field")
        verbose_name_plural = _("own fields")
        ordering = ["position", "code"]


class DealAnswer(Answer):
    """What a deal says in an own field. A deal has one answer per field."""

    deal = models.ForeignKey("dealreg.Deal", on_delete=models.CASCADE, related_name="answers")
    field = models.ForeignKey(DealField, on_delete=models.PROTECT, related_name="answers")

    class Meta(Answer.Meta):
        verbose_name = _("answer in an own field")
        verbose_name_plural = _("answers in own fields")
        constraints = [
            *Answer.Meta.constraints,
            models.UniqueConstraint(fields=["deal", "field"], name="dealanswer_one_per_field"),
        ]
        indexes = [
            # own_fields.narrowed: lists filtered by an answer
            models.Index(
                fields=["field", "choice", "deal"],
                name="dealanswer_by_choice",
                condition=Q(choice__isnull=False),
            ),
            models.Index(
                fields=["field", "yes_no", "deal"],
                name="dealanswer_by_yes_no",
                condition=Q(yes_no__isnull=False),
            ),
            models.Index(
                fields=["field", "number", "deal"],
                name="dealanswer_by_number",
                condition=Q(number__isnull=False),
            ),
            models.Index(
                fields=["field", "amount", "deal"],
                name="dealanswer_by_amount",
                condition=Q(amount__isnull=False),
            ),
            models.Index(
                fields=["field", "date", "deal"],
                name="dealanswer_by_date",
                condition=Q(date__isnull=False),
            ),
            models.Index(
                F("field"),
                OpClass(Upper(Left("text", TEXT_START)), name="text_pattern_ops"),
                F("deal"),
                name="dealanswer_by_text",
                condition=Q(text__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id}: {self.field_id}"
