"""Set-up's dealings with the system, with stand-ins for its package manager."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from prm.local import machine
from prm.local.places import CHECKOUT

APT = '#!/bin/sh\necho "$@" >> "$APT_CALLS"\n'


@pytest.fixture
def setup() -> ModuleType:
    spec = importlib.util.spec_from_file_location("setup_script", CHECKOUT / "scripts/setup.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def bare(setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """A machine without a browser, where nothing may be installed."""
    monkeypatch.setattr(machine, "find_browser", lambda: None)
    monkeypatch.setattr(machine, "missing_for_pdf", list)
    monkeypatch.setattr(setup, "install_browser", lambda: None)
    monkeypatch.setattr(setup, "make_environment", lambda: None)
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["setup.py", "--for", "test"])
    return setup


def test_a_missing_browser_is_one_line_on_a_desk(
    bare: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert bare.main() == 0
    assert capsys.readouterr().out.splitlines()[-1] == (
        "  Not installed: run `sudo apt-get install chromium` (or your system's like)."
        " Browser tests are skipped."
    )


def test_a_missing_browser_is_a_failure_in_ci(
    bare: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    assert bare.main() == 1


def test_the_demo_does_not_ask_for_a_browser(
    bare: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(sys, "argv", ["setup.py", "--for", "demo"])
    assert bare.main() == 0


def test_a_missing_pdf_library_is_a_failure_in_ci(
    bare: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "missing_for_pdf", lambda: ["libpango-1.0.so.0"])
    monkeypatch.setattr(machine, "find_browser", lambda: Path("/usr/bin/chromium"))
    monkeypatch.setattr(bare, "install_from_system", lambda *_, **__: False)
    monkeypatch.setenv("CI", "true")
    assert bare.main() == 1


def test_packages_are_installed_without_recommendations(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "apt-get").write_text(APT)
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("APT_CALLS", str(tmp_path / "calls"))
    monkeypatch.setattr(setup, "privilege", list)
    assert setup.install_from_system({"apt": ["libpango-1.0-0"]}, timeout=10)
    assert (tmp_path / "calls").read_text() == (
        "-qq install -y --no-install-recommends libpango-1.0-0\n"
    )


def test_without_the_right_nothing_is_installed(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "apt-get").write_text(APT)
    (tmp_path / "apt-get").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("APT_CALLS", str(tmp_path / "calls"))
    monkeypatch.setattr(setup, "privilege", lambda: None)
    assert not setup.install_from_system({"apt": ["libpango-1.0-0"]}, timeout=10)
    assert not (tmp_path / "calls").exists()


def test_a_named_browser_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(browser))
    assert machine.find_browser() == browser


def test_the_own_servers_need_no_package_to_be_imported() -> None:
    # Set-up and `make clean` import them before anything is installed.
    modules = "prm.local.places, prm.local.machine, prm.local.servers, prm.local.demo"
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import {modules}"], cwd=CHECKOUT, check=False
    )
    assert done.returncode == 0
