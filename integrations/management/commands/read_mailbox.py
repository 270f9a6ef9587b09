"""Reads the mailbox for registrations once, as beat does every minute."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from integrations.maildoor import imap, working


class Command(BaseCommand):
    help = "Takes the unseen mails of INBOUND_IMAP_URL; with --work, makes registrations of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--work", action="store_true", help="Do not wait for a worker.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.INBOUND_IMAP_URL:
            raise CommandError("INBOUND_IMAP_URL is not set, so there is no mailbox to read.")
        try:
            new = imap.read_mailbox(settings.INBOUND_IMAP_URL)
        except imap.MailboxAway as away:
            raise CommandError(f"The mailbox cannot be read now: {away}") from away
        self.stdout.write(f"{new} new mails.")
        if options["work"]:
            self.stdout.write(f"{working.work_due()} mails worked.")
