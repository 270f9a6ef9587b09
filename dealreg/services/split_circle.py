"""Who is meant by the parts of a proposal: each partner once, and nobody learns more than that."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from core.actor import Actor
from dealreg.models import Deal, Split, SplitParty
from dealreg.rules.names import NotADomain, registrable_domain
from dealreg.rules.splits import InvalidSplit, Share, SplitRole
from dealreg.services.split_terms import parties_of
from partners.queries import is_in_business, partner_at
from partners.queries.finding import partner_reached_at
from partners.queries.organisations import partners_in_scope


@dataclass(frozen=True, slots=True)
class PartAsked:
    """One part as whoever proposes writes it: of its own company (nothing else is set), of the
    partner whose `domain` it knows, or the e-mail address of somebody there, of a `party_id` of the
    split in force, or, for staff, of a `partner_id`."""

    role: SplitRole
    percent: Decimal
    domain: str = ""
    party_id: int | None = None
    partner_id: int | None = None


def require_in_business(actor: Actor) -> None:
    if actor.partner_id is not None and not is_in_business(actor.partner_id):
        raise PermissionDenied(_("Your company is not active in the programme at the moment."))


@dataclass
class Circle:
    """Finds out who is meant by the parts that were asked for, each partner once."""

    actor: Actor
    deal: Deal
    before: Split | None
    parties: list[SplitParty] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)

    def shares(self, parts: Sequence[PartAsked]) -> tuple[Share, ...]:
        """The parts with their party's place in `parties`. Raises InvalidSplit."""
        require_in_business(self.actor)
        return tuple(Share(self.place_of(part), part.role, part.percent) for part in parts)

    def place_of(self, part: PartAsked) -> int:
        if part.partner_id is not None:
            return self.by_staff(part.partner_id)
        if part.party_id is not None:
            return self.known(part.party_id)
        if part.domain.strip():
            return self.invited(part.domain)
        if self.actor.partner_id is None:
            raise InvalidSplit(_("Name the partner of every part."))
        return self.partner(self.actor.partner_id)

    def partner(self, partner_id: int, domain: str = "") -> int:
        key = f"partner:{partner_id}"
        if key not in self.places:
            self.places[key] = len(self.parties)
            self.parties.append(SplitParty(partner_id=partner_id, invited_as=domain))
        return self.places[key]

    def by_staff(self, partner_id: int) -> int:
        if not self.actor.is_staff or partner_id not in partners_in_scope(self.actor, [partner_id]):
            raise InvalidSplit(_("There is no such partner in your regions."))
        return self.partner(partner_id)

    def known(self, party_id: int) -> int:
        """Somebody in the split in force, whoever that is."""
        known = self.before.parties.filter(pk=party_id).first() if self.before else None
        if known is None or known.partner_id is None:
            raise InvalidSplit(_("There is no such partner in the split in force."))
        own_words = self.before and self.before.opened_by_partner_id == self.actor.partner_id
        return self.partner(known.partner_id, known.invited_as if own_words else "")

    def invited(self, text: str) -> int:
        """Whoever has the domain, or the address of a person. That it is nobody's, or somebody's
        who is named already, makes no difference to be seen."""
        domain, partner_id = self.meant(text)
        key = f"domain:{domain}"
        if key not in self.places:
            if partner_id is not None and partner_id == self.actor.partner_id:
                return self.partner(partner_id)
            if partner_id is None or f"partner:{partner_id}" in self.places:
                self.places[key] = len(self.parties)
                self.parties.append(SplitParty(invited_as=domain))
            else:
                self.places[key] = self.partner(partner_id, domain)
        return self.places[key]

    @staticmethod
    def meant(text: str) -> tuple[str, int | None]:
        """What was typed, in one spelling, and the partner that it leads to. An address counts as
        that of a person there, else by its domain; one at a mail provider is nobody's domain."""
        person, _at, host = text.strip().lower().rpartition("@")
        try:
            domain = registrable_domain(host)
        except NotADomain as wrong:
            if not person:
                raise InvalidSplit(
                    _("Enter the web domain of the other partner, for example example.com.")
                ) from wrong
            domain = ""
        if not person:
            return domain, partner_at(domain)
        address = f"{person}@{host}"
        try:
            validate_email(address)
        except ValidationError as wrong:
            raise InvalidSplit(str(wrong.messages[0])) from wrong
        return address, partner_reached_at(address, domain)

    def require_registrant(self) -> None:
        if f"partner:{self.deal.partner_id}" not in self.places:
            raise InvalidSplit(_("The partner whose deal it is has to have a part."))

    def require_whole(self) -> None:
        """Raises InvalidSplit unless the deal's own partner and another one are named, and
        everybody whom the split in force names."""
        self.require_registrant()
        if len(self.parties) < 2:
            raise InvalidSplit(_("Name at least one other partner."))
        before = parties_of(self.before) if self.before else []
        if any(f"partner:{party.partner_id}" not in self.places for party in before):
            raise InvalidSplit(_("Everybody in the split in force has to keep a part."))
