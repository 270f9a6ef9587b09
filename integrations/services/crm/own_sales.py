"""The vendor's own sales of a CRM's export: purchases and direct opportunities, row by row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from core.actor import Actor
from dealreg.rules.names import name_key
from dealreg.services import (
    OwnOpportunity,
    PastPurchase,
    import_direct_opportunities,
    import_purchases,
)
from integrations.crm import spelling
from integrations.crm.reading import DIRECT, PURCHASES
from integrations.crm.report import Report, Result
from integrations.crm.rows import DirectRow, PurchaseRow, RowRefused, read_direct, read_purchase
from integrations.services.crm.run import CrmImport, customer_meant, once, product_lines, read_rows

Row = TypeVar("Row", PurchaseRow, DirectRow)


@dataclass(frozen=True, slots=True)
class Names:
    """What the rows' names stand for: the customer and the product line of each, by id. Both
    raise RowRefused for a name that nobody knows."""

    account: Callable[[str], int]
    line: Callable[[str], int]


def take_own_sales(run: CrmImport) -> None:
    read_bought = partial(read_purchase, today=run.today)
    read_own = partial(read_direct, today=run.today)
    bought = read_rows(run, PURCHASES, run.export.purchases, "purchase_id", read_bought)
    bought = once(run, PURCHASES, "purchase_id", bought, lambda row: row.ref)
    direct = read_rows(run, DIRECT, run.export.direct, "opportunity_id", read_own)
    direct = once(run, DIRECT, "opportunity_id", direct, lambda row: row.ref)
    if not (bought or direct):
        return
    spelt = [row.product for row in bought] + [row.product for row in direct if row.product]
    catalogue = {raw.text("product") for raw in (*run.export.products, *run.export.deals)}
    products = spelling.product_names(spelt, catalogue - {""})
    lines = product_lines(run, products.values())
    known = {name_key(name): name for name in run.accounts}
    names = Names(
        account=lambda name: run.account_ids[customer_meant(run, name, known)],
        line=lambda product: lines[products[product]],
    )
    take_purchases(run.actor, bought, names, run.report)
    take_direct(run.actor, direct, names, run.report)
    run.tell(f"{len(bought):,} purchases and {len(direct):,} direct opportunities")


def take_purchases(actor: Actor, rows: Sequence[PurchaseRow], names: Names, report: Report) -> None:
    """Adds what customers have bought; what was imported before stays as it is."""

    def as_purchase(row: PurchaseRow) -> PastPurchase:
        account, line = names.account(row.account), names.line(row.product)
        return PastPurchase(f"crm:{row.ref}", account, line, row.bought, row.ends)

    ready = _known(PURCHASES, rows, as_purchase, report)
    done = import_purchases(actor=actor, purchases=[one for _row, one in ready])
    for row, one in ready:
        _account_for(PURCHASES, row, one.ref in done.new, report)


def take_direct(actor: Actor, rows: Sequence[DirectRow], names: Names, report: Report) -> None:
    """Adds the vendor's own opportunities, and follows those that were imported before."""

    def as_opportunity(row: DirectRow) -> OwnOpportunity:
        line = names.line(row.product) if row.product else None
        account = names.account(row.account)
        return OwnOpportunity(
            f"crm:{row.ref}", account, line, row.stage, row.owner, row.opened, row.closed
        )

    ready = _known(DIRECT, rows, as_opportunity, report)
    done = import_direct_opportunities(actor=actor, opportunities=[one for _row, one in ready])
    for row, one in ready:
        _account_for(DIRECT, row, one.ref in done.new, report)


Made = TypeVar("Made", PastPurchase, OwnOpportunity)


def _known(
    file: str, rows: Sequence[Row], make: Callable[[Row], Made], report: Report
) -> list[tuple[Row, Made]]:
    ready = []
    for row in rows:
        try:
            ready.append((row, make(row)))
        except RowRefused as why:
            report.refuse(file, row.line, row.ref, why)
    return ready


def _account_for(file: str, row: PurchaseRow | DirectRow, new: bool, report: Report) -> None:
    result = Result.TAKEN if new else Result.THERE_ALREADY
    report.add(file, row.line, row.ref, result)
