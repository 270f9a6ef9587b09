"""The customers of a CRM's export."""

from collections.abc import Iterable, Sequence

from dealreg.rules.names import name_key
from dealreg.services import import_accounts
from integrations.crm import mapping
from integrations.crm.reading import ACCOUNTS
from integrations.crm.report import Result
from integrations.crm.rows import AccountRow, Note, read_account
from integrations.services.crm.run import CrmImport, once, read_rows


def take_accounts(run: CrmImport) -> None:
    rows = read_rows(run, ACCOUNTS, run.export.accounts, "account", read_account)
    rows = once(run, ACCOUNTS, "account", rows, lambda row: row.name)
    named = {row.name: row for row in rows}
    extra = {row.name: tuple(parent_notes(row, named)) for row in rows}
    extra = {
        name: notes + more
        for (name, notes), more in zip(extra.items(), doubles_noted(rows), strict=True)
    }
    done = import_accounts(
        actor=run.actor,
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
        run.report.add(ACCOUNTS, row.line, row.name, result, notes)
        run.account_ids[row.name] = done.ids[ref]
    run.accounts = named
    run.tell(f"{len(rows):,} customers")


def parent_notes(row: AccountRow, named: dict[str, AccountRow]) -> Iterable[Note]:
    if row.parent and row.parent not in named:
        yield Note("subsidiary_of", f"“{row.parent}” is not in this file; left without parent")


def doubles_noted(rows: Sequence[AccountRow]) -> list[tuple[Note, ...]]:
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
