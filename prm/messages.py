"""Compiles the portal's translations: `python -m prm.messages`.

Babel does it, so no machine needs the gettext programs; what is compiled already is left alone.
Needs neither settings nor a database. docs/translating.md tells how texts are translated.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def stale(folder: Path = LOCALE) -> Iterator[Path]:
    """The .po files that are newer than what was compiled from them."""
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            yield source


def compile_file(source: Path) -> Path:
    """Compiles one .po beside itself, in one step, so that nobody reads half a file."""
    with source.open("rb") as opened:
        catalogue = read_po(opened, locale=source.parent.parent.name, abort_invalid=True)
    compiled = source.with_suffix(".mo")
    unfinished = compiled.with_suffix(f".{os.getpid()}")
    with unfinished.open("wb") as opened:
        write_mo(opened, catalogue)
    unfinished.replace(compiled)
    return compiled


def main() -> int:
    for source in stale():
        compile_file(source)
    return 0


if __name__ == "__main__":
    sys.exit(main())
