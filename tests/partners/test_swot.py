"""Strengths and weaknesses: four lists, both sides write, every change is a version."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse

from core.models import Event
from partners.models import SwotPoint
from partners.queries import actor_for, swot
from partners.rules.swot import Quadrant
from partners.services import swot as services
from partners.services.swot import StalePoint, SwotRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(cast):
    def add(text="Knows the ports", by=None, quadrant=Quadrant.STRENGTH):
        return services.add_point(
            actor=actor_for(by or cast.ada),
            partner_id=cast.alpha.pk,
            quadrant=quadrant,
            text=text,
        )

    return add


def texts(cast, version=None):
    page = swot.swot_page(actor_for(cast.jonas), cast.alpha.pk, version)
    return {one.quadrant: [point.text for point in one.points] for one in page.lists if one.points}


def test_both_sides_add_and_it_says_who(cast, line):
    line()
    line("No people in Oslo", cast.mara, Quadrant.WEAKNESS)

    assert texts(cast) == {"strength": ["Knows the ports"], "weakness": ["No people in Oslo"]}
    rows = SwotPoint.objects.order_by("pk").values_list("side", "added_by_label")
    assert list(rows) == [("partner", "Ada"), ("vendor", "Mara")]


def test_each_change_is_a_version_and_older_ones_stay(cast, line):
    first = line()
    changed = services.change_point(
        actor=actor_for(cast.mara), point_id=first.pk, text="Knows all ports"
    )
    services.remove_point(actor=actor_for(cast.ada), point_id=changed.pk)

    assert [texts(cast, number) for number in (0, 1, 2, 3)] == [
        {},
        {"strength": ["Knows the ports"]},
        {"strength": ["Knows all ports"]},
        {},
    ]
    page = swot.swot_page(actor_for(cast.ada), cast.alpha.pk)
    assert [(one.number, one.who, one.added, one.removed) for one in page.versions] == [
        (3, "Ada", "", "Knows all ports"),
        (2, "Mara", "Knows all ports", "Knows the ports"),
        (1, "Ada", "Knows the ports", ""),
    ]


def test_who_read_an_older_line_is_told_what_it_says_now(cast, line):
    first = line()
    services.change_point(actor=actor_for(cast.mara), point_id=first.pk, text="Newer")
    with pytest.raises(StalePoint) as stale:
        services.change_point(actor=actor_for(cast.ada), point_id=first.pk, text="Mine")

    assert stale.value.now == "Newer"
    assert texts(cast) == {"strength": ["Newer"]}


def test_the_same_again_changes_nothing(cast, line):
    first, events = line(), Event.objects.count()
    assert services.change_point(
        actor=actor_for(cast.ada), point_id=first.pk, text=" Knows  the ports "
    ) == first  # fmt: skip
    assert Event.objects.count() == events


@pytest.mark.parametrize(
    ("who", "raised"),
    [
        ("jonas", PermissionDenied),
        ("chiara", PermissionDenied),
        ("bo", Http404),
        ("olga", Http404),
    ],
)
def test_others_change_nothing(cast, line, who, raised):
    point, actor = line(), actor_for(getattr(cast, who))
    for act in (
        lambda: services.change_point(actor=actor, point_id=point.pk, text="x"),
        lambda: services.remove_point(actor=actor, point_id=point.pk),
        lambda: line("x", getattr(cast, who)),
    ):
        with pytest.raises(raised):
            act()
    assert texts(cast) == {"strength": ["Knows the ports"]}


def test_a_list_has_an_end(cast, line, monkeypatch):
    monkeypatch.setattr(services, "MOST_POINTS", 1)
    line()
    with pytest.raises(SwotRefused):
        line("Another")
    with pytest.raises(SwotRefused):
        line("  ")


def test_the_pages(client, cast):
    client.force_login(cast.ada)
    client.post("/plan/swot/add/", {"quadrant": "threat", "text": "A new rival"})
    point = SwotPoint.objects.get()
    client.post(f"/plan/swot/{point.pk}/change/", {"text": "Two rivals"})
    assert "Two rivals" in client.get("/plan/swot/").content.decode()
    old = client.get("/plan/swot/?version=1").content.decode()
    assert "This is version 1" in old
    client.force_login(cast.mara)
    base = "/admin/partners/swotpoint/"
    client.post(f"{base}of/{cast.alpha.pk}/add/", {"quadrant": "strength", "text": "Speed"})
    client.post(f"{base}{SwotPoint.objects.get(text='Speed').pk}/save/", {"text": "Great speed"})
    client.post(f"{base}{SwotPoint.objects.get(text='Two rivals').pk}/remove/")
    assert "Great speed" in client.get(f"{base}of/{cast.alpha.pk}/").content.decode()
    assert texts(cast) == {"strength": ["Great speed"]}


def test_programs(client, cast):
    as_json = {"content_type": "application/json"}
    client.force_login(cast.ada)
    made = client.post("/api/v1/swot/", {"quadrant": "threat", "text": "A rival"}, **as_json)
    path = f"/api/v1/swot/{made.json()['points'][0]['id']}/"
    assert client.put(path, {"text": "Two"}, **as_json).json()["version"] == 2
    assert client.put(path, {"text": "Three"}, **as_json).status_code == 409
    assert client.get("/api/v1/swot/?version=1").json()["points"][0]["text"] == "A rival"


def test_the_page_costs_the_same_with_many_lines_and_versions(
    client, cast, line, django_assert_max_num_queries
):
    for number in range(12):
        made = line(f"Line {number}", quadrant=list(Quadrant)[number % 4])
        services.change_point(actor=actor_for(cast.mara), point_id=made.pk, text=f"New {number}")
    client.force_login(cast.ada)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("swot")).content.decode()
    assert "New 11" in page
