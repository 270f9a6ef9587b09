"""Invitations to a partner, and visits of the vendor's people in somebody's place."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.organisations import Membership, Partner
from partners.rules import OPEN_INVITATION, InvitationState, PartnerRole


class Invitation(models.Model):
    """Somebody is asked to join a partner. The link that was mailed opens it once; only its
    hash is kept, and a link sent again ends the one before."""

    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("partner")
    )
    email = models.EmailField(_("e-mail address"))
    roles = ArrayField(
        models.CharField(max_length=12, choices=PartnerRole.choices), verbose_name=_("roles")
    )
    state = models.CharField(_("state"), max_length=12, choices=InvitationState.choices)
    token_hash = models.CharField(max_length=64, blank=True, default="", editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("invited by"),
    )
    created_at = models.DateTimeField(_("invited"), default=timezone.now)
    expires_at = models.DateTimeField(_("open until"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    sends = models.PositiveSmallIntegerField(_("times sent"), default=0)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "email"],
                condition=Q(state__in=OPEN_INVITATION),
                name="invitation_open_once",
            ),
            models.UniqueConstraint(
                fields=["token_hash"], condition=~Q(token_hash=""), name="invitation_link_unique"
            ),
            models.CheckConstraint(
                condition=Q(state__in=InvitationState.values), name="invitation_state_known"
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="invitation_email_lower_case"
            ),
            models.CheckConstraint(
                condition=Q(roles__contained_by=PartnerRole.values) & Q(roles__len__gt=0),
                name="invitation_roles_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_INVITATION, ended_at__isnull=True)
                | (~Q(state__in=OPEN_INVITATION) & Q(ended_at__isnull=False)),
                name="invitation_end_is_dated",
            ),
            # Only what is open can be opened.
            models.CheckConstraint(
                condition=(Q(state=InvitationState.SENT) & ~Q(token_hash=""))
                | (~Q(state=InvitationState.SENT) & Q(token_hash="")),
                name="invitation_link_while_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} → {self.partner}"


class Visit(models.Model):
    """Somebody of the vendor acts in the place of a person at a partner, for a reason and for a
    while."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("who"),
    )
    place = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="visits", verbose_name=_("for whom")
    )
    reason = models.CharField(_("reason"), max_length=300)
    began_at = models.DateTimeField(_("began"), default=timezone.now)
    ends_at = models.DateTimeField(_("ends"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="visit_has_a_reason"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("began_at")), name="visit_ends_after_it_began"
            ),
        ]
        indexes = [models.Index(fields=["staff", "began_at"], name="visit_of_staff")]

    def __str__(self) -> str:
        return f"{self.staff} → {self.place}"
