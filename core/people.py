"""Operations open, name and close people's accounts. What people set themselves: accounts.py."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from core import accounts
from core.account_facts import AccountOpened
from core.actor import Actor
from core.events import record
from core.facts import AccountChanged, AccountReopened
from core.models import User


class AddressTaken(ValueError):
    """Somebody has an account with this address."""


class NotYourself(ValueError):
    """Nobody closes the account that they are using, or takes the vendor's staff mark off it."""


@dataclass(frozen=True, slots=True)
class Person:
    """What operations set about a person. `language` and `time_zone` are known codes."""

    name: str
    is_staff: bool
    language: str
    time_zone: str


@transaction.atomic
def open_account(*, actor: Actor, email: str, person: Person) -> User:
    """An account without a password, which its owner sets by "forgotten password". Tells nobody.

    Raises AddressTaken.
    """
    address = email.strip().lower()
    if User.objects.filter(email=address).exists():
        raise AddressTaken(_("%s has an account already.") % address)
    user = User.objects.create_user(
        address,
        name=person.name,
        is_staff=person.is_staff,
        language=person.language,
        time_zone=person.time_zone,
    )
    record(AccountOpened(email=address), subject=user, actor=actor)
    return user


@transaction.atomic
def change_person(*, actor: Actor, user_id: int, person: Person) -> bool:
    """Sets what differs; False if nothing does. Raises NotYourself."""
    user = User.objects.select_for_update().get(pk=user_id)
    if actor.user_id == user.pk and user.is_staff and not person.is_staff:
        raise NotYourself(_("Somebody else has to take this off your own account."))
    changes = {
        name: [str(getattr(user, name)), str(getattr(person, name))]
        for name in ("name", "is_staff", "language", "time_zone")
        if getattr(user, name) != getattr(person, name)
    }
    if not changes:
        return False
    for name in changes:
        setattr(user, name, getattr(person, name))
    user.save(update_fields=list(changes))
    record(AccountChanged(changes), subject=user, actor=actor)
    return True


@transaction.atomic
def close_account(*, actor: Actor, user_id: int) -> None:
    """Ends a person's access at once. Raises NotYourself."""
    if actor.user_id == user_id:
        raise NotYourself(_("Somebody else has to close your own account."))
    user = User.objects.select_for_update().get(pk=user_id)
    accounts.end_access(actor=actor, user=user)


@transaction.atomic
def reopen_account(*, actor: Actor, user_id: int) -> None:
    """Lets a person in again, with the old password; nothing happens to an open account."""
    user = User.objects.select_for_update().get(pk=user_id)
    if user.is_active:
        return
    user.is_active = True
    user.save(update_fields=["is_active"])
    record(AccountReopened(), subject=user, actor=actor)
