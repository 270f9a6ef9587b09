"""Otto writes the next rules of engagement and publishes them."""

import pytest
from django.urls import reverse

from core.models import Event
from dealreg.models import RuleBook
from dealreg.services import draft_book

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client, cast):
    client.force_login(cast.otto)
    return client


@pytest.fixture
def draft(cast, rules):
    return draft_book(actor=cast.actor(cast.otto), from_book_id=rules.pk)


def page(book):
    return reverse("admin:dealreg_rulebook_change", args=[book.pk])


def as_typed(office, book, **changes):
    """The form as the browser would send it, with some fields changed."""
    context = office.get(page(book)).context
    data = {"title": book.title, "seen": context["title_form"].initial["seen"]}
    terms = context["terms_form"].initial
    data |= {f"terms-{key}": "" if value is None else value for key, value in terms.items()}
    formset = context["formset"]
    data |= {f"rules-{key}": value for key, value in formset.management_form.initial.items()}
    for number, initial in enumerate(formset.initial):
        data |= {f"rules-{number}-{key}": value for key, value in initial.items()}
        # A box that is not ticked is not sent.
        data.pop(f"rules-{number}-expert")
        rows = formset.forms[number].rows
        prefix = f"rules-{number}-when"
        data |= {f"{prefix}-{key}": value for key, value in rows.management_form.initial.items()}
        for row, written in enumerate(rows.initial):
            data |= {f"{prefix}-{row}-{key}": value for key, value in written.items()}
    return {**data, **untouched(formset.forms[-1]), **changes}


def untouched(form):
    """What a browser sends of the spare form at the end: nothing but what its menus show."""
    data = {f"{form.prefix}-outcome": "approve", f"{form.prefix}-match": "all"}
    data |= {f"{form.prefix}-{text}": "" for text in ("place", "code", "message", "conditions")}
    rows = form.rows
    data |= {f"{rows.prefix}-{key}": value for key, value in rows.management_form.initial.items()}
    for row in rows.forms:
        data |= {
            f"{row.prefix}-fact": "",
            f"{row.prefix}-operator": "is",
            f"{row.prefix}-value": "",
        }
    return data


def codes(book):
    return list(book.rules.order_by("position").values_list("code", flat=True))


def test_a_version_reads_in_plain_words(office, rules):
    text = office.get(page(rules)).content.decode()

    assert "if the amount is over the tier&#x27;s limit" in text
    assert "in every other case" in text
    assert "Rewrite the draft" not in text


def test_a_draft_begins_as_a_copy(office, rules):
    answer = office.post(reverse("admin:dealreg_rulebook_draft", args=[rules.pk]))

    book = RuleBook.objects.get(status="draft")
    assert answer.headers["Location"] == page(book)
    assert (book.version, codes(book)) == (rules.version + 1, codes(rules))
    assert Event.objects.latest("id").kind == "dealreg.rule_book_drafted"


def test_the_spare_form_counts_once_something_is_written_in_it(office, draft):
    data = as_typed(office, draft)
    kept = codes(draft)
    spare = f"rules-{data['rules-TOTAL_FORMS'] - 1}"
    saved = office.post(page(draft), data)
    half = office.post(page(draft), as_typed(office, draft, **{f"{spare}-when-0-value": "5"}))

    assert (saved.status_code, half.status_code) == (302, 422)
    assert "This field is required." in half.content.decode()
    assert codes(draft) == kept


def test_rules_change_places(office, draft):
    before = codes(draft)
    data = as_typed(office, draft, **{"rules-0-place": 25, "title": "Stricter"})
    assert office.post(page(draft), data).status_code == 302

    draft.refresh_from_db()
    assert draft.title == "Stricter"
    assert codes(draft) == [before[1], before[0], *before[2:]]
    event = Event.objects.latest("id")
    assert event.kind == "dealreg.rule_book_rewritten"
    assert [rule["code"] for rule in event.payload["old"]] == before


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("{", "This is not JSON"),
        ('{"all": []}', "A group needs a list"),
        ('{"all": [{"fact": "deal.colour", "is": "red"}]}', "There is no fact"),
        ('{"all": [{"fact": "deal.amount", "is": 3}]}', "cannot be compared"),
        ('{"all": [{"fact": "deal.amount", "above": "NaN"}]}', "is not a value of"),
        ('{"all": [{"fact": ["x"], "is": 1}]}', "There is no fact"),
        ("[" * 5000, "This is not JSON"),
        ('"x"', "Write a group as"),
    ],
)
def test_conditions_are_read_when_saved(office, draft, written, says):
    events, before = Event.objects.count(), list(draft.rules.values())
    changed = {"rules-0-expert": "on", "rules-0-conditions": written}
    answer = office.post(page(draft), as_typed(office, draft, **changed))

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert list(draft.rules.values()) == before
    assert Event.objects.count() == events


def test_two_writers_one_draft(office, draft):
    data = as_typed(office, draft, title="Mine")
    office.post(page(draft), as_typed(office, draft, title="Theirs"))
    answer = office.post(page(draft), data)

    assert answer.status_code == 409
    assert "A colleague rewrote this draft" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.title == "Theirs"


def test_publishing_retires_the_version_before(office, rules, draft):
    office.post(reverse("admin:dealreg_rulebook_publish", args=[draft.pk]))

    rules.refresh_from_db()
    draft.refresh_from_db()
    assert (rules.status, draft.status) == ("retired", "published")


def test_a_draft_without_a_closing_rule_is_not_saved(office, draft):
    before, last = list(draft.rules.values()), len(codes(draft)) - 1
    row = {"fact": "deal.public_sector", "operator": "is", "value": "yes"}
    changed = {f"rules-{last}-when-0-{key}": value for key, value in row.items()}
    answer = office.post(page(draft), as_typed(office, draft, **changed))

    assert answer.status_code == 422
    assert "The last rule must apply always" in answer.content.decode()
    assert list(draft.rules.values()) == before


def test_conditions_are_written_as_rows(office, draft):
    rows = [
        {"fact": "deal.amount", "operator": "above", "value": "partner.approval_limit"},
        {"fact": "customer.country", "operator": "in", "value": "DE, AT"},
    ]
    changed = {
        f"rules-0-when-{number}-{key}": value
        for number, row in enumerate(rows)
        for key, value in row.items()
    }
    assert office.post(page(draft), as_typed(office, draft, **changed)).status_code == 302

    assert draft.rules.get(position=1).conditions == {
        "all": [
            {"fact": "deal.amount", "above": {"fact": "partner.approval_limit"}},
            {"fact": "customer.country", "in": ["DE", "AT"]},
        ]
    }
    assert (
        "the amount in the base currency is above the tier"
        in office.get(page(draft)).content.decode()
    )


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"fact": "deal.public_sector", "operator": "is", "value": "perhaps"}, "is not a value"),
        ({"fact": "deal.amount", "operator": "above", "value": "much"}, "is not a value"),
        ({"fact": "deal.files", "operator": "above", "value": "1.5"}, "is not a value"),
        ({"fact": "deal.amount", "operator": "above", "value": "deal.files"}, "cannot be compared"),
        ({"fact": "deal.amount", "operator": "in", "value": "1"}, "cannot be compared"),
    ],
)
def test_a_row_that_cannot_be_read_says_why(office, draft, row, says):
    before = list(draft.rules.values())
    changed = {f"rules-0-when-0-{key}": value for key, value in row.items()}
    answer = office.post(page(draft), as_typed(office, draft, **changed))

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert list(draft.rules.values()) == before


def test_a_draft_is_compared_with_the_version_before(office, draft):
    office.post(page(draft), as_typed(office, draft, **{"rules-0-message": "Not yet."}))
    text = office.get(page(draft)).content.decode()

    assert "Compared with v1" in text
    assert "reads otherwise" in text


def test_a_published_version_stays_as_it_is(office, rules):
    before = codes(rules)

    assert office.post(page(rules), {"title": "x"}).status_code == 403
    office.post(reverse("admin:dealreg_rulebook_discard", args=[rules.pk]))
    rules.refresh_from_db()
    assert (rules.status, codes(rules)) == ("published", before)


def test_a_draft_can_be_discarded(office, draft):
    office.post(reverse("admin:dealreg_rulebook_discard", args=[draft.pk]))

    assert not RuleBook.objects.filter(status="draft").exists()
    assert Event.objects.latest("id").kind == "dealreg.rule_book_discarded"


@pytest.mark.parametrize("act", ["draft", "publish", "discard"])
def test_channel_managers_read_rules_and_write_none(client, cast, rules, draft, act):
    client.force_login(cast.mara)
    events = Event.objects.count()

    assert client.get(page(draft)).status_code == 200
    address = reverse(f"admin:dealreg_rulebook_{act}", args=[draft.pk])
    assert client.post(address).status_code == 403
    assert client.post(page(draft), {"title": "x"}).status_code == 403
    assert Event.objects.count() == events
