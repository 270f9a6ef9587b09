"""The deal that one row of a spreadsheet tells of."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import countries
from core.importing.contract import SheetRow
from core.own_fields.values import OwnValue
from dealreg.events import DealImported
from dealreg.rules.names import NotADomain, registrable_domain
from dealreg.rules.own_fields import OwnField
from dealreg.rules.request import RegistrationRequest, problems_in_draft
from dealreg.rules.sale import LONGEST_STEP
from dealreg.rules.states import DECIDED, DealStage, DealStatus, Outcome
from dealreg.services.importing import PastDeal, PastDecision, PastEvent
from integrations.maildoor import fields as reading
from integrations.sheets.cells import Wrong, amount, cell, code_of, date, moment, yes_or_no
from integrations.sheets.own_fields import answers_in

OUTCOMES = {DealStatus.APPROVED: Outcome.APPROVE, DealStatus.DECLINED: Outcome.DECLINE}
IMPORTED = "Imported from a spreadsheet."
TAKEN = (DealStatus.DRAFT, DealStatus.IN_REVIEW, *sorted(DECIDED), DealStatus.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows of a batch refer to: ids by name, code or reference."""

    partners: Mapping[str, Sequence[int]]
    lines: Mapping[str, int]
    references: Mapping[str, int]
    currencies: frozenset[str]
    own: Sequence[OwnField] = ()
    regions: Mapping[int, str] = field(default_factory=dict)


def reference_of(row: SheetRow) -> str:
    """The row's own reference, or one made of its content: the same row is the same deal."""
    given = cell(row, "reference")
    if given:
        return given[:100]
    content = json.dumps(dict(row.values), sort_keys=True).encode()
    return f"row:{hashlib.sha256(content).hexdigest()[:40]}"


def past_deal(row: SheetRow, known: Known) -> PastDeal:
    """The deal that a row tells of. Raises Wrong with what to mend."""
    partner_id, status = partner_in(row, known), status_in(row)
    stage = code_of(row, "stage", DealStage, DealStage.PROSPECTING)
    request = request_of(row, known)
    submitted, decided = moment(row, "submitted"), moment(row, "decided")
    when = decided or submitted or timezone.now()
    deal = PastDeal(
        ref=reference_of(row),
        partner_id=partner_id,
        status=status,
        stage=DealStage(stage),
        product_line_id=request.product_line_id,
        customer_name=request.customer_name,
        customer_domain=request.customer_domain,
        customer_country=request.customer_country,
        amount=request.amount,
        currency=request.currency,
        expected_close=request.expected_close,
        description=request.description,
        public_sector=request.public_sector,
        customer_consent=request.customer_consent,
        closed_on=date(row, "closed_on"),
        closed_amount=amount(row, "closed_amount"),
        submitted_at=submitted or (None if status == DealStatus.DRAFT else when),
        decided_at=decided or (when if status in DECIDED else None),
        decided_by=IMPORTED[:-1] if status in DECIDED or decided else "",
        created_at=submitted or when,
        updated_at=when,
        decisions=decisions(status, when),
        events=(PastEvent(imported(row, request), timezone.now()),),
        probability=probability(row),
        next_step=cell(row, "next_step")[:LONGEST_STEP],
        next_step_on=date(row, "next_step_on"),
        own_values=own_values(row, known, partner_id, request.product_line_id),
    )
    refuse_incomplete(deal)
    return deal


def partner_in(row: SheetRow, known: Known) -> int:
    ids = known.partners.get(cell(row, "partner").casefold(), ())
    if len(ids) != 1:
        text = AMBIGUOUS if ids else _("No partner is called “%(name)s”.")
        raise Wrong(str(text) % {"name": cell(row, "partner")[:80]})
    return ids[0]


def status_in(row: SheetRow) -> DealStatus:
    status = DealStatus(code_of(row, "status", DealStatus))
    if status not in TAKEN:
        # The code, as one would write it into the sheet.
        text = status.value
        raise Wrong(_("Deals with the status “%(status)s” are not taken.") % {"status": text})
    return status


def own_values(
    row: SheetRow, known: Known, partner_id: int, line_id: int | None
) -> Mapping[str, OwnValue]:
    region = known.regions.get(partner_id, "")
    try:
        return answers_in(row, known.own, region, line_id, known.currencies)
    except ValueError as wrong:
        raise Wrong(str(wrong)) from wrong


def probability(row: SheetRow) -> int | None:
    """A whole number from 0 to 100, with or without a per cent sign."""
    text = cell(row, "probability").rstrip("%\u066a ")
    if not text:
        return None
    if not text.isdecimal() or not 0 <= int(text) <= 100:
        raise Wrong(_("A probability is a whole number from 0 to 100."))
    return int(text)


AMBIGUOUS = gettext_lazy("Several partners are called “%(name)s”.")


def imported(row: SheetRow, request: RegistrationRequest) -> DealImported:
    return DealImported(
        source="spreadsheet",
        external_ref=reference_of(row),
        customer=request.customer_name,
        amount=str(request.amount or ""),
        currency=request.currency,
    )


def decisions(status: DealStatus, when: dt.datetime) -> tuple[PastDecision, ...]:
    if status == DealStatus.DRAFT:
        return ()
    return (PastDecision(OUTCOMES.get(status, Outcome.REVIEW), IMPORTED, when),)


def request_of(row: SheetRow, known: Known) -> RegistrationRequest:
    line = cell(row, "product_line")
    if line and line.casefold() not in known.lines:
        raise Wrong(_("No product line is called “%(name)s”.") % {"name": line[:80]})
    country = cell(row, "country")
    request = RegistrationRequest(
        customer_name=row.values.get("customer", ""),
        customer_domain=domain(row),
        customer_country=(reading.country(country) or country) if country else "",
        product_line_id=known.lines.get(line.casefold()),
        amount=amount(row, "amount"),
        currency=cell(row, "currency").upper() or reading.currency_in(cell(row, "amount")) or "",
        expected_close=date(row, "expected_close"),
        description=row.values.get("description", ""),
        public_sector=yes_or_no(row, "public_sector"),
        customer_consent=yes_or_no(row, "customer_consent"),
    )
    problems = problems_in_draft(request, currencies=known.currencies, countries=countries.codes())
    if problems:
        field, text = next(iter(problems.items()))
        raise Wrong(f"{field}: {text}")
    return request


def refuse_incomplete(deal: PastDeal) -> None:
    """What the tables would refuse, said in words."""
    if deal.status != DealStatus.DRAFT and not (deal.customer_name and deal.product_line_id):
        raise Wrong(_("A registration needs a customer and a product line."))
    if deal.status == DealStatus.IN_REVIEW and None in (deal.amount, deal.expected_close):
        raise Wrong(_("A registration in review needs an amount and an expected close."))
    if deal.stage in {DealStage.WON, DealStage.LOST} and deal.closed_on is None:
        raise Wrong(_("A deal that is won or lost needs the day on which it closed."))
    if deal.amount is not None and not deal.currency:
        raise Wrong(_("An amount needs its currency."))


def domain(row: SheetRow) -> str:
    written = cell(row, "domain")
    try:
        registrable_domain(written)
    except NotADomain as wrong:
        raise Wrong(str(wrong)) from wrong
    return written
