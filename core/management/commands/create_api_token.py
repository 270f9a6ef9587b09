"""Makes an API token. The token is printed once, alone on the last line."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core import actor, tokens
from core.models import User
from core.scopes import known_scopes

LONGEST_DAYS = 3650


class Command(BaseCommand):
    help = "Makes an API token with which a program acts as a person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        scopes = ", ".join(known_scopes())
        parser.add_argument(
            "--user", required=True, metavar="EMAIL", help="who the program acts as"
        )
        parser.add_argument("--label", default="", help="what the token is for")
        parser.add_argument(
            "--scope", action="append", default=[], help=f"may be repeated; default all: {scopes}"
        )
        parser.add_argument(
            "--days", type=int, default=365, help="valid for so many days (default 365)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        days: int = options["days"]
        if not 1 <= days <= LONGEST_DAYS:
            raise CommandError(f"--days takes 1 to {LONGEST_DAYS}, not {days}.")
        if len(options["label"]) > 100:
            raise CommandError("--label is longer than 100 characters.")
        user = self.person(options["user"])
        try:
            issued = tokens.issue_token(
                actor=actor.system("create_api_token command"),
                user=user,
                label=options["label"],
                scopes=options["scope"] or known_scopes(),
                expires_at=timezone.now() + dt.timedelta(days=days),
            )
        except tokens.UnknownScope as error:
            raise CommandError(str(error)) from error
        scopes = ", ".join(issued.token.scopes)
        self.stdout.write(f"Token for {user.email}, {scopes}, {days} days. It is shown only now:")
        self.stdout.write(issued.secret)

    def person(self, email: str) -> User:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"There is no user {email}.")
        if not user.is_active:
            raise CommandError(f"{email} is not active.")
        return user
