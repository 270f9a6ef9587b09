"""People's accounts: what they set themselves, and the end of their access."""

from dataclasses import asdict, dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction

from core import mail, tokens
from core.account_facts import AccessEnded, ProfileChanged
from core.actor import Actor, ActorKind
from core.events import record
from core.models import User


@dataclass(frozen=True, slots=True)
class Profile:
    """What people set for themselves. `language` and `time_zone` are known codes."""

    name: str
    language: str
    time_zone: str
    theme: str
    mail_notifications: bool


SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """What a person has set up, as the security page tells it."""

    app: bool
    passkeys: int
    codes_left: int

    @property
    def any(self) -> bool:
        return self.app or self.passkeys > 0


def own_actor(user: User) -> Actor:
    """The person as themselves, for what they do to their own account."""
    return Actor(kind=ActorKind.USER, label=str(user), user_id=user.pk)


def profile_of(user: User) -> dict[str, Any]:
    return {name: getattr(user, name) for name in Profile.__dataclass_fields__}


def second_factors(user: User) -> SecondFactors:
    rows = list(Authenticator.objects.filter(user=user))
    codes = [row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES]
    return SecondFactors(
        app=any(row.type == Authenticator.Type.TOTP for row in rows),
        passkeys=sum(row.type == Authenticator.Type.WEBAUTHN for row in rows),
        codes_left=sum(len(row.wrap().get_unused_codes()) for row in codes),
    )


def lacks_second_factor(user: User) -> bool:
    """Whether `user` is staff without an authenticator app or a passkey. Recovery codes alone
    do not count."""
    factors = Authenticator.objects.filter(user_id=user.pk, type__in=SECOND_FACTORS)
    return user.is_staff and not factors.exists()


def is_needed_factor(user: User, authenticator_id: int) -> bool:
    """Whether staff who need a second factor would be left without one."""
    if not (settings.STAFF_MFA_REQUIRED and user.is_staff):
        return False
    factors = Authenticator.objects.filter(user_id=user.pk, type__in=SECOND_FACTORS)
    return not factors.exclude(pk=authenticator_id).exists()


@transaction.atomic
def change_profile(*, actor: Actor, user: User, profile: Profile) -> bool:
    """Sets what differs; False if nothing does."""
    new = {name: value for name, value in asdict(profile).items() if getattr(user, name) != value}
    if not new:
        return False
    old = {name: str(getattr(user, name)) for name in new}
    for name, value in new.items():
        setattr(user, name, value)
    user.save(update_fields=list(new))
    fact = ProfileChanged(old, {name: str(value) for name, value in new.items()})
    record(fact, subject=user, actor=actor)
    return True


@transaction.atomic
def end_access(*, actor: Actor, user: User) -> None:
    """Closes the account at once: sessions, tokens and mail that still waits included."""
    if not user.is_active:
        return
    user.is_active = False
    user.save(update_fields=["is_active"])
    sign_out_everywhere(actor=actor, user=user)
    record(AccessEnded(), subject=user, actor=actor)


def sign_out_everywhere(*, actor: Actor, user: User) -> None:
    """Ends what acts for a person at this moment: sessions, programs with their tokens, mail that
    waits. The caller has checked that the actor may."""
    for session in UserSession.objects.filter(user=user):
        session.end()
    tokens.revoke_all(actor=actor, user=user)
    mail.withdraw_mail(user_id=user.pk)
