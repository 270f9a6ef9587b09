"""The sellers of a CRM's export: their teams are partners, their managers the vendor's people."""

from collections.abc import Sequence
from decimal import Decimal

from core.actor import StaffRole
from integrations.crm import mapping
from integrations.crm.reading import SELLERS
from integrations.crm.report import Result
from integrations.crm.rows import SellerRow, read_seller
from integrations.services.crm.run import CrmImport, once, read_rows
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

FIRST_TIER = NewTier("Registered", 10, Decimal(50_000))


def take_sellers(run: CrmImport) -> None:
    rows = read_rows(run, SELLERS, run.export.sellers, "sales_agent", read_seller)
    rows = once(run, SELLERS, "sales_agent", rows, lambda row: row.name)
    rows = once(run, SELLERS, "sales_agent", rows, address_of, "would have the address of")
    teams = {mapping.team_of(row).key: mapping.team_of(row) for row in rows}
    partners = partners_of(run, list(teams.values()))
    people = {row.name: mapping.as_person(row, partners[mapping.team_of(row).key]) for row in rows}
    done = add_people(actor=run.actor, people=list(people.values()))
    for row in rows:
        person = people[row.name]
        run.sellers[row.name] = mapping.Seller(done.ids[person.email], person.partner_id)
        result = Result.TAKEN if person.email in done.new else Result.THERE_ALREADY
        run.report.add(SELLERS, row.line, row.name, result)
    run.tell(f"{len(rows):,} sellers at {len(teams):,} partners")


def partners_of(run: CrmImport, teams: Sequence[mapping.Team]) -> dict[tuple[str, str], int]:
    regions = {team.region.path: team.region for team in teams}
    add_regions(actor=run.actor, regions=[mapping.ROOT, *regions.values()])
    if not entry_tier():
        add_tiers(actor=run.actor, tiers=[FIRST_TIER])
    managers = managers_of(run, teams)
    tier = entry_tier()
    return add_partners(
        actor=run.actor,
        partners=[mapping.as_partner(team, tier, managers[team.manager]) for team in teams],
    )


def managers_of(run: CrmImport, teams: Sequence[mapping.Team]) -> dict[str, int]:
    """The sellers' managers: the vendor's channel managers of their offices' regions."""
    offices: dict[str, set[str]] = {}
    for team in teams:
        offices.setdefault(team.manager, set()).add(team.region.path)
    staff = {
        name: NewStaff(
            email=mapping.email(name, run.staff_domain),
            name=name,
            duties=tuple((StaffRole.CHANNEL_MANAGER, path) for path in sorted(paths)),
        )
        for name, paths in offices.items()
    }
    ids = add_staff(actor=run.actor, staff=list(staff.values()))
    return {name: ids[new.email] for name, new in staff.items()}


def address_of(row: SellerRow) -> str:
    return mapping.email(row.name, mapping.team_of(row).domain)
