"""manage.py seed_demo: example data to look around in."""

import os
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from prm.demo import sign_ins, volume
from prm.demo.seeding import UnknownBaseCurrency, seed
from prm.environment import LOCAL, read_mode


class Command(BaseCommand):
    help = (
        "Adds an invented vendor with its partners, customers and deals. Safe to run again: what "
        "is there stays. --scale adds many more partners, customers and deals by numbers alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--scale",
            default="small",
            help="small (the story), medium (+10,000 deals), large (+1,000,000 deals), "
            "or a number of deals",
        )
        parser.add_argument("--password", default="", help="for the named sign-ins")
        parser.add_argument(
            "--sign-ins", type=Path, help="where to write them (default: .local/INSTANCE/)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if read_mode(os.environ) == "production":
            raise CommandError(
                "This is a production installation (PRM_ENV=production): example data and "
                "sign-ins with a known password have no place here. Nothing was changed."
            )
        size = self._size(options["scale"])
        began = time.monotonic()
        try:
            added = seed()
        except UnknownBaseCurrency as error:
            raise CommandError(
                f"The example has no exchange rates for BASE_CURRENCY={error}. Nothing was changed."
            ) from error
        if size:
            volume.grow(size, tell=self.stdout.write)
        file = options["sign_ins"] or default_file()
        doors = sign_ins.open_doors(file, options["password"])
        if added.deals:
            self.stdout.write(
                f"{added.partners} partners, {added.people} people, {added.customers} customers "
                f"and {added.deals} deals added in {time.monotonic() - began:.1f} s."
            )
        else:
            self.stdout.write("The example is there already; nothing was added to it.")
        self.stdout.write(doors)

    def _size(self, scale: str) -> volume.Size | None:
        try:
            return volume.size_of(scale)
        except ValueError as error:
            raise CommandError(str(error)) from error


def default_file() -> Path:
    return LOCAL / os.environ.get("PRM_LOCAL_INSTANCE", "demo") / "sign-ins.txt"
