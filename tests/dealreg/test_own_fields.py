"""The vendor's own fields of registrations: who is offered which, drafts, forms, rules."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation

from core.models import Event, ExchangeRate, StoredFile
from core.money import Money
from core.own_fields.fields import FieldType, Needed
from dealreg import own_fields, replay, services
from dealreg.models import Deal, DealAnswer, DealField, ProductLine
from dealreg.rules.facts import FACTS
from dealreg.rules.request import InvalidRegistration
from dealreg.services import ChoiceDraft, FieldDraft, InvalidField
from partners.models import Region

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def define(cast):
    """Otto defines a field; keywords say what is special about it."""

    def add(code, kind=FieldType.TEXT, **more):
        draft = {"labels": {"en": code.title()}, **more}
        return services.add_field(
            actor=cast.actor(cast.otto), draft=FieldDraft(code=code, type=kind, **draft)
        )

    return add


@pytest.fixture
def seats(define):
    return define("seats", FieldType.NUMBER, least=Decimal(1), in_list=True, in_filter=True)


@pytest.fixture
def hosting(define):
    answers = [
        ChoiceDraft("own", {"en": "Own data centre", "de": "Eigenes Rechenzentrum"}),
        ChoiceDraft("cloud", {"en": "Cloud"}),
        ChoiceDraft("paper", {"en": "On paper"}, offered=False),
    ]
    return define(
        "hosting",
        FieldType.CHOICE,
        choices=answers,
        labels={"en": "Hosting", "de": "Betrieb"},
        in_list=True,
        in_filter=True,
    )


@pytest.fixture
def typed(cast, rules):
    def form(**changes):
        return {
            "customer_name": "Nordwind Logistics GmbH",
            "customer_country": "DE",
            "product_line": cast.product.pk,
            "amount": "12800",
            "currency": "EUR",
            "expected_close": (timezone.localdate() + dt.timedelta(days=30)).isoformat(),
            "act": "register",
            **changes,
        }

    return form


def answers(deal):
    return {answer.field.code: answer.value for answer in deal.answers.select_related("field")}


# --- who is offered what ----------------------------------------------------------------------


def test_a_field_is_offered_in_its_region_and_below_for_its_line(cast, define):
    world, emea = Region.objects.get(code="WORLD"), Region.objects.get(code="EMEA")
    asia = Region.objects.create(code="ASIA", name="Asia", path="WORLD.ASIA", parent=world)
    other = ProductLine.objects.create(code="data", name="Data")
    define("everywhere")
    define("in_world", region_id=world.pk)
    define("in_emea", region_id=emea.pk, product_line_id=cast.product.pk)
    define("in_asia", region_id=asia.pk)
    define("of_other", product_line_id=other.pk)

    def codes(line):
        return [one.code for one in own_fields.offered_to(cast.alpha.pk, line)]

    assert codes(cast.product.pk) == ["everywhere", "in_emea", "in_world"]
    assert codes(other.pk) == ["everywhere", "in_world", "of_other"]
    assert codes(None) == ["everywhere", "in_world"]


def test_labels_fall_back_to_the_portals_language(hosting):
    (field,) = own_fields.definitions()
    with translation.override("de"):
        assert (field.spec.label, field.spec.choices[0].label) == (
            "Betrieb",
            "Eigenes Rechenzentrum",
        )
        assert field.spec.choices[1].label == "Cloud"
    with translation.override("ar"):
        assert field.spec.label == "Hosting"


def test_what_is_not_offered_cannot_be_set(cast, define, asking, registered):
    other = ProductLine.objects.create(code="data", name="Data")
    define("of_other", product_line_id=other.pk)
    events = Event.objects.count()
    for code in ("of_other", "invented"):
        with pytest.raises(InvalidRegistration) as refused:
            registered(own_values={code: "x"})
        assert set(refused.value.problems) == {f"own.{code}"}
    with pytest.raises(InvalidRegistration):
        services.save_draft(
            actor=cast.actor(cast.jonas), request=asking(own_values={"of_other": "x"})
        )

    assert (Deal.objects.count(), DealAnswer.objects.count()) == (0, 0)
    assert Event.objects.count() == events


def test_an_answer_that_is_no_longer_offered_cannot_be_given(hosting, registered):
    with pytest.raises(InvalidRegistration, match="answers that are offered"):
        registered(own_values={"hosting": "paper"})


# --- answers are kept -------------------------------------------------------------------------


def test_every_kind_of_answer_is_kept(define, seats, hosting, registered):
    define("note", FieldType.TEXT)
    define("saving", FieldType.MONEY)
    define("start", FieldType.DATE)
    define("pilot", FieldType.YES_NO)
    define("size", FieldType.NUMBER, digits=2)
    start = timezone.localdate() + dt.timedelta(days=9)
    given = {
        "note": "عقد 🌸 two\nlines",
        "saving": Money(Decimal("12.50"), "EUR"),
        "start": start,
        "pilot": False,
        "size": Decimal("1.25"),
        "seats": Decimal(100),
        "hosting": "own",
    }
    deal = registered(own_values=given)

    assert answers(deal) == given
    facts = deal.decisions.get().facts
    assert facts["own.start"] == "9"
    assert (facts["own.saving"], facts["own.pilot"], facts["own.hosting"]) == (
        "12.50",
        False,
        "own",
    )


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("seats", Decimal("0")),
        ("seats", Decimal("1.5")),
        ("seats", Decimal("NaN")),
        ("seats", Decimal("1e40")),
        ("seats", "many"),
        ("hosting", "nowhere"),
        ("note", "a\x00b"),
        ("note", "x" * 2001),
        ("note", "\ud800"),
        ("saving", Money(Decimal("1.005"), "EUR")),
        ("saving", Money(Decimal(1), "XAU")),
        ("start", dt.date(1, 1, 1)),
        ("pilot", "perhaps"),
        ("paper", "no file"),
        ("paper", SimpleUploadedFile("x.pdf", b"MZ\x90\x00 program")),
        ("paper", SimpleUploadedFile("x.svg", b"<svg onload='alert(1)'/>")),
        ("paper", SimpleUploadedFile("x.pdf", b"")),
    ],
)
def test_bad_answers_are_refused_by_field(define, seats, hosting, registered, code, value):
    define("note")
    define("saving", FieldType.MONEY)
    define("start", FieldType.DATE, least=Decimal(0))
    define("pilot", FieldType.YES_NO)
    define("paper", FieldType.FILE)
    with pytest.raises(InvalidRegistration) as refused:
        registered(own_values={code: value})

    assert list(refused.value.problems) == [f"own.{code}"]
    assert (Deal.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_a_file_of_another_deal_cannot_be_pointed_at(define, registered, asking, cast):
    define("paper", FieldType.FILE)
    theirs = registered(by=cast.bo, own_values={"paper": SimpleUploadedFile("offer.pdf", PDF)})
    foreign = theirs.answers.get().file_id
    with pytest.raises(InvalidRegistration, match="Choose the file again"):
        registered(customer_name="Halcyon", customer_domain="", own_values={"paper": foreign})

    assert DealAnswer.objects.count() == 1


def test_the_database_takes_one_value_of_the_fields_kind(seats, registered):
    deal = registered(own_values={"seats": Decimal(5)})
    wrong: list[dict[str, Any]] = [
        {"type": "number", "number": None},
        {"type": "number", "number": 1, "text": "x"},
        {"type": "text", "number": None, "text": "x"},
    ]
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            DealAnswer.objects.update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        DealField.objects.filter(pk=seats.pk).update(type="text")

    assert answers(deal) == {"seats": Decimal(5)}


# --- needed -----------------------------------------------------------------------------------


def test_what_is_needed_is_asked_for_when_its_conditions_hold(define, hosting, asking, cast):
    when = {
        "all": [
            {"fact": "deal.amount", "above": "50000"},
            {"fact": "own.hosting", "is": "own"},
        ]
    }
    define("reason", needed=Needed.WHEN, conditions=when)
    define("always", needed=Needed.ALWAYS)

    def problems(**changes):
        with pytest.raises(InvalidRegistration) as refused:
            services.register_deal(actor=cast.actor(cast.jonas), request=asking(**changes))
        return set(refused.value.problems)

    large = {"amount": Decimal(60_000)}
    assert problems(own_values={}) == {"own.always"}
    assert problems(own_values={"hosting": "cloud"}, **large) == {"own.always"}
    assert problems(own_values={"hosting": "own"}, **large) == {"own.always", "own.reason"}
    (field,) = [one for one in own_fields.definitions() if one.code == "reason"]
    assert field.needed_in_words == (
        "the amount in the base currency is above 50,000.00 and Hosting is Own data centre"
    )
    services.save_draft(actor=cast.actor(cast.jonas), request=asking(own_values={}))


def test_needs_never_tell_what_partners_may_not_know(define):
    for fact, value in (("conflict.level", "same"), ("customer.bought_before", True)):
        with pytest.raises(InvalidField, match="cannot be needed because"):
            define("reason", needed=Needed.WHEN, conditions={"all": [{"fact": fact, "is": value}]})

    assert not DealField.objects.exists()


# --- drafts and the form ----------------------------------------------------------------------


def test_a_draft_keeps_answers_and_drops_those_of_another_line(jonas, typed, define, seats, cast):
    other = ProductLine.objects.create(code="data", name="Data")
    define("cloudy", product_line_id=cast.product.pk, most=Decimal(100))
    sent = typed(act="draft", own_seats="7", own_cloudy="yes it is")
    jonas.post(reverse("deal_new"), sent)
    draft = Deal.objects.get()
    assert answers(draft) == {"seats": Decimal(7), "cloudy": "yes it is"}

    page = jonas.get(reverse("deal_edit", args=[draft.pk]))
    assert 'value="yes it is"' in page.content.decode()
    jonas.post(
        reverse("deal_edit", args=[draft.pk]),
        typed(act="draft", product_line=other.pk, own_seats="8", own_cloudy="sent anyway"),
    )
    assert answers(draft) == {"seats": Decimal(8)}
    event = Event.objects.filter(kind="dealreg.draft_saved").latest("id")
    assert event.payload["changes"]["own.cloudy"] == ["yes it is", ""]


def test_the_form_names_what_is_wrong_beside_the_field(jonas, typed, seats):
    page = jonas.post(reverse("deal_new"), typed(own_seats="0"))

    text = page.content.decode()
    assert page.status_code == 422
    assert text.count("Enter at least 1.") == 2
    assert not Deal.objects.exists()


def test_a_file_comes_with_the_form_and_stays_with_the_draft(jonas, typed, define):
    define("paper", FieldType.FILE, needed=Needed.ALWAYS)
    upload = SimpleUploadedFile("offer.pdf", PDF)
    jonas.post(reverse("deal_new"), typed(act="draft", own_paper=upload))
    draft = Deal.objects.get()
    version = draft.version
    jonas.post(reverse("deal_edit", args=[draft.pk]), typed(version=version))

    draft.refresh_from_db()
    assert draft.status == "approved"
    assert StoredFile.objects.get().name == "offer.pdf"
    page = jonas.get(reverse("deal_detail", args=[draft.pk])).content.decode()
    assert reverse("file", args=[draft.answers.get().file_id]) in page


def test_choosing_a_line_brings_its_fields_and_keeps_what_was_typed(jonas, typed, define, cast):
    other = ProductLine.objects.create(code="data", name="Data")
    define("always", most=Decimal(100))
    define("of_other", product_line_id=other.pk, needed=Needed.ALWAYS)
    define("saving", FieldType.MONEY)
    sent = typed(product_line=other.pk, own_always="kept", own_saving_0="1,5x", own_saving_1="EUR")
    part = jonas.post(reverse("deal_fields"), sent).content.decode()

    assert 'name="own_of_other"' in part
    assert 'value="kept"' in part
    assert 'value="1,5x"' in part
    assert "error" not in part
    page = jonas.post(reverse("deal_new"), {**sent, "act": "fields"})
    assert (page.status_code, 'name="own_of_other"' in page.content.decode()) == (200, True)
    assert not Deal.objects.exists()


def test_without_scripts_the_second_step_asks_for_the_lines_fields(jonas, typed, define, cast):
    define("of_line", product_line_id=cast.product.pk, needed=Needed.ALWAYS)
    assert "own_of_line" not in jonas.get(reverse("deal_new")).content.decode()
    page = jonas.post(reverse("deal_new"), typed())

    assert page.status_code == 422
    assert 'name="own_of_line"' in page.content.decode()
    assert jonas.post(reverse("deal_new"), typed(own_of_line="there")).status_code == 302


def test_labels_and_answers_are_inert(jonas, typed, define):
    define("note", labels={"en": "<b>Note</b>"}, hints={"en": "<script>alert(1)</script>"})
    page = jonas.post(reverse("deal_new"), typed(own_note="<i>x</i>"), follow=True)
    form = jonas.get(reverse("deal_new"))

    for text in (page.content.decode(), form.content.decode()):
        assert not any(raw in text for raw in ("<b>Note", "<i>x", "<script>alert"))


# --- asking for more --------------------------------------------------------------------------


@pytest.fixture
def sent_back(cast, rules, seats, hosting, registered):
    otto = cast.actor(cast.otto)
    draft = services.draft_book(actor=otto, from_book_id=rules.pk)
    written = services.drafting.rules_of(draft)
    large = {"all": [{"fact": "own.seats", "above": 500}, {"fact": "own.hosting", "is": "own"}]}
    ask = services.RuleDraft("how", "ask", large, "Which one?", asks_for=("own.hosting",))
    services.write_draft(actor=otto, book_id=draft.pk, title="Asks", rules=[ask, *written])
    services.publish_book(actor=otto, book_id=draft.pk)
    return registered(own_values={"seats": Decimal(900), "hosting": "own"})


def test_rules_ask_for_own_fields_and_only_these_open(sent_back, jonas, asking, cast):
    assert (sent_back.status, sent_back.decisions.get().asked_for) == (
        "needs_info",
        ["own.hosting"],
    )
    page = jonas.get(reverse("deal_detail", args=[sent_back.pk])).content.decode()
    assert "Please complete: Hosting" in page
    address = reverse("deal_edit", args=[sent_back.pk])
    form = jonas.get(address).context["form"]
    is_open = {field.name for field in form.visible_fields() if not field.field.disabled}
    assert is_open == {"own_hosting"}

    with pytest.raises(InvalidRegistration) as refused:
        services.register_deal(
            actor=cast.actor(cast.jonas),
            deal_id=sent_back.pk,
            request=asking(own_values={"seats": Decimal(1), "hosting": "cloud"}),
        )
    assert set(refused.value.problems) == {"own.seats"}
    sent = {"act": "register", "own_hosting": "cloud", "own_seats": "1", "version": 2}
    assert jonas.post(address, sent).status_code == 302
    sent_back.refresh_from_db()
    assert sent_back.status == "approved"
    assert answers(sent_back) == {"seats": Decimal(900), "hosting": "cloud"}


def test_rules_say_own_fields_in_words(sent_back, jonas, client, cast):
    rules = jonas.get(reverse("deal_rules")).content.decode()
    assert "Seats is above 500 and Hosting is Own data centre" in rules
    client.force_login(cast.mara)
    review = client.get(reverse("admin:dealreg_deal_change", args=[sent_back.pk]))
    assert "Seats" in review.content.decode()
    assert "Own data centre" in review.content.decode()


def test_a_decision_says_which_number_would_have_helped(cast, rules, seats, registered):
    otto = cast.actor(cast.otto)
    draft = services.draft_book(actor=otto, from_book_id=rules.pk)
    written = services.drafting.rules_of(draft)
    small = {"all": [{"fact": "own.seats", "below": 50}]}
    rule = services.RuleDraft("small", "review", small, "Small.")
    # behind the rules about conflicts, so that a hint tells nothing of these
    services.write_draft(
        actor=otto, book_id=draft.pk, title="x", rules=[*written[:-1], rule, written[-1]]
    )
    services.publish_book(actor=otto, book_id=draft.pk)
    deal = registered(own_values={"seats": Decimal(10)})

    assert deal.decisions.get().hint == {
        "fact": "own.seats",
        "direction": "more",
        "value": "50",
        "outcome": "approve",
    }


def test_replay_judges_by_own_fields(sent_back, cast):
    otto = cast.actor(cast.otto)
    draft = services.draft_book(actor=otto, from_book_id=sent_back.decisions.get().book_id)
    written = services.drafting.rules_of(draft)
    never = {"all": [{"fact": "own.seats", "above": 5000}]}
    rules = [services.RuleDraft("how", "review", never, "Huge."), *written[1:]]
    services.write_draft(actor=otto, book_id=draft.pk, title="x", rules=rules)
    today = timezone.localdate()
    run = services.replay_book(actor=otto, book_id=draft.pk, since=today, until=today)
    replay.work_due()
    change = run.changes.get()
    assert (change.before, change.after) == ("ask", "approve")


# --- lists ------------------------------------------------------------------------------------


@pytest.fixture
def three(seats, hosting, registered):
    def one(name, **own):
        return registered(customer_name=name, customer_domain="", own_values=own)

    return [
        one("Nordwind AG", seats=Decimal(10), hosting="own"),
        one("Halcyon Ltd", seats=Decimal(200), hosting="cloud"),
        one("Sakura KK"),
    ]


def test_the_list_shows_and_filters_by_own_fields(jonas, three):
    def names(query):
        page = jonas.get(reverse("deal_list") + query)
        return {row.customer_name for row in page.context["table"].rows}

    page = jonas.get(reverse("deal_list")).content.decode()
    assert "Own data centre" in page
    assert 'data-label="Seats"' in page
    assert names("?own_hosting=own") == {"Nordwind AG"}
    assert names("?own_seats_least=11") == {"Halcyon Ltd"}
    assert names("?own_seats_least=5&own_seats_most=100") == {"Nordwind AG"}
    assert len(names("?own_hosting=nonsense&own_seats_least=x")) == 3


@pytest.mark.parametrize(
    ("kind", "value", "query"),
    [
        (FieldType.TEXT, "Zähler", "?own_extra=zäh"),
        (FieldType.YES_NO, True, "?own_extra=yes"),
        (FieldType.MONEY, Money(Decimal(5), "EUR"), "?own_extra_least=4"),
        (FieldType.DATE, dt.date(2026, 5, 5), "?own_extra_most=2026-05-05"),
        (FieldType.FILE, SimpleUploadedFile("offer.pdf", PDF), "?own_extra=yes"),
    ],
)
def test_every_kind_filters(jonas, define, registered, kind, value, query):
    define("extra", kind, in_filter=True, in_list=True)
    registered(own_values={"extra": value})
    registered(customer_name="Other", customer_domain="", own_values={})

    page = jonas.get(reverse("deal_list") + query)
    assert [row.customer_name for row in page.context["table"].rows] == ["Nordwind Logistics GmbH"]


def test_money_is_filtered_in_the_base_currency_at_todays_rate(jonas, define, registered):
    define("saving", FieldType.MONEY, in_filter=True)
    ExchangeRate.objects.create(currency="USD", valid_from="2026-01-01", rate=Decimal("0.5"))
    ExchangeRate.objects.create(currency="CHF", valid_from="2999-01-01", rate=Decimal(2))
    told = [("Eins", 75, "EUR"), ("Zwei", 150, "USD"), ("Drei", 300, "USD")]
    for name, amount, currency in told:
        saving = Money(Decimal(amount), currency)
        registered(customer_name=name, customer_domain="", own_values={"saving": saving})
    DealAnswer.objects.filter(deal__customer_name="Eins").update(amount=Decimal("75.001"))

    def names(query):
        page = jonas.get(reverse("deal_list") + query)
        return {row.customer_name for row in page.context["table"].rows}

    assert names("?own_saving_least=75.001") == {"Eins", "Drei"}
    assert names("?own_saving_most=75") == {"Zwei"}
    assert names("?own_saving_least=75&own_saving_most=75.001") == {"Eins", "Zwei"}
    DealAnswer.objects.filter(deal__customer_name="Zwei").update(currency="CHF")
    assert names("?own_saving_most=999999") == {"Eins", "Drei"}
    assert "from (EUR)" in jonas.get(reverse("deal_list")).content.decode()


def test_the_export_contains_all_own_fields(jonas, three, define):
    define("amount", labels={"en": "Amount"})
    text = b"".join(jonas.get(reverse("deal_export")).streaming_content).decode()
    heading, *lines = text.splitlines()

    assert heading.endswith("Protected until,Amount (amount),Hosting,Seats")
    assert sorted(line.split(",")[-2:] for line in lines) == [
        ["", ""],
        ["cloud", "200"],
        ["own", "10"],
    ]


def test_the_list_costs_the_same_with_many_rows(
    jonas, seats, hosting, registered, django_assert_max_num_queries
):
    for number in range(12):
        registered(
            customer_name=f"Customer {number}",
            customer_domain=f"customer{number}.org",
            own_values={"seats": Decimal(number + 1), "hosting": "own"},
        )
    with django_assert_max_num_queries(15):
        page = jonas.get(reverse("deal_list") + "?own_hosting=own&own_seats_least=2")
    assert len(page.context["table"].rows) == 11


# --- defining ---------------------------------------------------------------------------------


def test_only_operations_define_fields(cast, define, seats):
    mara = cast.actor(cast.mara)
    draft = FieldDraft("x", FieldType.TEXT, {"en": "X"})
    calls = [
        lambda: services.add_field(actor=mara, draft=draft),
        lambda: services.change_field(actor=mara, field_id=seats.pk, draft=draft),
        lambda: services.retire_field(actor=mara, field_id=seats.pk),
        lambda: services.restore_field(actor=mara, field_id=seats.pk),
        lambda: services.remove_field(actor=mara, field_id=seats.pk),
    ]
    events = Event.objects.count()
    for call in calls:
        with pytest.raises(PermissionDenied):
            call()

    assert (DealField.objects.count(), Event.objects.count()) == (1, events)


@pytest.mark.parametrize(
    ("more", "part"),
    [
        ({"code": "Big"}, "code"),
        ({"code": "a-b"}, "code"),
        ({"labels": {"de": "Nur deutsch"}}, "labels"),
        ({"labels": {"en": "x" * 121}}, "labels"),
        ({"labels": {"en": "a\x00b"}}, "labels"),
        ({"type": FieldType.CHOICE}, "choices"),
        ({"choices": [ChoiceDraft("a", {"en": "A"})]}, "choices"),
        ({"least": Decimal(5), "most": Decimal(4)}, "least"),
        ({"most": Decimal(5000)}, "most"),
        ({"type": FieldType.YES_NO, "least": Decimal(1)}, "least"),
        ({"digits": 2}, "digits"),
        ({"needed": Needed.WHEN}, "conditions"),
        ({"needed": Needed.WHEN, "conditions": {"all": [{"fact": "x", "is": 1}]}}, "conditions"),
    ],
)
def test_senseless_fields_are_refused(cast, more, part):
    draft = FieldDraft(**{"code": "x", "type": FieldType.TEXT, "labels": {"en": "X"}, **more})
    with pytest.raises(InvalidField) as refused:
        services.add_field(actor=cast.actor(cast.otto), draft=draft)

    assert part in refused.value.problems
    assert not DealField.objects.exists()


def test_a_field_with_answers_keeps_its_kind_and_is_retired_not_removed(
    cast, seats, hosting, registered
):
    deal = registered(own_values={"seats": Decimal(3), "hosting": "own"})
    otto = cast.actor(cast.otto)
    text = FieldDraft("seats", FieldType.TEXT, {"en": "Seats"})
    fewer = FieldDraft(
        "hosting", FieldType.CHOICE, {"en": "Hosting"}, choices=[ChoiceDraft("own", {"en": "O"})]
    )
    for field, draft in ((seats, text), (hosting, fewer)):
        with pytest.raises(InvalidField):
            services.change_field(actor=otto, field_id=field.pk, draft=draft)
    with pytest.raises(InvalidField):
        services.remove_field(actor=otto, field_id=seats.pk)

    services.retire_field(actor=otto, field_id=seats.pk)
    assert [one.code for one in own_fields.offered_to(cast.alpha.pk, None)] == ["hosting"]
    assert own_fields.answers_shown(deal)[1].text == "3"
    kinds = Event.objects.filter(kind__startswith="dealreg.own_field").values_list("kind")
    assert [kind for (kind,) in kinds.order_by("id")] == [
        "dealreg.own_field_added",
        "dealreg.own_field_added",
        "dealreg.own_field_retired",
    ]


def test_a_field_that_rules_ask_for_stays_in_use(sent_back, seats, cast):
    otto = cast.actor(cast.otto)
    with pytest.raises(InvalidField, match="rule “how” of v2"):
        services.retire_field(actor=otto, field_id=seats.pk)

    seats.refresh_from_db()
    assert seats.active


def test_renaming_is_recorded_and_a_save_without_change_is_not(seats, cast):
    otto = cast.actor(cast.otto)
    draft = FieldDraft(
        "seats",
        FieldType.NUMBER,
        {"en": "Users"},
        least=Decimal(1),
        in_list=True,
        in_filter=True,
    )
    for _twice in range(2):
        services.change_field(actor=otto, field_id=seats.pk, draft=draft)

    event = Event.objects.get(kind="dealreg.own_field_changed")
    assert event.payload["changes"] == {"labels": ['{"en": "Seats"}', '{"en": "Users"}']}
    assert str(FACTS["own.seats"].label) == "Users"


def test_an_unused_field_can_be_removed(seats, cast):
    services.remove_field(actor=cast.actor(cast.otto), field_id=seats.pk)

    assert not DealField.objects.exists()
    assert "own.seats" not in FACTS


# --- registering again -------------------------------------------------------------------------


def test_what_is_registered_again_takes_its_answers_along(
    cast, define, seats, hosting, registered, asking
):
    define("offer", FieldType.FILE)
    offer = SimpleUploadedFile("offer.txt", b"An offer.", "text/plain")
    old = registered(own_values={"seats": Decimal(12), "hosting": "cloud", "offer": offer})
    services.retire_field(actor=cast.actor(cast.otto), field_id=hosting.pk)
    jonas = cast.actor(cast.jonas)
    services.withdraw_deal(actor=jonas, deal_id=old.pk)

    draft = services.register_again(actor=jonas, deal_id=old.pk)
    assert answers(draft) == {"seats": Decimal(12), "offer": answers(old)["offer"]}
    new = services.register_deal(actor=jonas, request=asking(), deal_id=draft.pk)
    assert answers(new) == answers(draft)
    assert answers(old)["hosting"] == "cloud"
