from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.models.queue import QueuedRow, QueueState
from core.uids import timed_uid


class Event(models.Model):
    """A fact that happened: audit record, outbox, timeline entry and source of analytics.

    Never changed or removed: a database trigger refuses both. `at` is when it was written
    down, by the database's clock; `occurred_at` when it took effect, which differs for
    imported history. The actor and the partner are plain numbers because the record outlives
    their rows and because this floor knows no partners.
    """

    uid = models.UUIDField(default=timed_uid, editable=False)
    kind = models.CharField(_("kind"), max_length=80)
    subject_type = models.CharField(_("kind of thing"), max_length=50)
    subject_id = models.BigIntegerField(_("the thing's number"))
    partner_id = models.BigIntegerField(_("the partner's number"), null=True)
    actor_kind = models.CharField(_("kind of actor"), max_length=10)
    actor_user_id = models.BigIntegerField(_("the acting user's number"), null=True)
    actor_label = models.CharField(_("who"), max_length=200)
    payload = models.JSONField(_("details"))
    request_id = models.CharField(_("request"), max_length=64, blank=True, default="")
    occurred_at = models.DateTimeField(_("took effect"))
    at = models.DateTimeField(_("recorded"), db_default=Now())

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [models.UniqueConstraint(fields=["uid"], name="event_uid_unique")]
        indexes = [
            # queries.timeline: everything that happened to one thing, newest first
            models.Index(
                fields=["subject_type", "subject_id", "-occurred_at"], name="event_subject"
            ),
            # queries.partner_activity: what happened around one partner
            models.Index(fields=["partner_id", "-occurred_at", "-id"], name="event_of_partner"),
            # the admin's list by kind
            models.Index(fields=["kind", "-id"], name="event_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class EventDelivery(QueuedRow):
    """One handler that has to hear one event."""

    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="deliveries", verbose_name=_("event")
    )
    handler = models.CharField(_("handler"), max_length=100)

    class Meta:
        verbose_name = _("event delivery")
        verbose_name_plural = _("event deliveries")
        constraints = [
            models.UniqueConstraint(fields=["event", "handler"], name="delivery_once_per_handler"),
            models.CheckConstraint(
                condition=Q(state__in=QueueState.values), name="delivery_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=QueueState.DONE) | Q(finished_at__isnull=False),
                name="delivery_done_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state=QueueState.RUNNING) | Q(leased_until__isnull=False),
                name="delivery_running_is_leased",
            ),
        ]
        indexes = [
            # queue.claim_new: what is due, oldest first; finished rows are not in it
            models.Index(
                fields=["due_at", "id"],
                name="delivery_due",
                condition=Q(state=QueueState.WAITING, attempts=0),
            ),
            # queue.claim_again: the same for what was tried before, however long the above is
            models.Index(
                fields=["due_at", "id"],
                name="delivery_again",
                condition=Q(state=QueueState.WAITING, attempts__gt=0),
            ),
            models.Index(
                fields=["leased_until"],
                name="delivery_leased",
                condition=Q(state=QueueState.RUNNING),
            ),
            models.Index(
                fields=["id"], name="delivery_parked", condition=Q(state=QueueState.PARKED)
            ),
        ]


class EventSeal(models.Model):
    """A batch of events bound into the hash chain. Each seal covers the one before it.

    Its number is one more than the previous seal's. Every event up to `complete_to` is in
    this seal or an earlier one; whatever turns up below it later was not written by us.
    """

    id = models.BigIntegerField(primary_key=True)
    previous = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, verbose_name=_("the seal before")
    )
    count = models.PositiveIntegerField(_("number of events"))
    complete_to = models.BigIntegerField(_("complete to"))
    hash = models.BinaryField(_("hash"), max_length=32)
    sealed_at = models.DateTimeField(_("sealed"), db_default=Now())

    class Meta:
        verbose_name = _("event seal")
        verbose_name_plural = _("event seals")


class SealedEvent(models.Model):
    """An event's place in the chain. The event is not a foreign key: a removed event must
    leave its place behind to be missed."""

    event_id = models.BigIntegerField(primary_key=True)
    seal = models.ForeignKey(EventSeal, on_delete=models.PROTECT, related_name="places")
    position = models.PositiveIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seal", "position"], name="sealed_event_place")
        ]
