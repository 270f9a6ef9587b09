"""A small export, made up for the tests, that each test may damage."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

FILES = {
    "accounts.csv": [
        "account,sector,year_established,revenue,employees,office_location,subsidiary_of",
        "Borealis Foods,technolgy,1996,1100.04,2822,Philipines,NULL",
        "Acorn Tools Ltd,retail,2001,10.5,90,United Kingdom,Borealis Foods",
        "Cinder Rail,retail,2004,7,12,Norway,NULL",
    ],
    "sales_teams.csv": [
        "sales_agent,manager,regional_office",
        "Ana Sá,Mo Farrow,East",
        "Ben Okri,Mo Farrow,East",
        "Cleo Hart,Zoë Lang,West",
    ],
    "sales_pipeline.csv": [
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value",
        "W1,Ana Sá,GTX Basic,Borealis Foods,Won,2016-10-20,2017-03-01,1054",
        "W2,Cleo Hart,GTXPro,Acorn Tools Ltd,Won,2016-11-01,2017-02-01,446",
        "L1,Ana Sá,MG Pro,Cinder Rail,Lost,2016-10-20,2017-01-15,0",
        "E1,Ben Okri,GTX Basic,Cinder Rail,Engaging,2017-04-02,,-1",
        "P1,Ben Okri,GTX Basic,Cinder Rail,Prospecting,,,-1",
        "N1,Ana Sá,GTX Basic,,Engaging,2017-05-05,,-1",
    ],
}
Run = Callable[..., str]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    folder = tmp_path / "export"
    folder.mkdir()
    for name, lines in FILES.items():
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def add_line(folder: Path, name: str, line: str) -> None:
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


@pytest.fixture
def run(db, export: Path) -> Run:
    """Runs the command on the export; answers with what it printed."""

    def run(*options: str) -> str:
        output = io.StringIO()
        call_command("import_crm", str(export), *options, stdout=output)
        return output.getvalue()

    return run


def report_of(run: Run, tmp_path: Path) -> list[dict[str, str]]:
    run("--report", str(tmp_path / "report.csv"))
    with (tmp_path / "report.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
