import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models.queue import QueuedRow, QueueState


class OutgoingMail(QueuedRow):
    """A message to be sent. `id` is its Message-ID, so a repeat is recognisable as one.

    `once` names what the message is for; the same thing never makes two rows. A `secret` one
    holds a link that opens something, so its text is forgotten once it is out of our hands.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    once = models.CharField(max_length=200)
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("reader"),
    )
    to_address = models.EmailField(_("address"))
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    html = models.TextField(blank=True, default="")
    secret = models.BooleanField(default=False, db_default=False, editable=False)
    # Besides those that every message has, such as Reply-To.
    headers = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        constraints = [
            models.UniqueConstraint(fields=["once"], name="mail_once"),
            models.CheckConstraint(
                condition=Q(state__in=QueueState.values), name="mail_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=QueueState.DONE) | Q(finished_at__isnull=False),
                name="mail_done_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(secret=False) | ~Q(state=QueueState.DONE) | Q(text="", html=""),
                name="mail_secret_is_forgotten",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="mail_due",
                condition=Q(state=QueueState.WAITING, attempts=0),
            ),
            models.Index(
                fields=["due_at", "id"],
                name="mail_again",
                condition=Q(state=QueueState.WAITING, attempts__gt=0),
            ),
            models.Index(
                fields=["leased_until"],
                name="mail_leased",
                condition=Q(state=QueueState.RUNNING),
            ),
            models.Index(fields=["id"], name="mail_parked", condition=Q(state=QueueState.PARKED)),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to_address}"
