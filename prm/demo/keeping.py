"""What the example knows about its partners: what they are good at, where they sell, notes."""

from collections.abc import Mapping

from core.actor import Actor
from partners.queries.record import newest_notes
from partners.rules import FocusKind
from partners.services import add_focuses, set_focus, set_territories, write_note
from prm.demo.cast import COMPANIES

SPECIALISATIONS = ("Cloud migration", "Data platforms", "Managed security", "Network design")
VERTICALS = ("Energy", "Health care", "Manufacturing", "Public sector", "Retail")
NOTE = "Thank you for joining the planning day. We look forward to the next quarter."
OWN_NOTE = "Prefers calls in the morning. Ask about the second office before the next review."


def keep_records(*, actor: Actor, partners: Mapping[str, int]) -> None:
    """Adds what is missing; a second run changes nothing."""
    special = add_focuses(actor=actor, kind=FocusKind.SPECIALISATION, names=SPECIALISATIONS)
    vertical = add_focuses(actor=actor, kind=FocusKind.VERTICAL, names=VERTICALS)
    for number, company in enumerate(COMPANIES):
        partner_id = partners[company.key]
        chosen = [special[number % len(special)], vertical[number % len(vertical)]]
        set_focus(actor=actor, partner_id=partner_id, focus_ids=chosen)
        set_territories(actor=actor, partner_id=partner_id, places=[company.country])
        if number < 5 and not newest_notes(partner_id):
            write_note(actor=actor, partner_id=partner_id, text=NOTE, shared=True)
            write_note(actor=actor, partner_id=partner_id, text=OWN_NOTE, shared=False)
