"""Deals from a spreadsheet: history as it stands elsewhere. Nothing is judged anew, nobody is
told, and nobody is protected by it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import money_rates
from core.actor import Actor
from core.events import record
from core.importing.contract import ImportColumn, RowOutcome, RowResult, SheetRow, Text
from core.models import Event, StoredFile
from dealreg.events import ImportedDealTakenBack
from dealreg.models import Account, Deal, ProductLine
from dealreg.queries import REFERENCE
from dealreg.rules.names import name_key, registrable_domain
from dealreg.services.importing import PastAccount, PastDeal, import_accounts, import_deals
from integrations.sheets.cells import Wrong, cell, reading_names
from integrations.sheets.own_fields import fields_in, own_columns, regions_of
from integrations.sheets.past_deals import Known, past_deal, reference_of
from partners.queries import partners_called


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
