from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models.queue import QueuedRow, QueueState


class Appointment(QueuedRow):
    """Something that must happen to a thing at a moment (core/appointments.py).

    `key` tells several of one kind for one thing apart. The thing is named as in events, because
    this floor knows no table of the floors above.
    """

    kind = models.CharField(_("kind"), max_length=100)
    subject_type = models.CharField(_("kind of thing"), max_length=50)
    subject_id = models.BigIntegerField(_("the thing's number"))
    key = models.CharField(_("which one"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            # appointments.make_appointments; its index also finds those of one thing
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "kind", "key"], name="appointment_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=QueueState.values), name="appointment_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=QueueState.DONE) | Q(finished_at__isnull=False),
                name="appointment_done_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state=QueueState.RUNNING) | Q(leased_until__isnull=False),
                name="appointment_running_is_leased",
            ),
        ]
        indexes = [
            # queue.claim_new, queue.claim_again, queue.park_spent
            models.Index(
                fields=["due_at", "id"],
                name="appointment_due",
                condition=Q(state=QueueState.WAITING, attempts=0),
            ),
            models.Index(
                fields=["due_at", "id"],
                name="appointment_again",
                condition=Q(state=QueueState.WAITING, attempts__gt=0),
            ),
            models.Index(
                fields=["leased_until"],
                name="appointment_leased",
                condition=Q(state=QueueState.RUNNING),
            ),
            models.Index(
                fields=["id"], name="appointment_parked", condition=Q(state=QueueState.PARKED)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type} {self.subject_id} {self.key}".strip()
