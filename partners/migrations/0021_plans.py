"""Joint plans: goals, activities and what was said about them."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from partners.migrations import FORMER


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("partners", "0020_todos"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="JointPlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="partners.partner",
                        verbose_name="partner",
                    ),
                ),
                ("first", models.DateField(verbose_name="from")),
                ("last", models.DateField(verbose_name="until")),
                ("revision", models.PositiveSmallIntegerField(default=1, verbose_name="revision")),
                ("title", models.CharField(max_length=160, verbose_name="title")),
                (
                    "summary",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=4000,
                        verbose_name="what we want together",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("proposed", "Proposed"),
                            ("agreed", "Agreed"),
                            ("closed", "Closed"),
                            ("replaced", "Replaced by a newer revision"),
                            ("discarded", "Discarded"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "proposed_by",
                    models.CharField(
                        blank=True,
                        choices=[("partner", "the partner"), ("vendor", "the vendor")],
                        default="",
                        max_length=8,
                    ),
                ),
                (
                    "partner_signed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signed for the partner by",
                    ),
                ),
                (
                    "partner_signed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="signed for the partner"
                    ),
                ),
                (
                    "vendor_signed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signed for the vendor by",
                    ),
                ),
                (
                    "vendor_signed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="signed for the vendor"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="begun by",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="begun"),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                (
                    "closing_note",
                    models.TextField(
                        blank=True, default="", max_length=4000, verbose_name="what we learned"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "joint plan",
                "verbose_name_plural": "joint plans",
                "indexes": [
                    models.Index(fields=["partner", "-first", "-id"], name="plan_of_partner")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["draft", "proposed", "agreed", "closed", "replaced", "discarded"],
                            )
                        ),
                        name="plan_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first__lte", models.F("last"))),
                        name="plan_period_in_order",
                    ),
                    models.UniqueConstraint(
                        fields=("partner", "first", "last", "revision"), name="plan_revision_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status__in", frozenset(["draft", "proposed"]))),
                        fields=("partner", "first", "last"),
                        name="plan_one_open",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "agreed")),
                        fields=("partner", "first", "last"),
                        name="plan_one_agreed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status__in", frozenset(["agreed", "closed", "replaced"])),
                                _negated=True,
                            ),
                            models.Q(
                                ("partner_signed_at__isnull", False),
                                ("vendor_signed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="plan_signed_by_both",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "draft"), _negated=True),
                            models.Q(
                                ("partner_signed_at__isnull", True),
                                ("vendor_signed_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="plan_draft_unsigned",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", False), ("status", "closed")),
                            models.Q(
                                models.Q(("status", "closed"), _negated=True),
                                ("closed_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="plan_closing_is_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanGoal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="goals",
                        to="partners.jointplan",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("measure", models.CharField(max_length=60, verbose_name="measure")),
                (
                    "target",
                    models.DecimalField(decimal_places=3, max_digits=18, verbose_name="target"),
                ),
                (
                    "note",
                    models.CharField(blank=True, default="", max_length=300, verbose_name="note"),
                ),
                (
                    "result",
                    models.DecimalField(
                        blank=True,
                        decimal_places=3,
                        max_digits=18,
                        null=True,
                        verbose_name="result",
                    ),
                ),
            ],
            options={
                "verbose_name": "goal",
                "verbose_name_plural": "goals",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "measure"), name="goal_once"),
                    models.CheckConstraint(
                        condition=models.Q(("target__gt", 0)), name="goal_target_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanActivity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="activities",
                        to="partners.jointplan",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=200, verbose_name="activity")),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="due on")),
                (
                    "todo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to="partners.todo",
                    ),
                ),
            ],
            options={
                "verbose_name": "activity",
                "verbose_name_plural": "activities",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="PlanComment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="partners.jointplan",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("author_label", models.CharField(max_length=200)),
                (
                    "side",
                    models.CharField(
                        choices=[("partner", "the partner"), ("vendor", "the vendor")], max_length=8
                    ),
                ),
                ("text", models.TextField(max_length=4000, verbose_name="text")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "comment",
                "verbose_name_plural": "comments",
                "ordering": ["pk"],
            },
        ),
    ]
