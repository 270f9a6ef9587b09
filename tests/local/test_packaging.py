"""What stands in the files that set up, build and compose the portal."""

import re
import subprocess
from typing import Any

import pytest
import yaml

from prm.local.places import CHECKOUT

COMPOSE: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
OURS = ("web", "worker", "beat", "migrate")


def test_make_alone_lists_every_target() -> None:
    done = subprocess.run(["make"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    listed = {line.split()[0] for line in done.stdout.splitlines()[1:]}
    promised = "demo run test test-slow bench check fmt shell clean setup screenshots requirements"
    assert set(promised.split()) <= listed


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_pinned_package_has_hashes_and_none_an_address(name: str) -> None:
    text = (CHECKOUT / name).read_text()
    pinned = re.findall(r"^[a-z][\w.\[\]-]*==\S+.*(?:\n\s+.*)*", text, re.MULTILINE)
    assert len(pinned) > 50
    assert [each.split()[0] for each in pinned if "--hash=sha256:" not in each] == []
    assert re.findall(r"https?://|--index-url|--find-links", text) == []


def test_the_portals_containers_have_no_rights_and_no_writable_root() -> None:
    for name in OURS:
        service = COMPOSE["services"][name]
        assert (service["read_only"], service["tmpfs"]) == (True, ["/tmp"])
        assert service["cap_drop"] == ["ALL"]


def test_everything_that_stays_up_is_looked_after() -> None:
    staying = set(COMPOSE["services"]) - {"migrate"}
    assert staying == {"web", "worker", "beat", "postgres", "redis"}
    assert all("healthcheck" in COMPOSE["services"][name] for name in staying)


def test_nothing_starts_before_the_database_is_migrated() -> None:
    for name in ("web", "worker", "beat"):
        needs = COMPOSE["services"][name]["depends_on"]
        assert needs["migrate"]["condition"] == "service_completed_successfully"
    assert COMPOSE["services"]["migrate"]["restart"] == "no"


def test_the_data_lie_in_named_volumes() -> None:
    mounted = {
        name: [volume.split(":")[0] for volume in COMPOSE["services"][name]["volumes"]]
        for name in ("web", "postgres", "redis")
    }
    assert mounted == {"web": ["media"], "postgres": ["postgres"], "redis": ["redis"]}
    assert set(COMPOSE["volumes"]) == {"media", "postgres", "redis"}


def test_the_image_runs_as_nobody_in_particular() -> None:
    lines = (CHECKOUT / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("FROM")] == [
        "FROM python:3.11-slim AS packages",
        "FROM python:3.11-slim",
    ]
    assert [line for line in lines if line.startswith("USER")] == ["USER prm"]


def test_every_variable_that_compose_asks_for_is_explained() -> None:
    asked = re.findall(r"\$\{(\w+)", (CHECKOUT / "docker-compose.yml").read_text())
    example = (CHECKOUT / ".env.example").read_text()
    assert [name for name in asked if f"\n{name}=" not in example] == []
