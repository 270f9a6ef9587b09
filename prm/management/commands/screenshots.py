"""manage.py screenshots: takes the pictures of the documentation anew."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from prm import screenshots
from prm.demo import sign_ins
from prm.environment import ROOT
from prm.management.commands.seed_demo import default_file


class Command(BaseCommand):
    help = (
        "Takes a picture of each page of the example, at desktop and phone width, light and "
        "dark, in a Chromium of this machine."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")

    def handle(self, *args: Any, **options: Any) -> None:
        for command in ("migrate", "collectstatic"):
            call_command(command, interactive=False, verbosity=0)
        call_command("seed_demo", stdout=self.stdout)
        password = sign_ins.password_in(default_file())
        try:
            total = screenshots.take_all(options["out"], password, self.stdout.write)
        except screenshots.NoBrowser as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{total:,} bytes in {options['out']}")
