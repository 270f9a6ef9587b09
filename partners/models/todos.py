"""Tasks: one small thing that every app uses."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from partners.models.organisations import Partner, in_regions
from partners.rules.todos import MOST_DAYS_BEFORE, TodoState


class TodoQuerySet(models.QuerySet["Todo"]):
    def visible_to(self, actor: Actor) -> "TodoQuerySet":
        """People at a partner see what is shared with it. Staff see the tasks with partners of
        their regions and their own; operations see all tasks without a partner."""
        if actor.is_system:
            return self
        if actor.is_staff:
            own = Q(owner_id=actor.user_id) | Q(created_by_id=actor.user_id)
            alone = Q(partner__isnull=True) & (Q() if actor.is_ops else own)
            there = Q(partner__isnull=False) & in_regions(
                actor.region_paths, "partner__region__path"
            )
            return self.filter(alone | there)
        if actor.partner_id is not None:
            return self.filter(partner_id=actor.partner_id, shared=True)
        return self.none()


class Todo(models.Model):
    """Something that a person at a partner or at the vendor has to do until a day.

    `about_type` and `about_id` name what it is about, `about_label` how that was called. What is
    not `shared` only the vendor's people see.
    """

    title = models.CharField(_("title"), max_length=200)
    note = models.TextField(_("note"), max_length=2000, blank=True, default="")
    partner = models.ForeignKey(
        Partner,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="todos",
        verbose_name=_("partner"),
    )
    shared = models.BooleanField(_("the partner sees it"), default=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="todos",
        verbose_name=_("owner"),
    )
    due_on = models.DateField(_("due on"))
    remind_days = models.PositiveSmallIntegerField(_("remind days before"), default=1)
    state = models.CharField(
        _("state"), max_length=8, choices=TodoState.choices, default=TodoState.OPEN
    )
    about_type = models.CharField(max_length=60, blank=True, default="", editable=False)
    about_id = models.BigIntegerField(null=True, blank=True, editable=False)
    about_label = models.CharField(_("about"), max_length=200, blank=True, default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[TodoQuerySet] = TodoQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=TodoState.values), name="todo_state_known"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="todo_has_a_title"),
            models.CheckConstraint(
                condition=Q(state=TodoState.OPEN, ended_at__isnull=True)
                | (~Q(state=TodoState.OPEN) & Q(ended_at__isnull=False)),
                name="todo_end_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(shared=False) | Q(partner__isnull=False), name="todo_shared_with_whom"
            ),
            models.CheckConstraint(
                condition=Q(remind_days__lte=MOST_DAYS_BEFORE), name="todo_reminder_bounded"
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "due_on", "id"], name="todo_of_partner"),
            models.Index(fields=["owner", "due_on", "id"], name="todo_of_owner"),
            models.Index(fields=["about_type", "about_id"], name="todo_about"),
        ]

    def __str__(self) -> str:
        return self.title
