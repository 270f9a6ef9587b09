from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from dealreg import services


class Command(BaseCommand):
    help = "Writes anew the keys under which the conflict check finds customers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--missing", action="store_true", help="only for customers that have none"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        count = services.index_missing() if options["missing"] else services.reindex_all()
        self.stdout.write(f"{count} customers indexed.")
