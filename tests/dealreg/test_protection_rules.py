"""The terms of protection, without a database."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from dealreg.rules.protection import (
    ProtectionTerms,
    Seen,
    freshness_of,
    may_register_from,
    problems_of_terms,
    reminders_ahead,
    terms_in_words,
    what_suffices,
    why_not_extend,
)

TERMS = ProtectionTerms(sufficient=("quote", "confirmation"))
TODAY = dt.date(2026, 11, 20)
NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def test_a_book_protects_as_ever_when_nobody_said_otherwise():
    assert ProtectionTerms().days == 90
    assert problems_of_terms(ProtectionTerms()) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"days": 0}, "from 1 to 730 days"),
        ({"extension_days": 731}, "from 1 to 730 days"),
        ({"ask_within_days": 0}, "before the end"),
        ({"most_extensions": 21}, "at most 20 times"),
        ({"margin": Decimal("100.01")}, "from 0 to 100"),
        ({"again_after_days": 731}, "at most 730 days"),
        ({"freshness_days": 0}, "stale"),
        ({"sufficient": ("rumour",)}, "no such kind"),
    ],
)
def test_terms_that_nobody_can_mean(change, says):
    (problem,) = problems_of_terms(replace(TERMS, **change))
    assert says in problem


def test_the_terms_in_words():
    words = terms_in_words(replace(TERMS, margin=Decimal("12.50"), again_after_days=14))
    assert words == [
        "An approved registration is protected for 90 days.",
        "The margin guaranteed for it is 12.5 %.",
        "A protection can be extended 2 times, by 30 days each, when that is asked for in its "
        "last 30 days with evidence that the work goes on.",
        "Fresh evidence of this kind extends at once: Quote, Customer’s confirmation. Others go "
        "to a channel manager.",
        "Evidence is stale after 30 days.",
        "A customer whose protection lapsed can be registered again after 14 days.",
    ]


def test_the_terms_in_words_where_a_person_decides_or_nobody():
    assert "A channel manager decides about each extension." in terms_in_words(ProtectionTerms())
    assert "A protection is not extended." in terms_in_words(ProtectionTerms(most_extensions=0))


@pytest.mark.parametrize(("age", "fresh"), [(0, True), (30, True), (31, False)])
def test_evidence_is_fresh_for_the_books_days(age, fresh):
    seen = freshness_of(TODAY - age * DAY, TERMS, TODAY)
    assert (seen.age_days, seen.fresh) == (age, fresh)


def test_no_evidence_is_not_fresh():
    assert freshness_of(None, TERMS, TODAY).fresh is False


@pytest.mark.parametrize(
    ("kind", "age", "enough"),
    [
        ("quote", 0, "quote"),
        ("quote", 30, "quote"),
        ("confirmation", 5, "confirmation"),
        ("meeting", 0, ""),  # not of a kind that suffices
        ("quote", 31, ""),  # stale
        ("quote", 41, ""),  # of before the last grant
    ],
)
def test_which_evidence_extends_at_once(kind, age, enough):
    seen = [Seen(kind, TODAY - age * DAY)]
    assert what_suffices(seen, TERMS, since=TODAY - 40 * DAY, today=TODAY) == enough


@pytest.mark.parametrize(
    ("left", "extensions", "waiting", "says"),
    [
        (30, 0, False, ""),
        (1, 1, False, ""),
        (31, 0, False, "can be asked for from"),
        (0, 0, False, "has ended"),
        (-1, 0, False, "has ended"),
        (10, 2, False, "as often as"),
        (10, 0, True, "is waiting already"),
    ],
)
def test_when_an_extension_may_be_asked_for(left, extensions, waiting, says):
    sentence = why_not_extend(
        TERMS, until=NOW + left * DAY, extensions=extensions, waiting=waiting, now=NOW
    )
    assert says in sentence
    assert bool(says) == bool(sentence)


def test_only_reminders_that_lie_ahead():
    assert [days for days, _at in reminders_ahead(NOW + 90 * DAY, NOW)] == [30, 14, 3]
    assert [days for days, _at in reminders_ahead(NOW + 14 * DAY, NOW)] == [3]
    assert list(reminders_ahead(NOW + 2 * DAY, NOW)) == []


def test_the_waiting_time_counts_from_the_lapse():
    assert may_register_from(NOW, replace(TERMS, again_after_days=14)) == NOW + 14 * DAY
