"""python -m bench [--only S2,S7] [--scale small|full]

Exit 1 when a benchmark broke, or missed its goal at full scale; small only shows that
it works, full is the figure that counts.
"""

import argparse
import os
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import cast

import django
from django.core.management import call_command

from bench import harness
from prm.local.servers import own_servers

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / ".local" / "bench.json"


def main() -> int:
    arguments = argparse.ArgumentParser(prog="bench", description=__doc__)
    arguments.add_argument("--only", default="", help="ids, separated by commas; default: all")
    arguments.add_argument("--scale", choices=["small", "full"], default="small")
    given = arguments.parse_args()
    try:
        chosen = harness.choose(harness.find_benchmarks(HERE), given.only)
    except harness.UnknownBenchmarkError as error:
        print(error)
        return 2
    with servers():
        prepare()
        rows = harness.run(chosen, cast(harness.Scale, given.scale))
    harness.write(rows, TARGET)
    print(f"\n{harness.table(rows)}\n\nscale {given.scale}; written to .local/bench.json")
    broken = any(row.value is None for row in rows)
    missed = given.scale == "full" and any(not row.ok for row in rows)
    return 1 if broken or missed else 0


def servers() -> AbstractContextManager[object]:
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return nullcontext()
    os.environ["PRM_LOCAL_INSTANCE"] = "bench"
    return own_servers("bench")


def prepare() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prm.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
