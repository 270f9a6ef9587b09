"""The deals of a CRM's export."""

from collections.abc import Sequence
from functools import partial

from django.db import Error

from dealreg.rules.names import name_key
from dealreg.services import PastDeal, import_deals
from integrations.crm import mapping, spelling
from integrations.crm.reading import DEALS
from integrations.crm.report import Result
from integrations.crm.rows import DealRow, Note, RowRefused, read_deal
from integrations.services.crm.run import CrmImport, customer_meant, once, product_lines, read_rows

BATCH = 1000


def take_deals(run: CrmImport) -> None:
    read = partial(read_deal, currency=run.currency, today=run.today)
    rows = read_rows(run, DEALS, run.export.deals, "opportunity_id", read)
    rows = once(run, DEALS, "opportunity_id", rows, lambda row: row.ref)
    catalogue = {raw.text("product") for raw in run.export.products} - {""}
    names = spelling.product_names((row.product for row in rows), catalogue)
    portal = mapping.Portal(run.sellers, run.account_ids, product_lines(run, names.values()))
    exported = mapping.exported_on(rows, run.today)
    known = {name_key(name): name for name in run.accounts}
    ready: list[tuple[DealRow, tuple[Note, ...], PastDeal]] = []
    for row in rows:
        try:
            account, notes = account_of(run, row, known)
            require_seller(run, row)
        except RowRefused as why:
            run.report.refuse(DEALS, row.line, row.ref, why)
            continue
        notes = row.notes + notes + product_notes(row, names[row.product], catalogue)
        deal = mapping.as_deal(
            row,
            portal,
            account=account,
            country=run.accounts[account].country if account else "",
            product=names[row.product],
            currency=run.currency,
            exported=exported,
        )
        ready.append((row, notes, deal))
    for start in range(0, len(ready), BATCH):
        import_batch(run, ready[start : start + BATCH])
        run.tell(f"{min(start + BATCH, len(ready)):,} of {len(ready):,} deals")


def account_of(run: CrmImport, row: DealRow, known: dict[str, str]) -> tuple[str, tuple[Note, ...]]:
    if not row.account:
        return "", (Note("account", "no customer: kept as a draft"),)
    if row.account in run.accounts:
        return row.account, ()
    meant = customer_meant(run, row.account, known)
    return meant, (Note("account", f"“{row.account}” read as “{meant}”"),)


def require_seller(run: CrmImport, row: DealRow) -> None:
    if row.seller not in run.sellers:
        raise RowRefused("sales_agent", f"“{row.seller}” is not among the sellers")


def import_batch(
    run: CrmImport, ready: Sequence[tuple[DealRow, tuple[Note, ...], PastDeal]]
) -> None:
    try:
        new = import_deals(actor=run.actor, deals=[deal for _r, _n, deal in ready]).new
    except Error as error:
        # The tables refuse one of them: find out which, and take the others.
        if len(ready) == 1:
            row = ready[0][0]
            why = RowRefused("", f"the database refuses it: {str(error).splitlines()[0]}")
            run.report.refuse(DEALS, row.line, row.ref, why)
            return
        half = len(ready) // 2
        import_batch(run, ready[:half])
        import_batch(run, ready[half:])
        return
    for row, notes, deal in ready:
        result = Result.TAKEN if deal.ref in new else Result.THERE_ALREADY
        run.report.add(DEALS, row.line, row.ref, result, notes)
        run.deals.append(row)


def product_notes(row: DealRow, name: str, catalogue: set[str]) -> tuple[Note, ...]:
    if row.product != name:
        return (Note("product", f"“{row.product}” read as “{name}”"),)
    if catalogue and name not in catalogue:
        return (Note("product", f"“{name}” is not in the list of products; added"),)
    return ()
