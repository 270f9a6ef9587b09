"""Set this checkout up: a virtual environment, the packages, the system's libraries.

Needs nothing but Python 3.11; safe to run again, quick when there is nothing to do.
    python3 scripts/setup.py [--for demo|test]
The demo wants libraries for PDF files, tests want a browser too. Where the system's
package manager may be used (apt as root or with sudo, brew) they are installed;
else one line says what to install. With CI=true what is missing is a failure.
"""

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

REQUIREMENTS = ROOT / "requirements-dev.txt"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"
OLDEST = (3, 11)
PDF_PACKAGES = {
    "apt": ["libpango-1.0-0", "libpangoft2-1.0-0", "libfontconfig1", "fonts-dejavu-core"],
    "brew": ["pango", "fontconfig"],
}
BROWSER_PACKAGES = {"apt": ["chromium"], "brew": ["--cask", "chromium"]}


class SetUpError(Exception):
    """Set-up cannot go on; the message says what to do."""


def say(text: str) -> None:
    print(text, flush=True)


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--for", dest="purpose", choices=["demo", "test"], default="test")
    purpose = arguments.parse_args().purpose
    if sys.version_info < OLDEST:
        say("PRM needs Python 3.11 or newer; PYTHON=/path/to/python3.11 names one for make.")
        return 1
    try:
        with alone():
            make_environment()
            compile_messages()
            missing = fit_system(purpose)
    except SetUpError as error:
        say(f"Set-up stopped: {error}")
        return 1
    return 1 if missing and os.environ.get("CI") == "true" else 0


@contextmanager
def alone() -> Iterator[None]:
    """One set-up of a checkout at a time."""
    folder = ROOT / ".local"
    folder.mkdir(exist_ok=True)
    with (folder / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# Python


def make_environment() -> None:
    """The virtual environment with exactly the pinned packages."""
    if not usable(PYTHON):
        began = time.monotonic()
        create_venv()
        say(f"· Python environment made in .venv ({time.monotonic() - began:.0f} s)")
    version = run_quietly([str(PYTHON), "--version"]).stdout.strip()
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes() + version.encode()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    install_packages()
    STAMP.write_text(wanted)


def usable(python: Path) -> bool:
    check = f"import pip, sys; sys.exit(sys.version_info < {OLDEST})"
    return python.exists() and run_quietly([str(python), "-c", check]).returncode == 0


def create_venv() -> None:
    if run_quietly([sys.executable, "-c", "import ensurepip, venv"]).returncode:
        # Debian and Ubuntu put these into a package of their own.
        version = f"python3.{sys.version_info.minor}-venv"
        if not install_from_system({"apt": [version]}, timeout=300):
            raise SetUpError(f"this Python cannot make environments; install {version}.")
    made = run_quietly([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if made.returncode:
        raise SetUpError(f"no environment could be made:\n{made.stdout}{made.stderr}")


def install_packages() -> None:
    """Install what is pinned, by hash; progress in words, pip's own output only on failure."""
    say("· Installing the Python packages")
    began = time.monotonic()
    options = ["--require-hashes", "--no-deps", "--no-input", "--no-compile", "--progress-bar=off"]
    options += ["--disable-pip-version-check", "--no-warn-script-location"]
    command = [str(PYTHON), "-m", "pip", "install", *options, "-r", str(REQUIREMENTS)]
    output: list[str] = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT
    ) as pip:
        for line in pip.stdout or ():
            output.append(line)
            show_progress(line, sum(1 for each in output if each.startswith("Collecting ")))
    if pip.returncode:
        raise SetUpError("pip cannot install the packages:\n" + "".join(output[-15:]))
    say(f"· Packages are installed ({time.monotonic() - began:.0f} s)")


def show_progress(line: str, collected: int) -> None:
    if line.startswith("Collecting ") and collected % 25 == 0:
        say(f"    {collected} fetched")
    elif line.startswith("Installing collected packages"):
        say("    unpacking")


def compile_messages() -> None:
    """Translations as Django reads them; at once when there is nothing new."""
    sources = ROOT.glob("locale/*/LC_MESSAGES/*.po")
    if all(is_compiled(source) for source in sources):
        return
    done = run_quietly([str(PYTHON), "-m", "prm.messages"], cwd=ROOT)
    if done.returncode:
        raise SetUpError(f"the translations cannot be compiled:\n{done.stdout}{done.stderr}")


def is_compiled(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime


# System


def fit_system(purpose: str) -> list[str]:
    """What is still missing after trying to install it."""
    from prm.local.machine import find_browser, missing_for_pdf  # noqa: PLC0415 (Python ≥ 3.11)

    missing = []
    if lacks := missing_for_pdf():
        say(f"· PDF files need {', '.join(lacks)}")
        if not install_from_system(PDF_PACKAGES, timeout=300) or missing_for_pdf():
            missing.append("PDF libraries")
            say(f"  Not installed: {advice(PDF_PACKAGES)} PDF files cannot be made.")
    if purpose == "test" and not find_browser():
        say("· Browser tests need Chromium")
        install_browser()
        if not find_browser():
            missing.append("Chromium")
            say(f"  Not installed: {advice(BROWSER_PACKAGES)} Browser tests are skipped.")
    return missing


def install_browser() -> None:
    """The system's Chromium; where that is only a pointer elsewhere, the one of Playwright."""
    from prm.local.machine import find_browser  # noqa: PLC0415

    install_from_system(BROWSER_PACKAGES, timeout=600)
    found = find_browser()
    if found and run_quietly([str(found), "--version"]).returncode == 0:
        return
    say("    fetching the browser of Playwright")
    run_quietly([str(PYTHON), "-m", "playwright", "install", "chromium"], timeout=600)


def install_from_system(packages: dict[str, list[str]], timeout: float) -> bool:
    """Install with the system's package manager if that is allowed without a question."""
    if shutil.which("apt-get") and "apt" in packages:
        sudo = privilege()
        if sudo is None:
            return False
        names = packages["apt"]
        say(f"    apt-get install {' '.join(names)}")
        apt = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
        install = [*apt, "install", "-y", "--no-install-recommends", *names]
        # The lists may be missing (a bare container) or old; refreshing them takes a while.
        return run_quietly(install, timeout).returncode == 0 or (
            run_quietly([*apt, "update"], timeout).returncode == 0
            and run_quietly(install, timeout).returncode == 0
        )
    if shutil.which("brew") and "brew" in packages:
        say(f"    brew install {' '.join(packages['brew'])}")
        return run_quietly(["brew", "install", *packages["brew"]], timeout).returncode == 0
    return False


def privilege() -> list[str] | None:
    """What goes before a command that root must run; None when we may not."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and run_quietly(["sudo", "-n", "true"]).returncode == 0:
        return ["sudo", "-n"]
    return None


def advice(packages: dict[str, list[str]]) -> str:
    if sys.platform == "darwin":
        return f"run `brew install {' '.join(packages['brew'])}`."
    return f"run `sudo apt-get install {' '.join(packages['apt'])}` (or your system's like)."


def run_quietly(
    command: Sequence[str], timeout: float = 120, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
            stdin=subprocess.DEVNULL,
            cwd=cwd,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, 1, "", str(error))


if __name__ == "__main__":
    sys.exit(main())
