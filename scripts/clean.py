"""Remove what set-up and running made: .venv, .local and caches, also outside the checkout.

Refuses while the own servers run. Needs nothing but Python 3.11.
"""

import contextlib
import fcntl
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from prm.local.places import HOMES, checkout_key, short_folder  # noqa: E402

MADE_HERE = (
    ".venv",
    ".local",
    "staticfiles",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".import_linter_cache",
    ".hypothesis",
)


def main() -> int:
    if used := [lock.parent.name for lock in ROOT.glob(".local/*/lock") if is_held(lock)]:
        print(f"Still running: {', '.join(used)}. Stop it first (Ctrl-C where it was started).")
        return 1
    for folder in [*(ROOT / name for name in MADE_HERE), short_folder(ROOT), *homes()]:
        if folder.exists():
            shutil.rmtree(folder)
            print(f"removed {folder}")
    for shared in HOMES:
        with contextlib.suppress(OSError):  # other checkouts may have theirs in it
            shared.rmdir()
    for compiled in ROOT.glob("locale/*/LC_MESSAGES/*.mo"):
        compiled.unlink()
    for cache in ROOT.rglob("__pycache__"):
        shutil.rmtree(cache, ignore_errors=True)
    return 0


def is_held(lock: Path) -> bool:
    with lock.open("rb") as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def homes() -> list[Path]:
    """Folders that root's servers had elsewhere: this checkout's, and those of vanished ones."""
    found = [home for parent in HOMES for home in parent.glob("*/checkout")]
    gone = [home.parent for home in found if not Path(home.read_text().strip()).exists()]
    return [*gone, *(parent / checkout_key(ROOT) for parent in HOMES)]


if __name__ == "__main__":
    sys.exit(main())
