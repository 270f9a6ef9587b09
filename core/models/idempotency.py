from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class IdempotentCall(models.Model):
    """A call of the API that was done under a key of its caller's, with the answer it got.

    Written in the transaction that did it: either both are there or neither. `fingerprint`
    tells whether the same was asked again.
    """

    caller = models.CharField(max_length=60)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("answered call of the API")
        verbose_name_plural = _("answered calls of the API")
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="call_answered_once")]
        # idempotency.forget_old: what is kept long enough
        indexes = [models.Index(fields=["created_at"], name="idempotent_call_age")]
