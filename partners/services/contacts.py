"""Whom to talk to at a partner about something: kept by the company's administrators for their own
company, by operations for all."""

from dataclasses import asdict, dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from core.actor import Actor
from core.events import record
from core.rows import as_text
from core.sql import LARGEST_ID
from partners.access import speaks_for_company
from partners.events.contacts import ContactAdded, ContactChanged, ContactRemoved
from partners.models import Partner, PartnerContact
from partners.queries.record import MOST_CONTACTS, contact_for_reading
from partners.rules import ContactRole


class ContactRefused(ValueError):
    """The contact cannot be so; the message says why."""


class StaleContact(RuntimeError):
    """Somebody changed the contact after it was read. `contact` is how it is now."""

    def __init__(self, contact: PartnerContact) -> None:
        super().__init__(_("A colleague changed this after you opened it, so nothing was saved."))
        self.contact = contact


@dataclass(frozen=True, slots=True)
class ContactDetails:
    name: str
    role: ContactRole
    email: str = ""
    phone: str = ""


@transaction.atomic
def add_contact(*, actor: Actor, partner_id: int, details: ContactDetails) -> PartnerContact:
    """Raises ContactRefused, PermissionDenied, Http404."""
    require_keeps_contacts(actor)
    partner = _locked(actor, partner_id)
    _require_sound(details)
    if PartnerContact.objects.filter(partner=partner).count() >= MOST_CONTACTS:
        raise ContactRefused(_("There are %d contacts already. Remove one first.") % MOST_CONTACTS)
    contact = PartnerContact.objects.create(partner=partner, **asdict(details))
    fact = ContactAdded(contact.name, details.role.value)
    record(fact, subject=contact, actor=actor, partner_id=partner.pk)
    return contact


@transaction.atomic
def change_contact(
    *, actor: Actor, contact_id: int, details: ContactDetails, version: int
) -> PartnerContact:
    """Sets what differs, if the contact is still in the version that was read.

    Raises StaleContact, ContactRefused, PermissionDenied, Http404.
    """
    contact = _contact_to_change(actor, contact_id)
    if contact.version != version:
        raise StaleContact(contact)
    _require_sound(details)
    changes = {
        name: [as_text(getattr(contact, name)), as_text(value)]
        for name, value in asdict(details).items()
        if getattr(contact, name) != value
    }
    if not changes:
        return contact
    for name in changes:
        setattr(contact, name, getattr(details, name))
    contact.version += 1
    contact.save(update_fields=[*changes, "version"])
    fact = ContactChanged(contact.name, changes)
    record(fact, subject=contact, actor=actor, partner_id=contact.partner_id)
    return contact


@transaction.atomic
def remove_contact(*, actor: Actor, contact_id: int) -> None:
    """Raises PermissionDenied, Http404."""
    contact = _contact_to_change(actor, contact_id)
    fact = ContactRemoved(contact.name)
    record(fact, subject=contact, actor=actor, partner_id=contact.partner_id)
    contact.delete()


def require_keeps_contacts(actor: Actor) -> None:
    """Raises PermissionDenied."""
    if not (speaks_for_company(actor) or actor.is_ops or actor.is_system):
        raise PermissionDenied(_("This needs the role Administrator at the partner."))


def _locked(actor: Actor, partner_id: int) -> Partner:
    rows = Partner.objects.visible_to(actor)
    if not 0 < partner_id <= LARGEST_ID or not rows.filter(pk=partner_id).exists():
        raise Http404
    return Partner.objects.select_for_update(of=("self",), no_key=True).get(pk=partner_id)


def _contact_to_change(actor: Actor, contact_id: int) -> PartnerContact:
    """The contact, locked."""
    contact_for_reading(actor, contact_id)
    require_keeps_contacts(actor)
    rows = PartnerContact.objects.select_for_update(of=("self",))
    found = rows.filter(pk=contact_id).first()
    if found is None:
        raise Http404
    return found


def _require_sound(details: ContactDetails) -> None:
    if not details.name.strip():
        raise ContactRefused(_("Enter a name."))
    if details.email:
        try:
            validate_email(details.email)
        except ValidationError as error:
            raise ContactRefused(_("This is not an e-mail address.")) from error
