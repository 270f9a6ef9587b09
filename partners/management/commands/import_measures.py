"""manage.py import_measures FILE.csv [--dry-run]: values that the portal cannot count.

Columns: partner (its number, or its name), measure, day (2026-01-31), value, source. The same
file twice adds nothing.
"""

import csv
import datetime as dt
from argparse import ArgumentParser
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.actor import system
from partners.measures import UnknownMeasure
from partners.models import Partner
from partners.services.tier_decisions import NewValue, TierRefused, check_value, enter_values

COLUMNS = ("partner", "measure", "day", "value", "source")


class Command(BaseCommand):
    help = "Enters values of measures from a CSV file: all of them, or none and what is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, file: str, dry_run: bool, **options: Any) -> None:
        with open(file, newline="", encoding="utf-8-sig") as opened:
            reader = csv.DictReader(opened)
            missing = set(COLUMNS) - set(reader.fieldnames or ())
            if missing:
                raise CommandError(f"The file has no column {', '.join(sorted(missing))}.")
            values, wrong = self.read(reader)
        if wrong:
            raise CommandError("\n".join(wrong))
        if dry_run:
            self.stdout.write(f"{len(values)} values could be entered.")
            return
        entered = enter_values(actor=system("import"), values=values)
        self.stdout.write(f"{entered} of {len(values)} values were new or changed.")

    def read(self, rows: Any) -> tuple[list[NewValue], list[str]]:
        values, wrong = [], []
        for number, row in enumerate(rows, start=2):
            try:
                values.append(self.value(row))
            except (ValueError, InvalidOperation, UnknownMeasure, Partner.DoesNotExist) as error:
                wrong.append(f"Row {number}: {type(error).__name__}: {error}")
            except Partner.MultipleObjectsReturned:
                wrong.append(f"Row {number}: several partners are called so; give the number.")
        return values, wrong

    def value(self, row: dict[str, str]) -> NewValue:
        name = row["partner"].strip()
        partner = Partner.objects.get(pk=int(name)) if name.isdecimal() else None
        partner = partner or Partner.objects.get(name__iexact=name)
        value = Decimal(row["value"].strip())
        if not value.is_finite():
            raise TierRefused("The value is no number.")
        new = NewValue(
            partner.pk,
            row["measure"].strip(),
            dt.date.fromisoformat(row["day"].strip()),
            value,
            row["source"].strip() or "import",
        )
        check_value(new)
        return new
