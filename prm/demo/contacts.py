"""Whom to talk to at a partner of the example, and what is to be done about its registrations."""

import datetime as dt
from collections.abc import Mapping

from core.models import User
from dealreg.models import Deal
from dealreg.rules.states import DealStatus
from dealreg.todos import find_for_todo
from partners.models import PartnerContact
from partners.queries import actor_for
from partners.rules import ContactRole
from partners.services.contacts import ContactDetails, add_contact
from partners.services.todos import About, TodoDetails, add_todo
from prm.demo.cast import COMPANIES
from prm.demo.programme import VENDOR_DOMAIN

COMPANY = "nordlicht"
CONTACTS = [
    ("Henrike Voss", ContactRole.LEGAL, "contracts", "+49 40 555 01 10"),
    ("Thies Petersen", ContactRole.TECHNICAL, "support", "+49 40 555 01 20"),
    ("Renate Ahlers", ContactRole.FINANCE, "billing", ""),
]
TASKS = [("Send the references from Kiel", "jonas"), ("Look at the tender’s terms", "mara")]


def keep_in_touch(partners: Mapping[str, int], users: Mapping[str, int], now: dt.datetime) -> None:
    """Adds it all, unless there is a contact already."""
    if PartnerContact.objects.exists():
        return
    company = next(one for one in COMPANIES if one.key == COMPANY)
    people = {person.first_name: person.email_at(company.domain) for person in company.people}
    people["mara"] = f"mara@{VENDOR_DOMAIN}"
    boss = next(person for person in company.people if "admin" in person.roles)
    actor = actor_for(User.objects.get(pk=users[people[boss.first_name]]))
    for name, role, box, phone in CONTACTS:
        details = ContactDetails(name, role, f"{box}@{company.domain}", phone)
        add_contact(actor=actor, partner_id=partners[COMPANY], details=details)
    open_deals = Deal.objects.filter(partner_id=partners[COMPANY], status=DealStatus.IN_REVIEW)
    for deal in open_deals.order_by("pk")[:1]:
        about = find_for_todo(actor, deal.pk)
        for days, (title, owner) in enumerate(TASKS, start=3):
            add_todo(
                actor=actor,
                details=TodoDetails(title, now.date() + dt.timedelta(days), users[people[owner]]),
                about=About(about.thing, about.label, about.partner_id),
            )
