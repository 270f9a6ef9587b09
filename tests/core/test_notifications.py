"""The reader's own notifications."""

import pytest
from django.test import Client
from django.urls import reverse

from core.account_facts import AccountOpened
from core.actor import system
from core.events import record
from core.models import Notification, User
from core.notify import notify
from tests.cast import Cast


def tell(user: User, url: str = "/deals/", title: str = "Approved") -> Notification:
    event = record(AccountOpened(user.email), subject=user, actor=system("test"))
    notify(event, [user], title=title, url=url)
    return Notification.objects.get(event=event)


@pytest.fixture
def jonas(client: Client, cast: Cast) -> Client:
    client.force_login(cast.jonas)
    return client


def test_list_shows_own_notifications_newest_first(jonas, cast: Cast):
    for title in ("First", "Second"):
        tell(cast.jonas, title=title)
    tell(cast.bo, title="Foreign")
    page = jonas.get(reverse("notifications")).content.decode()
    assert page.index("Second") < page.index("First")
    assert "Foreign" not in page


def test_opening_counts_as_read_once_and_leads_there(jonas, cast: Cast):
    row = tell(cast.jonas, url="/deals/?q=x")
    assert jonas.get(reverse("notification_open", args=[row.pk])).url == "/deals/?q=x"
    row.refresh_from_db()
    first = row.read_at
    assert first is not None
    jonas.get(reverse("notification_open", args=[row.pk]))
    row.refresh_from_db()
    assert row.read_at == first


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""]
)
def test_opening_never_leads_to_another_site(jonas, cast: Cast, url):
    row = tell(cast.jonas)
    Notification.objects.filter(pk=row.pk).update(url=url)
    assert jonas.get(reverse("notification_open", args=[row.pk])).url == reverse("notifications")


def test_foreign_and_missing_notifications_look_the_same(jonas, cast: Cast):
    row = tell(cast.bo)
    codes = [
        jonas.get(f"/notifications/{number}/").status_code for number in (row.pk, 10**9, 10**30)
    ]
    assert codes == [404, 404, 404]
    row.refresh_from_db()
    assert row.read_at is None


def test_reading_all_reads_only_own(jonas, cast: Cast):
    own, foreign = tell(cast.jonas), tell(cast.bo)
    assert jonas.get(reverse("notifications_read_all")).status_code == 405
    assert jonas.post(reverse("notifications_read_all")).url == reverse("notifications")
    own.refresh_from_db()
    foreign.refresh_from_db()
    assert own.read_at is not None
    assert foreign.read_at is None


def test_long_list_goes_on_without_gaps(jonas, cast: Cast):
    made = [tell(cast.jonas).pk for _each in range(31)]
    first = jonas.get(reverse("notifications")).context["page"]
    second = jonas.get(f"{reverse('notifications')}?before={first.older}").context["page"]
    assert [row.pk for row in (*first.rows, *second.rows)] == made[::-1]
    assert second.older is None


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "٣", "%00", ""])
def test_odd_places_to_go_on_from_show_the_newest_or_nothing(jonas, cast: Cast, before):
    tell(cast.jonas)
    assert jonas.get(f"{reverse('notifications')}?before={before}").status_code in (200, 400)


def test_empty_list_says_what_will_be_here(jonas):
    assert "Nothing yet" in jonas.get(reverse("notifications")).content.decode()
