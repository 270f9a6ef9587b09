"""Collect the portal's texts into locale/ for translators: `make messages`.

Needs GNU gettext (Debian: apt-get install gettext; macOS: brew install gettext). Says what is
not translated yet; docs/translating.md tells how to go on.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = ["tests/*", "bench/*", "docs/*", "scripts/*"]
# Changes with every run, and so would every diff.
CREATED = re.compile(r'^"POT-Creation-Date:.*\n', re.MULTILINE)


def main() -> int:
    if shutil.which("xgettext") is None:
        print("Install GNU gettext first: apt-get install gettext, or brew install gettext.")
        return 1
    collect()
    left = [(source, message) for source in sources() for message in untranslated(source)]
    for source, message in left:
        print(f"{source.relative_to(ROOT)}:{message.lineno}: {message.id}")
    print(f"{len(left)} texts to translate." if left else "Everything is translated.")
    return 0


def sources() -> list[Path]:
    return sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po"))


def collect() -> None:
    """Brings every .po in step with the code; texts that are gone are dropped."""
    options = ["--all", "--no-obsolete", "--add-location", "file", "--verbosity", "0"]
    ignored = [option for pattern in NOT_OURS for option in ("--ignore", pattern)]
    command = [sys.executable, "manage.py", "makemessages", *options, *ignored]
    subprocess.run(command, cwd=ROOT, check=True)
    for source in sources():
        source.write_text(CREATED.sub("", source.read_text("utf-8")), "utf-8")


def untranslated(source: Path) -> list[Message]:
    with source.open("rb") as opened:
        catalogue = read_po(opened, locale=source.parent.parent.name)
    return [message for message in catalogue if message.id and (message.fuzzy or empty(message))]


def empty(message: Message) -> bool:
    forms = message.string if isinstance(message.string, tuple | list) else [message.string]
    return not all(forms)


if __name__ == "__main__":
    sys.exit(main())
