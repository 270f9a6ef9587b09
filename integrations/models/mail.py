from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import QueuedRow, QueueState


class MailWay(models.TextChoices):
    """By which door a message came in."""

    WEBHOOK = "webhook", _("Mail service")
    IMAP = "imap", _("Mailbox")


class MailOutcome(models.TextChoices):
    """What became of a message."""

    NEW = "new", _("New")
    REGISTERED = "registered", _("Registered")
    ASKED = "asked", _("Asked for more")
    REFUSED = "refused", _("Refused")
    IGNORED = "ignored", _("Not for us")


class InboundMessage(QueuedRow):
    """A mail as it came in, written down before anything is made of it.

    `identity` tells one message from another however often and by whichever door it comes. `raw`
    is the whole message; empty when it was too large to be taken. `reason` says in English, for
    operations, why it became what it is.
    """

    identity = models.CharField(max_length=64)
    message_id = models.CharField(_("message id"), max_length=255, blank=True, default="")
    via = models.CharField(_("came by"), max_length=8, choices=MailWay.choices)
    sender = models.CharField(_("sender"), max_length=254, blank=True, default="")
    subject = models.CharField(_("subject"), max_length=500, blank=True, default="")
    size = models.PositiveIntegerField(_("size in bytes"))
    raw = models.BinaryField()
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    outcome = models.CharField(
        _("what became of it"),
        max_length=10,
        choices=MailOutcome.choices,
        default=MailOutcome.NEW,
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )
    deal = models.ForeignKey(
        "dealreg.Deal",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("deal"),
    )

    class Meta:
        verbose_name = _("inbound mail")
        verbose_name_plural = _("inbound mail")
        constraints = [
            models.UniqueConstraint(fields=["identity"], name="inbound_mail_once"),
            models.CheckConstraint(
                condition=Q(state__in=QueueState.values), name="inbound_mail_state_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=MailOutcome.values), name="inbound_mail_outcome_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=QueueState.DONE)
                | Q(finished_at__isnull=False) & ~Q(outcome=MailOutcome.NEW),
                name="inbound_mail_done_says_what",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="inbound_mail_due",
                condition=Q(state=QueueState.WAITING, attempts=0),
            ),
            models.Index(
                fields=["due_at", "id"],
                name="inbound_mail_again",
                condition=Q(state=QueueState.WAITING, attempts__gt=0),
            ),
            models.Index(
                fields=["leased_until"],
                name="inbound_mail_leased",
                condition=Q(state=QueueState.RUNNING),
            ),
            models.Index(
                fields=["id"], name="inbound_mail_parked", condition=Q(state=QueueState.PARKED)
            ),
            # the back office's list by outcome, newest first
            models.Index(fields=["outcome", "-id"], name="inbound_mail_outcome"),
            # drafts that a reply goes on with
            models.Index(fields=["deal"], name="inbound_mail_deal"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ← {self.sender}".strip()
