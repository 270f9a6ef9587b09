from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.seal import Chain, verify

MOST_SHOWN = 1000


def witness(text: str) -> tuple[int, bytes]:
    """A seal as the logs name it: NUMBER:HASH."""
    number, _, digest = text.partition(":")
    try:
        seal = int(number), bytes.fromhex(digest)
    except ValueError:
        seal = 0, b""
    if seal[0] < 1 or len(seal[1]) != 32:
        raise ArgumentTypeError(f"{text!r} is not NUMBER:HASH as in the log line events_sealed")
    return seal


class Command(BaseCommand):
    help = (
        "Walks the sealed record of events and names what was changed, removed, put in or moved, "
        "the first in the chain first. Exits with 1 when something is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--expect", type=witness, metavar="SEAL", help="a seal from the logs (NUMBER:HASH)"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        chain, count = Chain(), 0
        for finding in verify(chain, expect=options["expect"]):
            count += 1
            if count <= MOST_SHOWN:
                self.stdout.write(finding.message)
        if count:
            raise CommandError(f"The record of events was tampered with: {count} found.")
        seal = f"{chain.number}:{chain.hash.hex()}"
        self.stdout.write(f"{chain.events} events in {chain.number} seals are as written.")
        self.stdout.write(f"Last seal: {seal}")
