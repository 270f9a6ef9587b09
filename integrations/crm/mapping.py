"""Rows of the export as what the portal keeps: regions, partners, people, customers, deals."""

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from dealreg.events import DealImported, StageImported
from dealreg.rules.sale import SaleField
from dealreg.rules.states import DealStage, DealStatus, DecisionOrigin, Outcome
from dealreg.services import PastAccount, PastChange, PastDeal, PastDecision, PastEvent
from integrations.crm.rows import CLOSED, AccountRow, DealRow, SellerRow
from partners.rules import PartnerRole, PartnerStatus, PartnerType
from partners.services import NewPartner, NewPerson, NewRegion

SOURCE = "CRM"
ROOT = NewRegion("SALES", "Sales regions")
IMPORTED = str(DecisionOrigin.IMPORT.label)
NOON = dt.time(12)


@dataclass(frozen=True, slots=True)
class Team:
    """The sellers of one regional office under one manager: a partner company here."""

    office: str
    manager: str

    @property
    def name(self) -> str:
        return f"{self.manager} ({self.office})"

    @property
    def region(self) -> NewRegion:
        return NewRegion(address_part(self.office).upper()[:20], self.office, ROOT.path)

    @property
    def domain(self) -> str:
        label = f"{address_part(self.manager, '-')}-{address_part(self.office, '-')}"
        return f"{label[:60].strip('-')}.example"

    @property
    def key(self) -> tuple[str, str]:
        return self.name.lower(), self.region.path


@dataclass(frozen=True, slots=True)
class Portal:
    """The ids that deals need: sellers by name, customers by the export's name, product lines
    by theirs."""

    sellers: Mapping[str, "Seller"]
    accounts: Mapping[str, int]
    lines: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Seller:
    user_id: int
    partner_id: int


def address_part(name: str, between: str = "-") -> str:
    """A name in the letters of an address; a name in another script becomes a number."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    spelled = re.sub(r"[^a-z0-9]+", between, plain).strip(between)
    return spelled or hashlib.sha256(name.encode()).hexdigest()[:10]


def email(name: str, domain: str) -> str:
    return f"{address_part(name, '.')[:60].strip('.')}@{domain}"


def team_of(row: SellerRow) -> Team:
    return Team(row.office, row.manager)


def as_partner(team: Team, tier: str, manager_id: int) -> NewPartner:
    return NewPartner(
        name=team.name,
        region=team.region.path,
        tier=tier,
        type=PartnerType.RESELLER,
        status=PartnerStatus.ACTIVE,
        manager_id=manager_id,
        domains=(team.domain,),
    )


def as_person(row: SellerRow, partner_id: int) -> NewPerson:
    address = email(row.name, team_of(row).domain)
    return NewPerson(address, row.name, partner_id, (PartnerRole.SALES,))


def account_ref(name: str) -> str:
    """The reference of a customer: the export knows customers by name alone."""
    return f"crm:{name}"[:200]


def as_account(row: AccountRow, parent: str) -> PastAccount:
    """`parent` is the parent's name as its own row has it, empty for none."""
    return PastAccount(
        ref=account_ref(row.name),
        name=row.name,
        country=row.country,
        sector=row.sector,
        employees=row.employees,
        parent=account_ref(parent) if parent else "",
    )


def deal_ref(row: DealRow) -> str:
    return f"crm:{row.ref}"


def exported_on(rows: Iterable[DealRow], today: dt.date) -> dt.date:
    """The day for which the export was true: the newest date in it. Rows without a date of
    their own are dated so; `today` when no row has any."""
    return max((date for row in rows for date in (row.engaged, row.closed) if date), default=today)


def as_deal(
    row: DealRow,
    portal: Portal,
    *,
    account: str,
    country: str,
    product: str,
    currency: str,
    exported: dt.date,
) -> PastDeal:
    """A deal with its history. With a customer it counts as approved long ago; without one
    nobody can have approved it, so it waits as a draft of its seller."""
    began = noon(row.engaged or row.closed or exported)
    latest = noon(row.closed or row.engaged or exported)
    seller = portal.sellers[row.seller]
    known = bool(account)
    return PastDeal(
        ref=deal_ref(row),
        partner_id=seller.partner_id,
        created_by_id=seller.user_id,
        status=DealStatus.APPROVED if known else DealStatus.DRAFT,
        stage=row.stage,
        account_id=portal.accounts[account] if known else None,
        product_line_id=portal.lines[product],
        customer_name=account,
        customer_country=country,
        amount=row.value or None,
        currency=currency,
        closed_on=row.closed,
        closed_amount=(row.value or Decimal(0)) if row.stage in CLOSED else None,
        created_at=began,
        submitted_at=began if known else None,
        decided_at=began if known else None,
        decided_by=IMPORTED if known else "",
        updated_at=latest,
        decisions=(_decision(began),) if known else (),
        events=tuple(_events(row, account, currency, began)),
        changes=tuple(_changes(row)) if known else (),
    )


def _decision(at: dt.datetime) -> PastDecision:
    return PastDecision(
        outcome=Outcome.APPROVE,
        message="Taken over from the CRM: decided before this portal was in use.",
        at=at,
    )


def _events(row: DealRow, account: str, currency: str, began: dt.datetime) -> list[PastEvent]:
    amount = str(row.value) if row.value is not None else ""
    imported = DealImported(
        source=SOURCE, external_ref=row.ref, customer=account, amount=amount, currency=currency
    )
    events = [PastEvent(imported, began)]
    old = DealStage.PROSPECTING
    # A minute between them keeps the order when a deal closed on the day it began.
    if row.stage != DealStage.PROSPECTING and row.engaged:
        new = DealStage.ENGAGING if row.stage in CLOSED else row.stage
        moved = StageImported(old.value, new.value, "", currency)
        events.append(PastEvent(moved, noon(row.engaged) + dt.timedelta(minutes=1)))
        old = new
    if row.closed:
        ended = StageImported(old.value, row.stage.value, str(row.value or Decimal(0)), currency)
        events.append(PastEvent(ended, noon(row.closed) + dt.timedelta(minutes=2)))
    return events


def _changes(row: DealRow) -> list[PastChange]:
    """The stages that the export knows the day of."""
    found, old = [], DealStage.PROSPECTING
    if row.stage != DealStage.PROSPECTING and row.engaged:
        at = noon(row.engaged) + dt.timedelta(minutes=1)
        new = DealStage.ENGAGING if row.stage in CLOSED else row.stage
        found.append(PastChange(SaleField.STAGE, old.value, new.value, at, SOURCE))
        old = new
    if row.closed:
        at = noon(row.closed) + dt.timedelta(minutes=2)
        found.append(PastChange(SaleField.STAGE, old.value, row.stage.value, at, SOURCE))
    return found


def noon(day: dt.date) -> dt.datetime:
    """The middle of a day, which is the same day nearly everywhere."""
    return timezone.make_aware(dt.datetime.combine(day, NOON), dt.UTC)
