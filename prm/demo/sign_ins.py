"""The demo's sign-ins: one simple password for a few named people, on this machine only."""

import re
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from core.models import User
from prm.demo.cast import SIGN_INS

ONE_AT_A_TIME = 7005
PASSWORD_LINE = "Password for all of them: "  # noqa: S105 (what stands before it)
WORDS = """
    amber anchor barley basin birch bramble bridge candle canyon cedar cinder clover cobalt
    copper coral cotton crater dune ember falcon fennel fern fjord garnet ginger granite harbour
    hazel heron hollow indigo island ivory jasper juniper kelp lagoon lantern larch linen maple
    marble meadow mint moss nutmeg olive orchard otter pebble pepper pine plum quarry quartz
    raven reed ridge river saffron sage slate spruce thistle timber topaz tulip valley velvet
    walnut willow
"""


@transaction.atomic
def open_doors(file: Path, wanted: str = "") -> str:
    """Lets the named people sign in, writes how into `file`, and answers with its text.

    The password is `wanted`, else the one in `file`, else a new one; so it stays the same
    from run to run and differs from one installation to the next.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    password = wanted or password_in(file) or new_password()
    users = list(User.objects.filter(email__in=[one.email for one in SIGN_INS]))
    if any(not user.check_password(password) for user in users):
        # Hashed once for all: the hash is slow on purpose.
        hashed = make_password(password)
        for user in users:
            user.password = hashed
        User.objects.bulk_update(users, ["password"])
    text = text_of(password)
    write(file, text)
    return text


def password_in(file: Path) -> str:
    found = re.search(f"^{PASSWORD_LINE}(.+)$", file.read_text(), re.M) if file.exists() else None
    return found[1].strip() if found else ""


def new_password() -> str:
    words = "-".join(secrets.choice(WORDS.split()) for _ in range(3))
    return f"{words}-{secrets.randbelow(90) + 10}"


def text_of(password: str) -> str:
    width = max(len(one.email) for one in SIGN_INS)
    people = [f"  {one.email:<{width}}  {one.shows}" for one in SIGN_INS]
    lines = [
        f"Sign in at {settings.SITE_URL}",
        "",
        *people,
        "",
        f"{PASSWORD_LINE}{password}",
        "",
    ]
    return "\n".join(lines)


def write(file: Path, text: str) -> None:
    """Writes the file for this user's eyes alone, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.replace(file)
