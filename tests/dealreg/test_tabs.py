"""The pages about one deal: each its own address, one head and one row of tabs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.events import record
from core.models import Event
from dealreg import queries
from dealreg.events import FileAttached
from dealreg.services import attach_file
from dealreg.tabs import DealTab, declare_tab, tabs_of

pytestmark = pytest.mark.django_db

PAGES = ("deal_detail", "deal_evidence", "deal_timeline")


def upload(name="plan.csv"):
    return SimpleUploadedFile(name, b"hall;size\n")


@pytest.mark.parametrize("name", PAGES)
def test_each_page_shows_the_head_and_which_tab_it_is(jonas, registered, name):
    deal = registered()
    url = reverse(name, args=[deal.pk])
    text = jonas.get(url).content.decode()

    assert "<h1>Nordwind Logistics GmbH</h1>" in text
    assert f'<a href="{url}" aria-current="page">' in text
    assert [text.count(reverse(other, args=[deal.pk])) > 0 for other in PAGES] == [True] * 3


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_cost_the_same_with_many_events_and_files(
    jonas, registered, cast, name, django_assert_max_num_queries
):
    deal = registered()
    for number in range(40):
        attach_file(actor=cast.actor(cast.jonas), deal_id=deal.pk, upload=upload(f"{number}.csv"))

    with django_assert_max_num_queries(15):
        assert jonas.get(reverse(name, args=[deal.pk])).status_code == 200


def test_a_file_is_attached_and_refused_on_the_evidence_page(jonas, registered):
    deal = registered()
    attach = reverse("deal_attach", args=[deal.pk])
    page = jonas.post(attach, {"upload": upload()}, follow=True)

    assert page.redirect_chain[-1][0] == reverse("deal_evidence", args=[deal.pk])
    assert "plan.csv" in page.content.decode()
    refused = jonas.post(attach, {"upload": upload("run.exe")})
    assert (refused.status_code, len(refused.context["files"])) == (422, 1)


def test_the_timeline_pages_through_everything_once(jonas, registered, cast):
    deal = registered()
    for number in range(70):
        fact = FileAttached(name=f"file {number}", file_id="")
        record(fact, subject=deal, actor=cast.actor(cast.jonas), partner_id=deal.partner_id)
    seen, url = [], reverse("deal_timeline", args=[deal.pk])
    happened = jonas.get(url).context["happened"]
    while happened:
        seen += [entry.sentence for entry in happened.entries]
        older = happened.older
        happened = jonas.get(url, {"after": older}).context["happened"] if older else None

    assert (
        len(seen)
        == len(set(seen))
        == Event.objects.filter(subject_type="dealreg.deal", subject_id=deal.pk).count()
    )
    assert "file 69" in seen[0]


def test_a_foreign_cursor_shows_the_first_page(jonas, registered):
    deal = registered()
    page = jonas.get(reverse("deal_timeline", args=[deal.pk]), {"after": "x:y:z"})

    assert len(page.context["happened"].entries) > 0


def test_a_tab_is_shown_where_it_says_so(cast, registered, monkeypatch):
    head = queries.deal_head(cast.actor(cast.jonas), registered().pk)
    monkeypatch.setattr("dealreg.tabs._tabs", [])
    declare_tab(DealTab("late", "late", "deal_detail", lambda _: True, 9))
    declare_tab(DealTab("never", "never", "deal_detail", lambda _: False, 2))
    declare_tab(DealTab("first", "first", "deal_detail", lambda _: True, 1))

    tabs = tabs_of(head, "late")
    assert [(tab.label, tab.current) for tab in tabs] == [("first", False), ("late", True)]


def test_a_name_is_declared_once(monkeypatch):
    monkeypatch.setattr("dealreg.tabs._tabs", [])
    tab = DealTab("twice", "Twice", "deal_detail", lambda _: True, 1)
    declare_tab(tab)

    with pytest.raises(ValueError, match="declared twice"):
        declare_tab(tab)
