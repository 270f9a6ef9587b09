"""manage.py import_crm DIR: takes a CRM's export over."""

import re
import time
from argparse import ArgumentParser
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import money_rates
from core.actor import system
from core.money import known_currencies
from dealreg.rules.states import DealStage
from integrations.crm.reading import UnreadableFile, read_export
from integrations.crm.report import Report
from integrations.services import import_crm
from integrations.services.crm import CrmImport, by_stage

MOST_LINES = 30


class Command(BaseCommand):
    help = (
        "Takes over a CRM's export: accounts.csv, sales_teams.csv, sales_pipeline.csv and, where "
        "it is there, products.csv. Reports what became of each row. Safe to run again. "
        "docs/importing.md says how rows are read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--currency", default="USD", help="of all amounts (default: USD)")
        parser.add_argument(
            "--staff-domain",
            default="vendor.example",
            help="domain of the managers' new accounts (default: vendor.example)",
        )
        parser.add_argument("--report", type=Path, metavar="FILE", help="every row, as CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["currency"] not in known_currencies():
            raise CommandError(f"{options['currency']} is no currency that is in use.")
        if not re.fullmatch(r"([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}", options["staff_domain"]):
            raise CommandError(f"{options['staff_domain']} is no internet domain.")
        if options["report"] and not options["report"].absolute().parent.is_dir():
            raise CommandError(f"{options['report'].parent} is no folder to write a report to.")
        began = time.monotonic()
        try:
            export = read_export(options["folder"])
        except UnreadableFile as error:
            raise CommandError(f"{error} Nothing was imported.") from error
        run = import_crm(
            actor=system("import_crm"),
            export=export,
            currency=options["currency"],
            staff_domain=options["staff_domain"],
            tell=self.stdout.write,
        )
        self._show(run, time.monotonic() - began)
        if options["report"]:
            run.report.write(options["report"])
            self.stdout.write(f"Every row is in {options['report']}.")

    def _show(self, run: CrmImport, seconds: float) -> None:
        self.stdout.write(f"\n{run.report.table()}\n")
        for line in sums(run):
            self.stdout.write(line)
        self._show_remarks(run.report)
        if run.currency not in money_rates.accepted_currencies():
            self.stdout.write(
                f"\nThere is no exchange rate for {run.currency} yet: new registrations in "
                f"{run.currency} are refused until operations enter one."
            )
        self.stdout.write(f"\nDone in {seconds:.1f} s.")

    def _show_remarks(self, report: Report) -> None:
        remarks = list(report.remarks())
        if remarks:
            self.stdout.write("\nRemarks:")
        for line in islice(remarks, MOST_LINES):
            self.stdout.write(f"  {line}")
        if len(remarks) > MOST_LINES:
            self.stdout.write(f"  and {len(remarks) - MOST_LINES} more; --report lists every row")
        if report.refused:
            self.stdout.write("\nRefused:")
        for row in report.refused[:MOST_LINES]:
            why = "; ".join(f"{note.column} {note.text}".strip() for note in row.notes)
            self.stdout.write(f"  {row.file}, line {row.line} ({row.key}): {why}")
        if len(report.refused) > MOST_LINES:
            self.stdout.write(f"  and {len(report.refused) - MOST_LINES} more; see --report")


def sums(run: CrmImport) -> list[str]:
    """The export's deals in the portal: by stage, and those without a customer."""
    lines = []
    for one in (one for one in by_stage(run.deals) if one.deals):
        worth = f", worth {one.closed:,} {run.currency}" if one.stage == DealStage.WON else ""
        lines.append(f"{one.deals:,} {one.stage.value}{worth}")
    drafts = sum(not row.account for row in run.deals)
    return [f"{len(run.deals):,} deals: {'; '.join(lines)}", f"{drafts:,} of them without customer"]
