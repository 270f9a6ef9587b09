import pytest
from django.utils import translation
from django.utils.functional import lazy

from core.models import Notification, OutgoingMail, User
from core.notify import notify
from tests.core.trial import note


@pytest.fixture
def event(olga, kinds):
    return note("news", subject=olga)[0]


def tell(event, *users, **how) -> int:
    how.setdefault("title", "Approved")
    return notify(event, users, body="Well done.", url="/deals/7/", **how)


def test_a_reader_is_told_in_the_portal_and_by_mail(event, olga):
    assert tell(event, olga) == 1

    notification = Notification.objects.get()
    assert (notification.user, notification.title, notification.url) == (
        olga, "Approved", "/deals/7/",
    )  # fmt: skip
    mail = OutgoingMail.objects.get()
    assert (mail.to_address, mail.subject) == ("olga@cast.example", "Approved")
    assert "http://127.0.0.1:8000/deals/7/" in mail.text


def test_nobody_is_told_twice_about_one_event(event, olga):
    tell(event, olga)

    assert tell(event, olga, title="Again") == 0
    assert Notification.objects.get().title == "Approved"
    assert OutgoingMail.objects.count() == 1


def test_who_was_added_later_is_told_too(event, olga):
    ada = User.objects.create_user("ada@cast.example")
    tell(event, olga)

    assert tell(event, olga, ada) == 1
    assert set(Notification.objects.values_list("user__email", flat=True)) == {
        "olga@cast.example", "ada@cast.example",
    }  # fmt: skip


def test_who_wants_no_mail_is_told_in_the_portal_only(event, olga):
    olga.mail_notifications = False

    assert tell(event, olga) == 1
    assert Notification.objects.count() == 1
    assert not OutgoingMail.objects.exists()


def test_a_closed_account_is_told_nothing(event, olga):
    olga.is_active = False

    assert tell(event, olga) == 0
    assert not Notification.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_words_are_in_each_readers_language(event, olga):
    title = lazy(lambda: f"spoken in {translation.get_language()}", str)()
    olga.language = "de"

    tell(event, olga, title=title)

    assert Notification.objects.get().title == "spoken in de"
    assert OutgoingMail.objects.get().subject == "spoken in de"


def test_the_mail_has_full_links_on_the_portals_own_address_only(event, olga, settings):
    settings.SITE_URL = "https://partners.example"

    tell(event, olga)

    assert 'href="https://partners.example/deals/7/"' in OutgoingMail.objects.get().html
