"""The floors and rooms hold, and the checks that say so would notice if they did not."""

import ast
import subprocess
import sys
import textwrap
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PURE_FROM_DJANGO = {
    "django.db.models": {"TextChoices", "IntegerChoices"},
    "django.utils.translation": {"gettext", "gettext_lazy", "ngettext"},
    "django.utils.functional": {"Promise"},
    # How numbers and days are written belongs to the words.
    "django.utils.formats": {"date_format", "number_format"},
    "django.utils.timezone": {"localtime"},
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


def sample(folder: Path, files: dict[str, str]) -> None:
    """A project with our contracts and nothing but `files`."""
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    apps = ours["root_packages"]
    lines = ["[importlinter]", "root_packages =", *(f"    {app}" for app in apps)]
    for contract in ours["contracts"]:
        lines += ["", f"[importlinter:contract:{contract.pop('id')}]"]
        for key, value in contract.items():
            listed = (
                "".join(f"\n    {item}" for item in value) if isinstance(value, list) else value
            )
            lines.append(f"{key} = {listed}")
        named = contract.get("protected_modules", []) + contract.get("source_modules", [])
        for module in named + contract.get("forbidden_modules", []):
            path = folder / f"{module.replace('.', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    (folder / ".importlinter").write_text("\n".join(lines))
    for app in apps:
        (folder / app).mkdir(exist_ok=True)
        (folder / app / "__init__.py").touch()
    for name, text in files.items():
        (folder / name).write_text(textwrap.dedent(text))


def test_our_imports_keep_the_contracts():
    assert "0 broken" in lint(ROOT).stdout


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("core/queries.py", "import partners.queries"),
        ("partners/queries.py", "def late():\n    import dealreg.queries"),
        ("dealreg/queries.py", "from partners.models import Partner"),
        ("analytics/queries.py", "from dealreg.matching import find_similar"),
        ("dealreg/rules.py", "import dealreg.models"),
    ],
)
def test_a_wrong_import_breaks_a_contract(tmp_path, name, text):
    sample(tmp_path, {name: text})

    assert "1 broken" in lint(tmp_path).stdout


def test_a_right_import_breaks_none(tmp_path):
    sample(tmp_path, {"dealreg/queries.py": "import partners.queries, core.models"})

    assert "0 broken" in lint(tmp_path).stdout


def impure_imports(source: str) -> Iterator[str]:
    """What a rules module imports from Django beyond words and choices."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django"):
            allowed = PURE_FROM_DJANGO.get(node.module or "", set())
            yield from (f"{node.module}.{a.name}" for a in node.names if a.name not in allowed)
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.startswith("django"))


def test_rules_take_only_words_and_choices_from_django():
    rules = [*ROOT.glob("*/rules.py"), *ROOT.glob("*/rules/*.py")]
    found = {path.name: list(impure_imports(path.read_text())) for path in rules}

    assert len(rules) > 5
    assert {name: bad for name, bad in found.items() if bad} == {}


def test_an_impure_rule_is_noticed():
    assert list(impure_imports("from django.utils import timezone")) == ["django.utils.timezone"]
    assert list(impure_imports("from django.db.models import TextChoices")) == []


def tables_touched(source: str) -> int:
    return source.count(".objects")


def test_outer_rooms_do_not_touch_tables():
    outer = [
        path
        for app in ("core", "partners", "dealreg", "analytics", "integrations")
        for pattern in ("views.py", "views/*.py", "api/views.py", "admin.py", "admin/*.py")
        for path in (ROOT / app).glob(pattern)
    ]

    assert len(outer) > 5
    assert {
        str(p.relative_to(ROOT)): n for p in outer if (n := tables_touched(p.read_text()))
    } == {}
    assert tables_touched("Deal.objects.get(pk=1)") == 1
