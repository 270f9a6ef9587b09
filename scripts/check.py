"""Everything that can be said about the code without running its tests: `make check`.

All steps run, also after one failed; the end says which did.
"""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = [sys.executable]
MANAGE = [sys.executable, "manage.py"]


@dataclass(frozen=True)
class Step:
    title: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def steps() -> Iterator[Step]:
    test = {"PRM_ENV": "test", "PRM_LOCAL_INSTANCE": "test"}
    yield Step("format", [*PYTHON, "-m", "ruff", "format", "--check", "."])
    yield Step("lint", [*PYTHON, "-m", "ruff", "check", "."])
    djade = [str(Path(sys.executable).with_name("djade")), "--check", "--target-version", "5.2"]
    yield Step("templates", [*djade, *sorted(map(str, ROOT.glob("templates/**/*.html")))])
    yield Step("types", [*PYTHON, "-m", "mypy"], test)
    linter = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    yield Step("layers", [*PYTHON, "-c", linter])
    yield Step("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"], test)
    deploy = [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"]
    yield Step("production settings", deploy, production())


def production() -> dict[str, str]:
    """A production environment: the values of .env.example and a key that nobody knows."""
    values = dict(
        line.split("=", 1)
        for line in (ROOT / ".env.example").read_text().splitlines()
        if "=" in line and not line.startswith("#")
    )
    given = {name: value for name, value in values.items() if value}
    return {**given, "PRM_ENV": "production", "SECRET_KEY": secrets.token_urlsafe(50)}


def passes(step: Step) -> bool:
    print(f"· {step.title}", flush=True)
    began = time.monotonic()
    done = subprocess.run(
        step.command,
        cwd=ROOT,
        env={**os.environ, **step.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stdout.rstrip())
    verdict = "failed" if done.returncode else "fine"
    print(f"  {verdict} ({time.monotonic() - began:.1f} s)", flush=True)
    return done.returncode == 0


def main() -> int:
    failed = [step.title for step in steps() if not passes(step)]
    print(f"\nFailed: {', '.join(failed)}." if failed else "\nAll checks pass.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
