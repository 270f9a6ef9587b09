"""Loading a CRM's export into the portal, row by row accounted for.

The files were read whole before; here each row is taken, found to be there already, or
refused with a reason. Every step is a transaction of its own and can be repeated, so an
import that was cut short is finished by running it again.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from django.db import Error
from django.utils import timezone

from core.actor import Actor, StaffRole
from dealreg.rules.names import name_key
from dealreg.rules.states import DealStage
from dealreg.services import PastDeal, import_accounts, import_deals, import_product_lines
from integrations.crm import mapping, spelling
from integrations.crm.reading import (
    ACCOUNTS,
    DEALS,
    DIRECT,
    PURCHASES,
    SELLERS,
    Export,
    RawRow,
)
from integrations.crm.report import Report, Result
from integrations.crm.rows import (
    AccountRow,
    DealRow,
    DirectRow,
    Note,
    PurchaseRow,
    RowRefused,
    SellerRow,
    read_account,
    read_deal,
    read_direct,
    read_purchase,
    read_seller,
)
from integrations.services.own_sales import Names, take_direct, take_purchases
from partners.queries import entry_tier
from partners.services import (
    NewStaff,
    NewTier,
    add_partners,
    add_people,
    add_regions,
    add_staff,
    add_tiers,
)

BATCH = 1000
FIRST_TIER = NewTier("Registered", 10, Decimal(50_000))

Row = TypeVar("Row", AccountRow, SellerRow, DealRow, PurchaseRow, DirectRow)
FILES = (ACCOUNTS, SELLERS, DEALS, PURCHASES, DIRECT)


@dataclass
class CrmImport:
    """One run: what it is to load, and what it has found out so far.

    `tell` is given a line for each step. Amounts are in `currency`.
    """

    actor: Actor
    export: Export
    currency: str
    staff_domain: str
    today: dt.date
    tell: Callable[[str], object]
    report: Report = field(default_factory=Report)
    accounts: dict[str, AccountRow] = field(default_factory=dict)
    account_ids: dict[str, int] = field(default_factory=dict)
    sellers: dict[str, mapping.Seller] = field(default_factory=dict)
    deals: list[DealRow] = field(default_factory=list)

    def run(self) -> Report:
        self._accounts()
        self._sellers()
        self._deals()
        self._own_sales()
        self.report.rows.sort(key=lambda row: (FILES.index(row.file), row.line))
        return self.report

    # Customers

    def _accounts(self) -> None:
        rows = self._read(ACCOUNTS, self.export.accounts, "account", read_account)
        rows = self._once(ACCOUNTS, "account", rows, lambda row: row.name)
        named = {row.name: row for row in rows}
        extra = {row.name: tuple(self._parent_notes(row, named)) for row in rows}
        extra = {
            name: notes + alike
            for (name, notes), alike in zip(extra.items(), _alike(rows), strict=True)
        }
        done = import_accounts(
            actor=self.actor,
            accounts=[
                mapping.as_account(row, row.parent if row.parent in named else "") for row in rows
            ],
        )
        for row in rows:
            ref = mapping.account_ref(row.name)
            notes = row.notes + extra[row.name]
            if ref in done.adopted:
                notes += (Note("account", "joined with the customer that the portal had"),)
            result = Result.TAKEN if ref in done.new | done.adopted else Result.THERE_ALREADY
            self.report.add(ACCOUNTS, row.line, row.name, result, notes)
            self.account_ids[row.name] = done.ids[ref]
        self.accounts = named
        self.tell(f"{len(rows):,} customers")

    def _parent_notes(self, row: AccountRow, named: dict[str, AccountRow]) -> Iterable[Note]:
        if row.parent and row.parent not in named:
            yield Note("subsidiary_of", f"“{row.parent}” is not in this file; left without parent")

    # Partners and their people

    def _sellers(self) -> None:
        rows = self._read(SELLERS, self.export.sellers, "sales_agent", read_seller)
        rows = self._once(SELLERS, "sales_agent", rows, lambda row: row.name)
        rows = self._once(SELLERS, "sales_agent", rows, _address, "would have the address of")
        teams = {mapping.team_of(row).key: mapping.team_of(row) for row in rows}
        partners = self._partners(list(teams.values()))
        people = {
            row.name: mapping.as_person(row, partners[mapping.team_of(row).key]) for row in rows
        }
        done = add_people(actor=self.actor, people=list(people.values()))
        for row in rows:
            person = people[row.name]
            self.sellers[row.name] = mapping.Seller(done.ids[person.email], person.partner_id)
            result = Result.TAKEN if person.email in done.new else Result.THERE_ALREADY
            self.report.add(SELLERS, row.line, row.name, result)
        self.tell(f"{len(rows):,} sellers at {len(teams):,} partners")

    def _partners(self, teams: Sequence[mapping.Team]) -> dict[tuple[str, str], int]:
        regions = {team.region.path: team.region for team in teams}
        add_regions(actor=self.actor, regions=[mapping.ROOT, *regions.values()])
        if not entry_tier():
            add_tiers(actor=self.actor, tiers=[FIRST_TIER])
        managers = self._managers(teams)
        tier = entry_tier()
        return add_partners(
            actor=self.actor,
            partners=[mapping.as_partner(team, tier, managers[team.manager]) for team in teams],
        )

    def _managers(self, teams: Sequence[mapping.Team]) -> dict[str, int]:
        """The sellers' managers: the vendor's channel managers of their offices' regions."""
        offices: dict[str, set[str]] = {}
        for team in teams:
            offices.setdefault(team.manager, set()).add(team.region.path)
        staff = {
            name: NewStaff(
                email=mapping.email(name, self.staff_domain),
                name=name,
                duties=tuple((StaffRole.CHANNEL_MANAGER, path) for path in sorted(paths)),
            )
            for name, paths in offices.items()
        }
        ids = add_staff(actor=self.actor, staff=list(staff.values()))
        return {name: ids[new.email] for name, new in staff.items()}

    # Deals

    def _deals(self) -> None:
        rows = self._read(DEALS, self.export.deals, "opportunity_id", self._read_deal)
        rows = self._once(DEALS, "opportunity_id", rows, lambda row: row.ref)
        catalogue = {raw.text("product") for raw in self.export.products} - {""}
        names = spelling.product_names((row.product for row in rows), catalogue)
        portal = mapping.Portal(self.sellers, self.account_ids, self._lines(names.values()))
        exported = mapping.exported_on(rows, self.today)
        known = {name_key(name): name for name in self.accounts}
        ready: list[tuple[DealRow, tuple[Note, ...], PastDeal]] = []
        for row in rows:
            try:
                account, notes = self._account_of(row, known)
                self._require_seller(row)
            except RowRefused as why:
                self.report.refuse(DEALS, row.line, row.ref, why)
                continue
            notes = row.notes + notes + _product_notes(row, names[row.product], catalogue)
            deal = mapping.as_deal(
                row,
                portal,
                account=account,
                country=self.accounts[account].country if account else "",
                product=names[row.product],
                currency=self.currency,
                exported=exported,
            )
            ready.append((row, notes, deal))
        for start in range(0, len(ready), BATCH):
            self._import(ready[start : start + BATCH])
            self.tell(f"{min(start + BATCH, len(ready)):,} of {len(ready):,} deals")

    def _lines(self, names: Iterable[str]) -> dict[str, int]:
        """The product lines of these names, added where they are not there."""
        codes = {name: mapping.address_part(name)[:40] for name in names}
        ids = import_product_lines(
            actor=self.actor, lines={code: name for name, code in codes.items()}
        )
        return {name: ids[code] for name, code in codes.items()}

    # The vendor's own sales

    def _own_sales(self) -> None:
        bought = self._read(PURCHASES, self.export.purchases, "purchase_id", self._read_purchase)
        bought = self._once(PURCHASES, "purchase_id", bought, lambda row: row.ref)
        direct = self._read(DIRECT, self.export.direct, "opportunity_id", self._read_direct)
        direct = self._once(DIRECT, "opportunity_id", direct, lambda row: row.ref)
        if not (bought or direct):
            return
        spelt = [row.product for row in bought] + [row.product for row in direct if row.product]
        catalogue = {raw.text("product") for raw in (*self.export.products, *self.export.deals)}
        products = spelling.product_names(spelt, catalogue - {""})
        lines = self._lines(products.values())
        known = {name_key(name): name for name in self.accounts}
        names = Names(
            account=lambda name: self.account_ids[self._customer(name, known)],
            line=lambda product: lines[products[product]],
        )
        take_purchases(self.actor, bought, names, self.report)
        take_direct(self.actor, direct, names, self.report)
        self.tell(f"{len(bought):,} purchases and {len(direct):,} direct opportunities")

    def _customer(self, name: str, known: dict[str, str]) -> str:
        meant = name if name in self.accounts else known.get(name_key(name))
        if meant is None:
            raise RowRefused("account", f"“{name[:80]}” is not among the customers")
        return meant

    def _read_purchase(self, raw: RawRow) -> PurchaseRow:
        return read_purchase(raw, today=self.today)

    def _read_direct(self, raw: RawRow) -> DirectRow:
        return read_direct(raw, today=self.today)

    def _read_deal(self, raw: RawRow) -> DealRow:
        return read_deal(raw, currency=self.currency, today=self.today)

    def _account_of(self, row: DealRow, known: dict[str, str]) -> tuple[str, tuple[Note, ...]]:
        if not row.account:
            return "", (Note("account", "no customer: kept as a draft"),)
        if row.account in self.accounts:
            return row.account, ()
        meant = self._customer(row.account, known)
        return meant, (Note("account", f"“{row.account}” read as “{meant}”"),)

    def _require_seller(self, row: DealRow) -> None:
        if row.seller not in self.sellers:
            raise RowRefused("sales_agent", f"“{row.seller}” is not among the sellers")

    def _import(self, ready: Sequence[tuple[DealRow, tuple[Note, ...], PastDeal]]) -> None:
        try:
            new = import_deals(actor=self.actor, deals=[deal for _r, _n, deal in ready]).new
        except Error as error:
            # The tables refuse one of them: find out which, and take the others.
            if len(ready) == 1:
                row = ready[0][0]
                why = RowRefused("", f"the database refuses it: {str(error).splitlines()[0]}")
                self.report.refuse(DEALS, row.line, row.ref, why)
                return
            half = len(ready) // 2
            self._import(ready[:half])
            self._import(ready[half:])
            return
        for row, notes, deal in ready:
            result = Result.TAKEN if deal.ref in new else Result.THERE_ALREADY
            self.report.add(DEALS, row.line, row.ref, result, notes)
            self.deals.append(row)

    # Rows

    def _read(
        self, file: str, raws: Iterable[RawRow], key: str, read: Callable[[RawRow], Row]
    ) -> list[Row]:
        rows = []
        for raw in raws:
            try:
                rows.append(read(raw))
            except RowRefused as why:
                self.report.refuse(file, raw.line, raw.text(key)[:200], why)
        return rows

    def _once(
        self,
        file: str,
        column: str,
        rows: Iterable[Row],
        key: Callable[[Row], str],
        why: str = "is the same as",
    ) -> list[Row]:
        """The first row of each key; later ones are refused as its doubles."""
        first: dict[str, Row] = {}
        for row in rows:
            known = first.setdefault(key(row), row)
            if known is not row:
                refused = RowRefused(column, f"{why} line {known.line}")
                self.report.refuse(file, row.line, key(row), refused)
        return list(first.values())


def import_crm(
    *,
    actor: Actor,
    export: Export,
    currency: str,
    staff_domain: str,
    tell: Callable[[str], object],
) -> CrmImport:
    """Loads the export and answers with the finished run: its report, and the deals it knows."""
    run = CrmImport(actor, export, currency, staff_domain, timezone.localdate(), tell)
    run.run()
    return run


@dataclass(frozen=True, slots=True)
class StageSum:
    """How many deals of the export stand in a stage, and what they closed at together."""

    stage: DealStage
    deals: int
    closed: Decimal


def by_stage(deals: Iterable[DealRow]) -> list[StageSum]:
    listed = list(deals)
    return [
        StageSum(
            stage,
            sum(row.stage == stage for row in listed),
            sum((row.value or Decimal(0) for row in listed if row.stage == stage), Decimal(0)),
        )
        for stage in DealStage
    ]


def _address(row: SellerRow) -> str:
    return mapping.email(row.name, mapping.team_of(row).domain)


def _alike(rows: Sequence[AccountRow]) -> list[tuple[Note, ...]]:
    """For each row a note when an earlier one has the same name but for its legal form."""
    first: dict[tuple[str, str], AccountRow] = {}
    notes: list[tuple[Note, ...]] = []
    for row in rows:
        known = first.setdefault((name_key(row.name), row.country), row)
        same = known is not row
        notes.append(
            (Note("account", f"may be the same company as line {known.line}"),) if same else ()
        )
    return notes


def _product_notes(row: DealRow, name: str, catalogue: set[str]) -> tuple[Note, ...]:
    if row.product != name:
        return (Note("product", f"“{row.product}” read as “{name}”"),)
    if catalogue and name not in catalogue:
        return (Note("product", f"“{name}” is not in the list of products; added"),)
    return ()
