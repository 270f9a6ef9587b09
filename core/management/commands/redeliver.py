from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import delivery
from core.models import EventDelivery, QueueState


class Command(BaseCommand):
    help = "Has parked event deliveries tried again: those named, or all of one handler, or all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--id", type=int, nargs="+", default=[], metavar="DELIVERY")
        which.add_argument("--handler", default="")
        which.add_argument("--all", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        parked = EventDelivery.objects.filter(state=QueueState.PARKED)
        if options["id"]:
            parked = parked.filter(pk__in=options["id"])
        elif options["handler"]:
            parked = parked.filter(handler=options["handler"])
        count = delivery.rerun(parked.values_list("pk", flat=True))
        if options["id"] and count < len(options["id"]):
            raise CommandError(f"{count} put back; the others are not parked.")
        self.stdout.write(f"{count} put back.")
