"""Otto looks after people, tokens, rates, look and record in the back office."""

import datetime as dt
from decimal import Decimal

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.actor import Actor, ActorKind
from core.events import record
from core.facts import RowAdded
from core.models import (
    ApiToken,
    Branding,
    Event,
    EventDelivery,
    ExchangeRate,
    OutgoingMail,
    QueueState,
    User,
)
from core.tokens import find_token
from tests.cast import token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client, cast):
    client.force_login(cast.otto)
    return client


def act(office, table, action, *rows):
    address = reverse(f"admin:{table}_changelist")
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return office.post(address, data, follow=True)


PERSON = {"name": "Nils", "language": "en", "time_zone": "Europe/Oslo", "is_staff": "on"}


def test_a_new_account_has_no_password_and_tells_nobody(office, mailoutbox):
    office.post(reverse("admin:core_user_add"), {**PERSON, "email": "Nils@Cast.example"})

    nils = User.objects.get(email="nils@cast.example")
    assert (nils.name, nils.is_staff, nils.is_superuser) == ("Nils", True, False)
    assert not nils.has_usable_password()
    assert (mailoutbox, OutgoingMail.objects.count()) == ([], 0)
    assert Event.objects.latest("id").kind == "core.account_opened"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"email": "otto@cast.example"}, "already exists"),
        ({"email": "nobody"}, "Enter a valid email address"),
        ({"time_zone": "Mars/Base"}, "is not a time zone"),
        ({"language": "xx"}, "Select a valid choice"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_a_wrong_account_is_not_opened(office, changes, says):
    users, events = User.objects.count(), Event.objects.count()
    form = {**PERSON, "email": "nils@cast.example", **changes}
    answer = office.post(reverse("admin:core_user_add"), form, follow=True)

    assert says in answer.content.decode()
    assert (User.objects.count(), Event.objects.count()) == (users, events)


def test_closing_an_account_ends_everything_at_once(office, cast):
    browser = Client()
    browser.post(
        reverse("account_login"), {"login": cast.jonas.email, "password": "correct-horse-battery"}
    )
    assert browser.get("/deals/").status_code == 200
    issued = token_of(cast.jonas, "deals:read")
    act(office, "core_user", "close", cast.jonas)

    assert browser.get("/deals/").status_code == 302
    assert find_token(issued.secret) is None
    assert not UserSession.objects.filter(user=cast.jonas).exists()
    assert Event.objects.latest("id").subject_id == cast.jonas.pk


def test_an_account_opens_again(office, cast):
    act(office, "core_user", "close", cast.jonas)
    act(office, "core_user", "reopen", cast.jonas)

    cast.jonas.refresh_from_db()
    assert cast.jonas.is_active
    assert Event.objects.latest("id").kind == "core.account_reopened"


def test_nobody_closes_the_account_in_use(office, cast):
    act(office, "core_user", "close", cast.otto)

    cast.otto.refresh_from_db()
    assert cast.otto.is_active


def test_operations_do_not_touch_superusers(office, cast):
    root = User.objects.create_superuser("root@cast.example", "correct-horse-battery", name="Root")
    address = reverse("admin:core_user_change", args=[root.pk])

    assert office.post(address, {**PERSON, "name": "Mine"}).status_code == 403
    assert act(office, "core_user", "close", root).status_code == 403
    root.refresh_from_db()
    assert (root.name, root.is_active) == ("Root", True)


def test_what_is_not_offered_cannot_be_set(office, cast):
    form = {
        **PERSON,
        "name": "Mara",
        "is_superuser": "on",
        "email": "mine@cast.example",
        "password": "x",
        "is_active": "",
    }
    before = cast.mara.password
    office.post(reverse("admin:core_user_change", args=[cast.mara.pk]), form)

    mara = User.objects.get(pk=cast.mara.pk)
    assert (mara.is_superuser, mara.is_active) == (False, True)
    assert (mara.email, mara.password) == ("mara@cast.example", before)
    assert Event.objects.latest("id").payload == {"changes": {"time_zone": ["UTC", "Europe/Oslo"]}}


def test_a_token_is_shown_once(office, cast):
    form = {"user": cast.jonas.pk, "label": "CRM", "scopes": ["deals:read"]}
    answer = office.post(reverse("admin:core_apitoken_add"), form)

    secret = answer.context["secret"]
    token = ApiToken.objects.get()
    assert secret in answer.content.decode()
    assert answer.headers["Cache-Control"].startswith("no-store")
    assert find_token(secret) == token
    listed = office.get(reverse("admin:core_apitoken_changelist")).content.decode()
    assert token.prefix in listed
    assert secret not in listed
    assert secret not in str(list(Event.objects.values_list("payload", flat=True)))


def test_tokens_are_revoked(office, cast):
    issued = token_of(cast.jonas, "deals:read")
    act(office, "core_apitoken", "revoke", issued.token)

    assert find_token(issued.secret) is None
    assert Event.objects.latest("id").kind == "core.api_token_revoked"


def test_rates_are_recorded(office):
    form = {"currency": "SEK", "rate": "0.087", "valid_from": "2026-11-01"}
    office.post(reverse("admin:core_exchangerate_add"), form)
    rate = ExchangeRate.objects.get()
    office.post(reverse("admin:core_exchangerate_change", args=[rate.pk]), {**form, "rate": "0.09"})
    office.post(reverse("admin:core_exchangerate_delete", args=[rate.pk]), {"post": "yes"})

    told = list(Event.objects.order_by("id").values_list("kind", "payload"))
    assert [kind for kind, _payload in told] == [
        "core.row_added",
        "core.row_changed",
        "core.row_removed",
    ]
    assert told[1][1]["changes"] == {"rate": ["0.087000000", "0.09"]}
    assert not ExchangeRate.objects.exists()


@pytest.mark.parametrize("rate", ["0", "-1", "x", "1e30", "NaN"])
def test_an_absurd_rate_is_refused(office, rate):
    form = {"currency": "SEK", "rate": rate, "valid_from": "2026-11-01"}

    assert office.post(reverse("admin:core_exchangerate_add"), form).status_code == 200
    assert not ExchangeRate.objects.exists()
    assert not Event.objects.exists()


def test_the_look_is_changed_and_seen(office):
    form = {
        "name": "Acme Partners",
        "brand_colour": "#7a1f5c",
        "accent_colour": "#0f766e",
        "support_email": "help@acme.example",
    }
    office.post(reverse("admin:core_branding_change", args=[1]), form)

    assert Branding.objects.get().brand_colour == "#7a1f5c"
    start = office.get(reverse("admin:index")).content.decode()
    assert "Acme Partners" in start
    assert "oklch(from #7a1f5c" in start
    assert Event.objects.latest("id").kind == "core.branding_changed"


def test_a_colour_that_cannot_be_read_is_refused(office):
    form = {"name": "Acme", "brand_colour": "#ffee00", "accent_colour": "#0f766e"}
    answer = office.post(reverse("admin:core_branding_change", args=[1]), form)

    assert "cannot be read well" in answer.content.decode()
    assert not Branding.objects.filter(name="Acme").exists()


def an_event(cast):
    actor = Actor(kind=ActorKind.SYSTEM, label="test")
    return record(RowAdded("thing", "x", {}), subject=cast.olga, actor=actor)


def test_parked_work_runs_again(office, cast):
    event = an_event(cast)
    parked, done = (
        EventDelivery.objects.create(
            event=event, handler=name, state=state, attempts=5, finished_at=timezone.now()
        )
        for name, state in (("a", QueueState.PARKED), ("b", QueueState.DONE))
    )
    answer = act(office, "core_eventdelivery", "run_again", parked, done)

    parked.refresh_from_db()
    done.refresh_from_db()
    assert (parked.state, parked.attempts, done.state) == ("waiting", 0, "done")
    assert "1 parked row is back in its queue." in answer.content.decode()
    assert Event.objects.latest("id").payload["rows"] == [str(parked.pk)]


def test_parked_mail_runs_again_and_is_told_on_the_start_page(office):
    mail = OutgoingMail.objects.create(
        once="x", to_address="a@b.example", subject="Hello", text="secret link", state="parked"
    )
    assert "1 mail" in office.get(reverse("admin:index")).content.decode()
    shown = office.get(reverse("admin:core_outgoingmail_change", args=[mail.pk])).content.decode()
    assert "secret link" not in shown
    act(office, "core_outgoingmail", "run_again", mail)

    mail.refresh_from_db()
    assert mail.state == "waiting"


def test_the_record_is_searched_by_what_an_index_finds(office, cast):
    event = an_event(cast)
    address = reverse("admin:core_event_changelist")

    def found(text):
        return list(office.get(address, {"q": text}).context["cl"].result_list)

    assert found(f"core.user:{cast.olga.pk}") == [event]
    assert found("core.row_added") == [event]
    assert found("partner:1") == found("user:1") == found("nonsense") == []
    assert found("partner:" + "9" * 30) == []


@pytest.mark.parametrize(
    "table", ["event", "eventdelivery", "appointment", "outgoingmail", "eventseal", "storedfile"]
)
def test_the_record_cannot_be_written(client, cast, table):
    cast.otto.is_superuser = True
    cast.otto.save()
    client.force_login(cast.otto)
    event = an_event(cast)

    assert client.get(reverse(f"admin:core_{table}_add")).status_code == 403
    assert client.post(reverse(f"admin:core_{table}_add"), {}).status_code == 403
    if table == "event":
        address = reverse("admin:core_event_change", args=[event.pk])
        assert client.post(address, {"kind": "x"}).status_code == 403


def test_a_race_is_told_and_saves_nothing(office, monkeypatch):
    """A colleague's row arrives between the form's look and its write."""
    day = dt.date(2026, 11, 1)
    ExchangeRate.objects.create(currency="SEK", rate=Decimal("0.1"), valid_from=day)
    for look in ("validate_unique", "validate_constraints"):
        monkeypatch.setattr(ExchangeRate, look, lambda *_args, **_kwargs: None)
    form = {"currency": "SEK", "rate": "0.2", "valid_from": "2026-11-01"}
    answer = office.post(reverse("admin:core_exchangerate_add"), form, follow=True)

    assert "Somebody was faster" in answer.content.decode()
    assert ExchangeRate.objects.get().rate == Decimal("0.1")
    assert not Event.objects.exists()
