from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import fsck

MOST_SHOWN = 1000


class Command(BaseCommand):
    help = (
        "Looks whether all stored things agree: deliveries, mail, files, the record of events, "
        "and what each app adds. Changes nothing. Exits with 1 when something is found."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--list", action="store_true", help="only list the checks")
        parser.add_argument("--deep", action="store_true", help="also read every stored file")
        parser.add_argument("--only", nargs="+", default=[], metavar="CHECK")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["list"]:
            for each in fsck.all_checks():
                self.stdout.write(f"{each.name}: {each.description}{' (--deep)' * each.deep}")
            return
        self.refuse_unknown(options["only"])
        count = 0
        for finding in fsck.findings(only=options["only"], deep=options["deep"]):
            count += 1
            if count <= MOST_SHOWN:
                rows = f" [{', '.join(map(str, finding.rows))}]" if finding.rows else ""
                self.stdout.write(f"{finding.check}: {finding.message}{rows}")
        if count:
            raise CommandError(f"{count} found.", returncode=1)
        self.stdout.write("Nothing to report.")

    def refuse_unknown(self, names: list[str]) -> None:
        unknown = set(names) - {each.name for each in fsck.all_checks()}
        if unknown:
            raise CommandError(f"No such check: {', '.join(sorted(unknown))}.", returncode=2)
