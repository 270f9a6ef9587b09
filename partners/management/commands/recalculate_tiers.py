"""manage.py recalculate_tiers [--partner N …]: looks at partners' tiers again."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.actor import system
from core.models import QueueState
from partners.models import Partner, TierRun
from partners.runs import recalculation
from partners.services.assessing import assess_partner

PATIENCE = 1.0


class Command(BaseCommand):
    help = "Looks at the tiers of all partners again, or of some. Safe to run again at any time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partner", type=int, action="append", default=[], metavar="NUMBER")

    def handle(self, *args: Any, partner: list[int], **options: Any) -> None:
        if partner:
            self.some(partner)
        else:
            self.all()

    def some(self, keys: list[int]) -> None:
        for key in keys:
            if not Partner.objects.filter(pk=key).exists():
                raise CommandError(f"There is no partner {key}.")
            before = Partner.objects.select_related("tier").get(pk=key).tier.name
            assess_partner(key, cause="command")
            row = Partner.objects.select_related("tier").get(pk=key)
            self.stdout.write(f"{row.name}: {before} → {row.tier.name}")

    def all(self) -> None:
        """Works itself, or watches the worker that has the run already."""
        run = recalculation.ask_recalculation(actor=system("command"), cause="command")
        while run.state in {QueueState.WAITING, QueueState.RUNNING}:
            claimed = recalculation.claim(run.pk)
            if claimed is not None:
                recalculation.work_on(claimed, tell=self.tell)
            else:
                time.sleep(PATIENCE)
            run = TierRun.objects.get(pk=run.pk)
            self.tell(run)
        if run.state == QueueState.PARKED:
            raise CommandError(run.last_error)
        counts = ", ".join(f"{name} {number:,}" for name, number in sorted(run.result.items()))
        self.stdout.write(f"Run {run.pk} is done: {counts}.")

    def tell(self, run: TierRun) -> None:
        self.stdout.write(f"{run.done:,} of {run.total:,} partners")
        self.stdout.flush()
