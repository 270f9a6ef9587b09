"""The vendor's own fields as columns of a spreadsheet: "own.code", or a label in any language."""

from collections.abc import Collection, Mapping, Sequence

from django.utils import timezone

from core.importing.contract import ImportColumn, SheetRow
from core.own_fields.values import OwnValue, WrongValue, from_text
from dealreg.own_fields import definitions, offered_in
from dealreg.rules.own_fields import NOT_OFFERED, OwnField, problems_in
from dealreg.sheet import in_sheets
from partners.queries.finding import region_paths_of


def own_columns() -> list[ImportColumn]:
    """One query."""
    return [
        ImportColumn(field.fact, field.spec.label, names=tuple(field.spec.labels.values()))
        for field in in_sheets(definitions())
    ]


def fields_in(rows: Sequence[SheetRow]) -> tuple[OwnField, ...]:
    """The own fields of which some row says something; no query when none does."""
    named = {name for row in rows for name, text in row.values.items() if text.strip()}
    if not any(name.startswith("own.") for name in named):
        return ()
    return tuple(field for field in in_sheets(definitions()) if field.fact in named)


def regions_of(partner_ids: Collection[int], fields: Sequence[OwnField]) -> Mapping[int, str]:
    """The region of each partner, as far as it matters. At most one query."""
    return region_paths_of(partner_ids) if fields else {}


def answers_in(
    row: SheetRow,
    fields: Sequence[OwnField],
    region: str,
    product_line_id: int | None,
    currencies: frozenset[str],
) -> dict[str, OwnValue]:
    """What a row answers, by code. Raises ValueError with the label and what is wrong: also for a
    field that deals of that region and product line do not have."""
    offered = {field.code for field in offered_in(fields, region, product_line_id)}
    found: dict[str, OwnValue] = {}
    for field in fields:
        text, label = row.values.get(field.fact, "").strip(), field.spec.label
        if not text:
            continue
        if field.code not in offered:
            raise ValueError(f"{label}: {NOT_OFFERED}")
        try:
            value = from_text(field.spec, text)
        except WrongValue as wrong:
            raise ValueError(f"{label}: {wrong}") from wrong
        if value is not None:
            found[field.code] = value
    wrong_ones = problems_in(
        fields, found, {}, today=timezone.localdate(), currencies=currencies, whole=False
    )
    for field in fields:
        if field.fact in wrong_ones:
            raise ValueError(f"{field.spec.label}: {wrong_ones[field.fact]}")
    return found
