"""Deals from a spreadsheet: history as it stands elsewhere. Nothing is judged anew, nobody is
told, and nobody is protected by it."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import countries, money_rates
from core.actor import Actor
from core.events import record
from core.importing.contract import ImportColumn, RowOutcome, RowResult, SheetRow, Text
from core.models import Event, StoredFile
from core.own_fields.values import OwnValue
from dealreg.events import DealImported, ImportedDealTakenBack
from dealreg.models import Account, Deal, ProductLine
from dealreg.queries import REFERENCE
from dealreg.rules.names import NotADomain, name_key, registrable_domain
from dealreg.rules.own_fields import OwnField
from dealreg.rules.request import RegistrationRequest, problems_in_draft
from dealreg.rules.sale import LONGEST_STEP
from dealreg.rules.states import DECIDED, DealStage, DealStatus, Outcome
from dealreg.services.importing import (
    PastAccount,
    PastDeal,
    PastDecision,
    PastEvent,
    import_accounts,
    import_deals,
)
from integrations.maildoor import fields as reading
from integrations.sheets.own_fields import answers_in, fields_in, own_columns, regions_of
from partners.queries import partners_called

OUTCOMES = {DealStatus.APPROVED: Outcome.APPROVE, DealStatus.DECLINED: Outcome.DECLINE}
IMPORTED = "Imported from a spreadsheet."
TAKEN = (DealStatus.DRAFT, DealStatus.IN_REVIEW, *sorted(DECIDED), DealStatus.WITHDRAWN)


class Wrong(ValueError):
    """A cell that no deal can have; the message names it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows of a batch refer to: ids by name, code or reference."""

    partners: Mapping[str, Sequence[int]]
    lines: Mapping[str, int]
    references: Mapping[str, int]
    currencies: frozenset[str]
    own: Sequence[OwnField] = ()
    regions: Mapping[int, str] = field(default_factory=dict)


class DealImporter:
    name = "deals"
    subject = "dealreg.deal"
    label: Text = gettext_lazy("Deals")

    def columns(self) -> Sequence[ImportColumn]:
        label = gettext_lazy
        return (
            ImportColumn(
                "reference", label("Reference"), names=("id", "number", "Nummer", "الرقم")
            ),
            ImportColumn("partner", label("Partner"), True, ("partner name", "reseller")),
            ImportColumn("customer", label("Customer"), True, reading_names("customer_name")),
            ImportColumn("domain", label("Domain"), names=reading_names("customer_domain")),
            ImportColumn("country", label("Country"), names=reading_names("customer_country")),
            ImportColumn(
                "product_line", label("Product line"), True, reading_names("product_line")
            ),
            ImportColumn("amount", label("Amount"), names=reading_names("amount")),
            ImportColumn("currency", label("Currency"), names=reading_names("currency")),
            ImportColumn(
                "expected_close", label("Expected close"), names=reading_names("expected_close")
            ),
            ImportColumn("description", label("Description"), names=reading_names("description")),
            ImportColumn("public_sector", label("public-sector tender")),
            ImportColumn("customer_consent", label("customer agreed")),
            ImportColumn("status", label("Status"), True),
            ImportColumn("stage", label("Sales stage"), names=("stage", "Phase")),
            ImportColumn("submitted", label("Submitted"), names=("registered",)),
            ImportColumn("decided", label("Decided")),
            ImportColumn(
                "probability", label("Own probability in percent"), names=("probability",)
            ),
            ImportColumn("next_step", label("Next step")),
            ImportColumn("next_step_on", label("Next step on")),
            ImportColumn("closed_on", label("Closed"), names=("closed on", "won on")),
            ImportColumn("closed_amount", label("closed amount")),
            *own_columns(),
        )

    def may(self, actor: Actor) -> bool:
        return actor.is_ops and not actor.region_paths

    def take(self, actor: Actor, rows: Sequence[SheetRow], *, dry: bool) -> list[RowResult]:
        known = known_for(rows)
        results: dict[int, RowResult] = {}
        wanted: dict[str, tuple[SheetRow, PastDeal]] = {}
        for row in rows:
            try:
                deal = past_deal(row, known)
            except Wrong as wrong:
                results[row.number] = RowResult(RowOutcome.WRONG, str(wrong))
                continue
            there = known.references.get(deal.ref)
            if there is not None or deal.ref in wanted:
                results[row.number] = RowResult(RowOutcome.KNOWN, subject_id=there)
            else:
                wanted[deal.ref] = (row, deal)
        deals = [deal for _row, deal in wanted.values()]
        like = similar(deals)
        ids = {} if dry else added(actor, deals)
        for ref, (row, _deal) in wanted.items():
            note = _("Like %(reference)s.") % {"reference": like[ref]} if ref in like else ""
            results[row.number] = RowResult(RowOutcome.ADDED, note, ids.get(ref))
        return [results[row.number] for row in rows]

    def take_back(self, actor: Actor, subject_ids: Sequence[int]) -> set[int]:
        deals = Deal.objects.select_for_update(of=("self",)).filter(pk__in=subject_ids)
        there = {deal.pk: deal for deal in deals.order_by("pk")}
        return {key for key, deal in there.items() if taken_back(actor, deal)}


def reading_names(field: str) -> tuple[str, ...]:
    return tuple(name for names in reading.LABELS[field].values() for name in names)


# --- what rows refer to ---------------------------------------------------------------------


def known_for(rows: Sequence[SheetRow]) -> Known:
    """Four queries for all rows together, two more when some answer own fields."""
    lines = ProductLine.objects.values_list("pk", "code", "name")
    partners, own = partners_called({cell(row, "partner") for row in rows}), fields_in(rows)
    return Known(
        partners=partners,
        own=own,
        regions=regions_of({key for keys in partners.values() for key in keys}, own),
        lines={word.casefold(): key for key, code, name in lines for word in (name, code)},
        references=references_of(rows),
        currencies=frozenset(money_rates.accepted_currencies()),
    )


def references_of(rows: Sequence[SheetRow]) -> dict[str, int]:
    refs = {reference_of(row) for row in rows}
    there = Deal.objects.filter(external_ref__in=refs).values_list("external_ref", "pk")
    own = {int(found[1]): ref for ref in refs if (found := REFERENCE.fullmatch(ref))}
    ours = Deal.objects.filter(pk__in=own, external_ref__isnull=True)
    return {str(ref): pk for ref, pk in there} | {
        own[pk]: pk for pk in ours.values_list("pk", flat=True)
    }


def reference_of(row: SheetRow) -> str:
    """The row's own reference, or one made of its content: the same row is the same deal."""
    given = cell(row, "reference")
    if given:
        return given[:100]
    content = json.dumps(dict(row.values), sort_keys=True).encode()
    return f"row:{hashlib.sha256(content).hexdigest()[:40]}"


def similar(deals: Sequence[PastDeal]) -> dict[str, str]:
    """Reference of a row → that of a deal there with the same partner, customer and line."""
    there = Deal.objects.filter(
        partner_id__in={deal.partner_id for deal in deals},
        account__name_key__in={name_key(deal.customer_name) for deal in deals},
    ).values_list("partner_id", "account__name_key", "product_line_id", "pk")
    ours = {(partner, key, line): f"DR-{pk}" for partner, key, line, pk in there}
    keys = {
        deal.ref: (deal.partner_id, name_key(deal.customer_name), deal.product_line_id)
        for deal in deals
    }
    return {ref: ours[key] for ref, key in keys.items() if key in ours}


# --- one row --------------------------------------------------------------------------------


def past_deal(row: SheetRow, known: Known) -> PastDeal:
    """The deal that a row tells of. Raises Wrong with what to mend."""
    partner_ids = known.partners.get(cell(row, "partner").casefold(), ())
    if len(partner_ids) != 1:
        text = _("No partner is called “%(name)s”.") if not partner_ids else AMBIGUOUS
        raise Wrong(str(text) % {"name": cell(row, "partner")[:80]})
    status = code_of(row, "status", DealStatus)
    if status not in TAKEN:
        raise Wrong(_("Deals with the status “%(status)s” are not taken.") % {"status": status})
    stage = code_of(row, "stage", DealStage) if cell(row, "stage") else DealStage.PROSPECTING
    request = request_of(row, known)
    submitted, decided = moment(row, "submitted"), moment(row, "decided")
    when = decided or submitted or timezone.now()
    closed_on = date(row, "closed_on")
    deal = PastDeal(
        ref=reference_of(row),
        partner_id=partner_ids[0],
        status=DealStatus(status),
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
        closed_on=closed_on,
        closed_amount=amount(row, "closed_amount"),
        submitted_at=submitted or (None if status == DealStatus.DRAFT else when),
        decided_at=decided or (when if status in DECIDED else None),
        decided_by=IMPORTED[:-1] if status in DECIDED or decided else "",
        created_at=submitted or when,
        updated_at=when,
        decisions=decisions(DealStatus(status), when),
        events=(PastEvent(imported(row, request), timezone.now()),),
        probability=probability(row),
        next_step=cell(row, "next_step")[:LONGEST_STEP],
        next_step_on=date(row, "next_step_on"),
        own_values=own_values(row, known, partner_ids[0], request.product_line_id),
    )
    refuse_incomplete(deal)
    return deal


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


def cell(row: SheetRow, field: str) -> str:
    return reading.tidy(row.values.get(field, ""))


def domain(row: SheetRow) -> str:
    written = cell(row, "domain")
    try:
        registrable_domain(written)
    except NotADomain as wrong:
        raise Wrong(str(wrong)) from wrong
    return written


NUMBER = re.compile(r"(?:[A-Za-z]{3}|[€$£¥])?\s*[\d.,'’٫٬\u00a0\u202f ]+\s*(?:[A-Za-z]{3}|[€$£¥])?")


def amount(row: SheetRow, field: str) -> Decimal | None:
    text = cell(row, field)
    if not text:
        return None
    value = reading.amount(text) if NUMBER.fullmatch(text) else None
    if value is None:
        raise Wrong(_("“%(text)s” is no amount.") % {"text": text[:80]})
    return value


def date(row: SheetRow, field: str) -> dt.date | None:
    text = cell(row, field)
    value = reading.date(text) if text else None
    if text and value is None:
        raise Wrong(_("“%(text)s” is no date: write 2027-01-31.") % {"text": text[:80]})
    return value


def moment(row: SheetRow, field: str) -> dt.datetime | None:
    """A moment, or the beginning of a day; what has no zone is in the portal's."""
    text = cell(row, field)
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None and (day := date(row, field)) is not None:
        found = dt.datetime.combine(day, dt.time())
    if found is None:
        return None
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def yes_or_no(row: SheetRow, field: str) -> bool:
    text = cell(row, field)
    value = reading.yes_or_no(text) if text else False
    if value is None:
        raise Wrong(_("“%(text)s” is neither yes nor no.") % {"text": text[:80]})
    return value


def code_of(row: SheetRow, field: str, choices: type[DealStatus] | type[DealStage]) -> str:
    """A stored code by itself or by its label in the importer's language."""
    text = cell(row, field).casefold()
    for choice in choices:
        if text in {choice.value, str(choice.label).casefold()}:
            return str(choice.value)
    raise Wrong(_("“%(text)s” is not known here.") % {"text": text[:80]})


# --- writing --------------------------------------------------------------------------------


def added(actor: Actor, deals: Sequence[PastDeal]) -> dict[str, int]:
    """Adds the deals, with their customers where nobody knew them; reference → id."""
    accounts = accounts_for(actor, deals)
    whole = [
        replace(
            deal, account_id=accounts.get((name_key(deal.customer_name), deal.customer_country))
        )
        for deal in deals
    ]
    return dict(import_deals(actor=actor, deals=whole).ids)


def accounts_for(actor: Actor, deals: Sequence[PastDeal]) -> dict[tuple[str, str], int]:
    wanted = {
        (name_key(deal.customer_name), deal.customer_country): deal
        for deal in deals
        if deal.customer_name
    }
    rows = Account.objects.filter(name_key__in={key for key, _country in wanted}).order_by("-pk")
    there = {(row.name_key, row.country): row.pk for row in rows}
    new = {
        key: PastAccount(
            ref=f"sheet:{hashlib.sha256(json.dumps(key).encode()).hexdigest()[:40]}",
            name=deal.customer_name,
            domain=registrable_domain(deal.customer_domain),
            country=deal.customer_country,
        )
        for key, deal in wanted.items()
        if key not in there
    }
    made = import_accounts(actor=actor, accounts=list(new.values())).ids if new else {}
    return there | {key: made[account.ref] for key, account in new.items()}


def taken_back(actor: Actor, deal: Deal) -> bool:
    """Removes a deal that nobody has touched since it was imported; whether it is gone."""
    label = deal._meta.label_lower
    happened = Event.objects.filter(subject_type=label, subject_id=deal.pk)
    files = StoredFile.objects.filter(subject_type=label, subject_id=deal.pk)
    touched = happened.exclude(kind="dealreg.deal_imported").exists() or files.exists()
    if touched or deal.version != 1 or deal.decisions.count() > 1:
        return False
    fact = ImportedDealTakenBack(customer=deal.customer_name, external_ref=deal.external_ref or "")
    try:
        with transaction.atomic():
            record(fact, subject=deal, actor=actor, partner_id=deal.partner_id)
            deal.delete()
    except (ProtectedError, RestrictedError):
        return False
    return True
