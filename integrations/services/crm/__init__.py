"""Loading a CRM's export into the portal, row by row accounted for.

The files were read whole before; here each row is taken, found to be there already, or
refused with a reason. Every step is a transaction of its own and can be repeated, so an
import that was cut short is finished by running it again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from core.actor import Actor
from dealreg.rules.states import DealStage
from integrations.crm.reading import ACCOUNTS, DEALS, DIRECT, PURCHASES, SELLERS, Export
from integrations.crm.rows import DealRow
from integrations.services.crm.customers import take_accounts
from integrations.services.crm.deals import take_deals
from integrations.services.crm.own_sales import take_own_sales
from integrations.services.crm.run import CrmImport
from integrations.services.crm.sellers import take_sellers

__all__ = ["CrmImport", "StageSum", "by_stage", "import_crm"]

FILES = (ACCOUNTS, SELLERS, DEALS, PURCHASES, DIRECT)


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
    take_accounts(run)
    take_sellers(run)
    take_deals(run)
    take_own_sales(run)
    run.report.rows.sort(key=lambda row: (FILES.index(row.file), row.line))
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
