"""A channel manager sends a registration back; the partner completes exactly what was asked."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core import delivery
from core.appointments import appointments_of, keep_due
from core.models import Appointment, Event, Notification
from dealreg import services
from dealreg.models import Deal
from dealreg.rules.request import InvalidRegistration
from dealreg.services.answering import GIVE_UP, REMIND

pytestmark = pytest.mark.django_db

MESSAGE = "Is it really this much? Please check."


@pytest.fixture
def waiting(registered) -> Deal:
    """A registration over the tier's limit, in review."""
    deal: Deal = registered(amount=Decimal(80_000))
    return deal


@pytest.fixture
def send_back(cast, waiting):
    def send(*asks_for: str, message: str = MESSAGE) -> Deal:
        return services.send_back_deal(
            actor=cast.actor(cast.mara), deal_id=waiting.pk, asks_for=asks_for, message=message
        )

    return send


def complete(cast, deal: Deal, **changes) -> Deal:
    return services.complete_deal(
        actor=cast.actor(cast.jonas), deal_id=deal.pk, changes=changes, version=deal.version
    )


def test_it_is_back_with_the_partner_by_a_persons_decision(send_back, cast):
    deal = send_back("description", "amount")
    decision = deal.decisions.latest("id")

    assert (deal.status, decision.outcome, decision.origin) == ("needs_info", "ask", "person")
    assert (decision.decided_by, decision.message) == (cast.mara, MESSAGE)
    assert decision.asked_for == ["amount", "description"]
    assert Event.objects.get(kind="dealreg.deal_sent_back").payload["decided_by"] == "Mara"


@pytest.mark.parametrize("asks_for", [(), ("status",), ("amount", "partner_id")])
def test_only_what_can_be_completed_may_be_asked_for(send_back, waiting, asks_for):
    with pytest.raises(services.NothingAskedFor):
        send_back(*asks_for)
    waiting.refresh_from_db()
    assert (waiting.status, waiting.decisions.count()) == ("in_review", 1)


def test_a_sentence_is_needed(send_back, waiting):
    with pytest.raises(services.ReasonMissing):
        send_back("amount", message="  ")
    waiting.refresh_from_db()
    assert waiting.status == "in_review"


def test_the_partner_is_told_what_and_until_when(send_back, cast):
    send_back("amount", "customer_name")
    delivery.deliver_due()

    told = Notification.objects.filter(user=cast.jonas).latest("id")
    assert told.title.endswith("please complete your registration")
    assert MESSAGE in told.body
    assert ": Customer, Expected amount." in told.body


def test_completed_it_is_judged_anew(send_back, cast):
    deal = complete(cast, send_back("amount"), amount=Decimal(12_000))

    assert (deal.status, deal.amount) == ("approved", Decimal(12_000))
    assert list(deal.decisions.values_list("origin", "outcome")) == [
        ("rule", "approve"),
        ("person", "ask"),
        ("rule", "review"),
    ]
    assert not appointments_of(deal).filter(kind__in=[REMIND, GIVE_UP]).exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", Decimal(1)),
        ("currency", "USD"),
        ("customer_name", "Halcyon"),
        ("customer_domain", "halcyon.example"),
        ("public_sector", True),
        ("expected_close", dt.date(2099, 1, 1)),
    ],
)
def test_nothing_else_may_change(send_back, cast, field, value):
    deal = send_back("description")
    with pytest.raises(InvalidRegistration) as refused:
        complete(cast, deal, description="As asked.", **{field: value})

    assert field in refused.value.problems
    assert Deal.objects.values_list("status", "description").get() == ("needs_info", "")


def test_the_customer_may_be_asked_for_too(send_back, cast):
    deal = complete(cast, send_back("customer_name"), customer_name="Nordwind Retail AG")

    assert (deal.status, deal.customer_name) == ("in_review", "Nordwind Retail AG")


def test_files_that_were_asked_for_must_come(send_back, cast, client):
    deal = send_back("files")
    with pytest.raises(InvalidRegistration, match="Attach the files"):
        complete(cast, deal)
    client.force_login(cast.jonas)
    page = client.post(
        reverse("deal_edit", args=[deal.pk]), {"act": "register", "version": deal.version}
    )
    assert "Attach the files that were asked for first" in page.content.decode()

    services.attach_file(
        actor=cast.actor(cast.jonas),
        deal_id=deal.pk,
        upload=SimpleUploadedFile("quote.csv", b"a;b\n"),
    )
    assert complete(cast, deal).status == "in_review"


def test_the_form_opens_only_what_was_asked_for(send_back, cast, client):
    deal = send_back("product_line_id", "customer_name")
    client.force_login(cast.jonas)
    form = client.get(reverse("deal_edit", args=[deal.pk])).context["form"]

    opened = {field.name for field in form.visible_fields() if not field.field.disabled}
    assert opened == {"product_line", "customer_name"}


# --- in the back office ---------------------------------------------------------------------


def test_mara_chooses_the_fields_on_the_review_page(client, cast, waiting):
    client.force_login(cast.mara)
    address = reverse("admin:dealreg_deal_send_back", args=[waiting.pk])
    sent = {"back-asks_for": ["amount", "files"], "back-message": MESSAGE, "back-version": 2}
    assert client.post(address, sent).headers["Location"] == reverse("admin:dealreg_deal_queue")
    waiting.refresh_from_db()
    assert waiting.decisions.latest("id").asked_for == ["amount", "files"]


@pytest.mark.parametrize(
    ("left_out", "says"),
    [
        ("back-asks_for", "Choose what the partner is to complete"),
        ("back-message", "Tell the partner what to do"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(client, cast, waiting, left_out, says):
    client.force_login(cast.mara)
    sent = {"back-asks_for": ["amount", "files"], "back-message": MESSAGE, "back-version": 2}
    del sent[left_out]
    answer = client.post(reverse("admin:dealreg_deal_send_back", args=[waiting.pk]), sent)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert says in page
    assert page.count("checked") == (0 if left_out == "back-asks_for" else 2)
    waiting.refresh_from_db()
    assert waiting.status == "in_review"


# --- for programs ---------------------------------------------------------------------------


def test_a_program_completes_a_deal(send_back, cast, client):
    deal = send_back("amount", "customer_domain")
    client.force_login(cast.jonas)
    asked = client.get(reverse("api_deal", args=[deal.pk])).json()["decision"]["asked_for"]
    assert asked == ["customer.domain", "amount"]

    address = reverse("api_deal_complete", args=[deal.pk])
    body = {"amount": "12000.00", "customer": {"domain": "nordwind.de"}, "version": deal.version}
    answer = client.post(address, body, content_type="application/json")
    assert (answer.status_code, answer.json()["status"]) == (200, "approved")
    assert answer.json()["customer"]["domain"] == "nordwind.de"
    assert client.post(address, body, content_type="application/json").status_code == 409


def test_a_program_may_not_change_more_than_was_asked_for(send_back, cast, client):
    deal = send_back("amount")
    client.force_login(cast.jonas)
    answer = client.post(
        reverse("api_deal_complete", args=[deal.pk]),
        {"amount": "12000.00", "customer": {"name": "Halcyon"}},
        content_type="application/json",
    )

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["customer.name"])
    deal.refresh_from_db()
    assert (deal.status, deal.amount) == ("needs_info", Decimal(80_000))


def test_a_stale_completion_is_refused(send_back, cast, client):
    deal = send_back("amount")
    client.force_login(cast.jonas)
    body = {"amount": "12000.00", "version": deal.version - 1}
    address = reverse("api_deal_complete", args=[deal.pk])

    assert client.post(address, body, content_type="application/json").status_code == 409
    deal.refresh_from_db()
    assert deal.status == "needs_info"


# --- without an answer ----------------------------------------------------------------------


def days_later(deal: Deal, days: int) -> None:
    """Moves everything that is to happen so many days nearer, and keeps what is due then."""
    for row in Appointment.objects.filter(subject_id=deal.pk):
        row.due_at -= dt.timedelta(days=days)
        row.save(update_fields=["due_at"])
    keep_due()


def test_the_partner_is_reminded_twice_then_it_is_withdrawn(send_back, cast):
    deal = send_back("amount")
    kinds = []
    for days in (7, 11, 3):
        days_later(deal, days)
        kinds.append(Event.objects.latest("id").kind)
    delivery.deliver_due()

    assert kinds == ["dealreg.answer_reminded", "dealreg.answer_reminded", "dealreg.answer_missed"]
    deal.refresh_from_db()
    assert (deal.status, Event.objects.get(kind="dealreg.deal_withdrawn").actor_label) == (
        "withdrawn",
        "Deadline for answers",
    )
    titles = Notification.objects.filter(user=cast.jonas).values_list("title", flat=True)
    assert sum("still waits for you" in title for title in titles) == 2
    assert sum("is withdrawn" in title for title in titles) == 1


def test_who_answered_is_neither_reminded_nor_withdrawn(send_back, cast):
    deal = complete(cast, send_back("amount"), amount=Decimal(79_000))
    events = Event.objects.count()
    days_later(deal, 30)

    deal.refresh_from_db()
    assert (deal.status, Event.objects.count()) == ("in_review", events)


def test_the_page_says_until_when(send_back, cast, client):
    deal = send_back("amount")
    client.force_login(cast.jonas)
    page = client.get(reverse("deal_detail", args=[deal.pk])).content.decode()

    until = timezone.localdate() + dt.timedelta(days=21)
    said = f"Without an answer until {until.day} {until:%b %Y} the registration is withdrawn."
    assert said in page
