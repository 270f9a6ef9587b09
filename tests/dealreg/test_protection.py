"""A protection is reminded of, extended with evidence, and lapses at its end."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from core.appointments import appointments_of, keep_due
from core.clock import database_now
from core.delivery import deliver_due
from core.fsck import findings
from core.models import Event, Notification, OutgoingMail
from dealreg import conflicts, protections
from dealreg.models import Deal, EvidenceItem, Extension, Protection, RuleBook
from dealreg.rules.protection import ProtectionTerms
from dealreg.rules.request import InvalidRegistration
from dealreg.rules.states import NotInThisState
from dealreg.services import (
    ExtensionRefused,
    InvalidEvidence,
    NewEvidence,
    StaleEdit,
    add_evidence,
    approve_extension,
    ask_extension,
    decline_extension,
    draft_book,
    follow_protection,
    publish_book,
    register_again,
    register_deal,
    withdraw_deal,
    write_draft,
)
from dealreg.services.drafting import rules_of
from dealreg.services.protecting import end_of

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def end(deal: Deal) -> dt.datetime:
    return end_of(Protection.objects.get(deal=deal))


@pytest.fixture
def terms(rules: RuleBook, cast) -> Callable[..., RuleBook]:
    """Publishes a book with other terms."""

    def publish(**changes) -> RuleBook:
        otto = cast.actor(cast.otto)
        draft = draft_book(actor=otto, from_book_id=rules.pk)
        write_draft(
            actor=otto,
            book_id=draft.pk,
            title="Other terms",
            rules=rules_of(draft),
            terms=ProtectionTerms(**changes),
        )
        return publish_book(actor=otto, book_id=draft.pk)

    return publish


def ending_in(deal: Deal, left: dt.timedelta) -> Deal:
    """Lets the protection end sooner or have ended, as if time had passed."""
    protection = Protection.objects.get(deal=deal)
    now = database_now()
    since = now + left - 90 * DAY
    protection.period = DateTimeTZRange(since, now + left)
    protection.save()
    follow_protection(Deal.objects.get(pk=deal.pk))
    return deal


def kinds(deal: Deal) -> list[str]:
    return list(
        Event.objects.filter(subject_type="dealreg.deal", subject_id=deal.pk)
        .order_by("id")
        .values_list("kind", flat=True)
    )


def quote(days_ago: int = 0) -> NewEvidence:
    return NewEvidence("quote", timezone.localdate() - days_ago * DAY, "Offer 12")


# --- terms ----------------------------------------------------------------------------------


def test_a_protection_keeps_the_terms_under_which_it_was_granted(registered, terms):
    book = terms(days=60, margin=Decimal("12.5"))
    protection = registered().protection
    protection.refresh_from_db()
    assert (protection.book, protection.margin) == (book, Decimal("12.5"))
    assert protection.period.upper - protection.period.lower == 60 * DAY

    terms(days=10)
    protection.refresh_from_db()
    assert protection.book.terms.days == 60


def test_the_message_says_the_books_days(registered, terms):
    terms(days=45)
    assert "45 days" in registered().decisions.get().message


def test_published_terms_stay(rules):
    with pytest.raises(IntegrityError, match="stay as they are"), transaction.atomic():
        RuleBook.objects.filter(pk=rules.pk).update(protection_days=5)


# --- reminders and lapse --------------------------------------------------------------------


def test_reminders_and_the_end_are_appointments(registered):
    deal = registered()
    found = [(one.kind, one.key, end(deal) - one.due_at) for one in appointments_of(deal)]
    assert found == [
        ("dealreg.remind_of_end", "30", 30 * DAY),
        ("dealreg.remind_of_end", "14", 14 * DAY),
        ("dealreg.remind_of_end", "3", 3 * DAY),
        ("dealreg.lapse_protection", "", 0 * DAY),
    ]


def test_a_reminder_reaches_the_partner_once(registered, cast):
    deal = ending_in(registered(), 15 * DAY)
    deliver_due()
    Notification.objects.all().delete()
    OutgoingMail.objects.all().delete()
    appointments_of(deal).filter(key="14").update(due_at=timezone.now() - DAY)
    Protection.objects.update(
        period=DateTimeTZRange(database_now() - 76 * DAY, database_now() + 14 * DAY)
    )

    assert keep_due() == 1
    assert keep_due() == 0
    deliver_due()
    assert kinds(deal)[-1] == "dealreg.protection_ends_soon"
    assert sorted(Notification.objects.values_list("user__name", flat=True)) == ["Ada", "Jonas"]
    assert sorted(OutgoingMail.objects.values_list("to_user__name", flat=True)) == ["Ada", "Jonas"]


def test_late_reminders_give_one(registered):
    deal = registered()
    appointments_of(deal).filter(key__gt="").update(due_at=timezone.now() - DAY)
    Protection.objects.update(
        period=DateTimeTZRange(database_now() - 80 * DAY, database_now() + 10 * DAY)
    )

    assert keep_due() == 3
    assert kinds(deal).count("dealreg.protection_ends_soon") == 1


def test_a_protection_lapses_at_its_end(registered):
    deal = ending_in(registered(), -dt.timedelta(seconds=1))
    assert keep_due() == 1
    deliver_due()

    deal.refresh_from_db()
    assert (deal.status, kinds(deal)[-1]) == ("lapsed", "dealreg.deal_lapsed")
    lapsed = Event.objects.filter(kind="dealreg.deal_lapsed").get()
    assert lapsed.occurred_at == end(deal)
    assert Notification.objects.filter(title__contains="has lapsed").count() == 2
    assert (keep_due(), list(appointments_of(deal))) == (0, [])
    assert (
        list(findings(only=["dealreg.protections", "dealreg.decisions", "dealreg.followed"])) == []
    )


def test_old_news_is_noted_and_nobody_is_told(registered):
    deal = ending_in(registered(), -30 * DAY)
    keep_due()
    deliver_due()

    assert kinds(deal)[-1] == "dealreg.deal_lapsed"
    assert not Notification.objects.filter(title__contains="has lapsed").exists()


def test_the_customer_is_free_before_the_worker_comes(registered, cast):
    ending_in(registered(), -dt.timedelta(seconds=1))

    second = registered(by=cast.bo)
    assert (second.status, second.decisions.get().conflict_level) == ("approved", "none")


def test_a_customer_still_kept_is_not_free(registered, cast):
    ending_in(registered(), dt.timedelta(minutes=5))

    assert registered(by=cast.bo).status == "in_review"


def test_what_is_not_due_does_not_lapse(registered):
    deal = ending_in(registered(), dt.timedelta(minutes=5))
    appointments_of(deal).update(due_at=timezone.now() - DAY)
    keep_due()

    deal.refresh_from_db()
    assert deal.status == "approved"
    assert appointments_of(deal).get(kind="dealreg.lapse_protection").due_at == end(deal)


@pytest.mark.parametrize("stage", ["won", "lost"])
def test_a_closed_sale_does_not_lapse(registered, stage):
    deal = registered()
    Deal.objects.filter(pk=deal.pk).update(
        stage=stage, closed_on=timezone.localdate(), closed_amount=0
    )
    ending_in(deal, -DAY)

    assert list(appointments_of(deal)) == []
    assert Deal.objects.get(pk=deal.pk).status == "approved"


def test_withdrawing_cancels_everything(registered, cast):
    deal = ending_in(registered(), 10 * DAY)
    ask_extension(actor=cast.actor(cast.jonas), deal_id=deal.pk, reason="x", evidence=quote())
    withdraw_deal(actor=cast.actor(cast.jonas), deal_id=deal.pk)

    assert list(appointments_of(deal)) == []
    assert Extension.objects.get().status == "void"


def test_the_pipeline_counts_no_ended_protection(registered, cast):
    deal = ending_in(registered(), -DAY)

    assert not Deal.objects.filter(conflicts.at_work(), pk=deal.pk).exists()


# --- evidence -------------------------------------------------------------------------------


def test_evidence_is_dated_and_seen_by_both_sides(registered, cast):
    deal = registered()
    for who, kind, ago in (("jonas", "meeting", 40), ("mara", "quote", 3)):
        day = timezone.localdate() - ago * DAY
        actor = cast.actor(getattr(cast, who))
        add_evidence(actor=actor, deal_id=deal.pk, kind=kind, dated_on=day)

    shown = protections.protection_page(cast.actor(cast.jonas), deal.pk)
    assert [(one.kind, one.added_by_label) for one in shown.evidence] == [
        ("quote", "Mara"),
        ("meeting", "Jonas"),
    ]
    assert (shown.freshness.age_days, shown.freshness.fresh) == (3, True)
    assert kinds(deal)[-2:] == ["dealreg.evidence_added"] * 2


@pytest.mark.parametrize(
    ("kind", "ahead", "field"),
    [
        ("confirmation", 0, "kind"),
        ("rumour", 0, "kind"),
        ("quote", 1, "dated_on"),
        ("quote", -731, "dated_on"),
    ],
)
def test_evidence_that_cannot_be(registered, cast, kind, ahead, field):
    deal = registered()
    events = Event.objects.count()
    with pytest.raises(InvalidEvidence) as wrong:
        add_evidence(
            actor=cast.actor(cast.jonas),
            deal_id=deal.pk,
            kind=kind,
            dated_on=timezone.localdate() + ahead * DAY,
        )

    assert list(wrong.value.problems) == [field]
    assert (EvidenceItem.objects.count(), Event.objects.count()) == (0, events)


# --- extension ------------------------------------------------------------------------------


def ask(cast, deal: Deal, evidence: NewEvidence | None = None, **how) -> Extension:
    return ask_extension(
        actor=cast.actor(cast.jonas),
        deal_id=deal.pk,
        reason="The board meets in January.",
        evidence=evidence,
        **how,
    )


def test_sufficient_evidence_extends_at_once(registered, terms, cast):
    book = terms(sufficient=("quote",), extension_days=20)
    deal = ending_in(registered(), 10 * DAY)
    before = end(deal)
    extension = ask(cast, deal, quote())

    assert end(deal) - before == 20 * DAY
    assert (extension.status, extension.origin, extension.evidence) == ("approved", "rule", "quote")
    assert extension.decided_by_label == f"Rules of engagement v{book.version}"
    assert [one.key for one in appointments_of(deal)] == ["14", "3", ""]
    assert kinds(deal)[-1] == "dealreg.protection_extended"


def test_the_same_evidence_does_not_count_twice(registered, terms, cast):
    terms(sufficient=("quote",), extension_days=1, most_extensions=5)
    deal = ending_in(registered(), 10 * DAY)
    ask(cast, deal, quote(days_ago=1))

    with pytest.raises(ExtensionRefused, match="Add evidence"):
        ask(cast, Deal.objects.get(pk=deal.pk))


def test_other_evidence_goes_to_a_person(registered, terms, cast):
    terms(sufficient=("quote",))
    deal = ending_in(registered(), 10 * DAY)
    before = end(deal)
    extension = ask(cast, deal, NewEvidence("meeting", timezone.localdate()))
    deliver_due()

    assert (extension.status, end(deal)) == ("waiting", before)
    assert Notification.objects.filter(user=cast.mara, title__contains="needs more time").exists()


def test_a_person_extends_for_other_days(registered, cast):
    deal = ending_in(registered(), 10 * DAY)
    before = end(deal)
    asked = ask(cast, deal, quote())
    decided = approve_extension(
        actor=cast.actor(cast.mara), extension_id=asked.pk, days=7, note="Until the board meets."
    )
    deliver_due()

    assert (decided.status, decided.message) == ("approved", "Until the board meets.")
    assert (end(deal) - before, Protection.objects.get(deal=deal).extensions) == (7 * DAY, 1)
    assert Notification.objects.filter(user=cast.jonas, title__contains="is extended").exists()


def test_a_person_declines_with_a_reason(registered, cast):
    deal = ending_in(registered(), 10 * DAY)
    before = end(deal)
    asked = ask(cast, deal, quote())
    decided = decline_extension(
        actor=cast.actor(cast.mara), extension_id=asked.pk, message="No progress since June."
    )

    assert (decided.status, decided.decided_by_label) == ("declined", "Mara")
    assert end(deal) == before
    with pytest.raises(ExtensionRefused, match="“Declined” already"):
        approve_extension(actor=cast.actor(cast.mara), extension_id=asked.pk, days=7)


def test_no_decline_without_a_sentence_and_no_days_without_measure(registered, cast):
    asked = ask(cast, ending_in(registered(), 10 * DAY), quote())
    mara = cast.actor(cast.mara)
    with pytest.raises(ExtensionRefused, match="Tell the partner why"):
        decline_extension(actor=mara, extension_id=asked.pk, message=" ")
    with pytest.raises(ExtensionRefused, match="from 1 to 730"):
        approve_extension(actor=mara, extension_id=asked.pk, days=0)

    assert Extension.objects.get().status == "waiting"


@pytest.mark.parametrize(
    ("left", "evidence", "says"),
    [
        (31 * DAY, quote, "can be asked for from"),
        (-DAY, quote, "has ended"),
        (10 * DAY, lambda: None, "Add evidence"),
    ],
)
def test_an_extension_that_cannot_be(registered, cast, left, evidence, says):
    deal = ending_in(registered(), left)
    events = Event.objects.count()
    with pytest.raises(ExtensionRefused, match=says):
        ask(cast, deal, evidence())

    assert (Extension.objects.count(), EvidenceItem.objects.count()) == (0, 0)
    assert Event.objects.count() == events


def test_one_request_waits_at_a_time(registered, cast):
    deal = ending_in(registered(), 10 * DAY)
    ask(cast, deal, quote())
    with pytest.raises(ExtensionRefused, match="waiting already"):
        ask(cast, deal, quote())

    assert Extension.objects.count() == 1


def test_as_often_as_the_terms_say(registered, terms, cast):
    terms(sufficient=("quote",), extension_days=1, most_extensions=1)
    deal = ending_in(registered(), 10 * DAY)
    ask(cast, deal, quote())
    with pytest.raises(ExtensionRefused, match="as often as its rules allow"):
        ask(cast, deal, quote())


def test_a_stale_request_is_refused(registered, cast):
    deal = ending_in(registered(), 10 * DAY)
    with pytest.raises(StaleEdit):
        ask(cast, deal, quote(), version=deal.version + 1)


def test_no_extension_into_anothers_protection(registered, terms, cast):
    terms(sufficient=("quote",))
    deal = ending_in(registered(), 10 * DAY)
    before = end(deal)
    later = registered(by=cast.bo)
    Protection.objects.create(
        deal=later,
        partner=cast.beta,
        account_id=deal.account_id or 0,
        product_line_id=deal.product_line_id or 0,
        period=DateTimeTZRange(before, before + 90 * DAY),
    )
    with pytest.raises(ExtensionRefused, match="kept for another registration"):
        ask(cast, deal, quote())

    assert (end(deal), Extension.objects.count(), EvidenceItem.objects.count()) == (before, 0, 0)


def test_a_request_that_came_too_late_is_void(registered, cast):
    deal = ending_in(registered(), 10 * DAY)
    asked = ask(cast, deal, quote())
    ending_in(deal, -DAY)
    with pytest.raises(ExtensionRefused, match="has ended"):
        approve_extension(actor=cast.actor(cast.mara), extension_id=asked.pk, days=7)
    keep_due()

    assert Extension.objects.get().status == "void"


# --- again ----------------------------------------------------------------------------------


def lapsed(deal: Deal) -> Deal:
    ending_in(deal, -DAY)
    keep_due()
    deal.refresh_from_db()
    return deal


def test_a_lapsed_deal_is_registered_again_as_a_new_one(registered, asking, cast):
    old = lapsed(registered())
    jonas = cast.actor(cast.jonas)
    draft = register_again(actor=jonas, deal_id=old.pk)
    assert register_again(actor=jonas, deal_id=old.pk) == draft
    assert (draft.previous, draft.customer_name) == (old, old.customer_name)
    assert (draft.expected_close, draft.customer_consent) == (None, False)

    new = register_deal(actor=jonas, request=asking(), deal_id=draft.pk)
    assert (new.status, new.previous) == ("approved", old)
    assert kinds(old)[-1] == "dealreg.deal_registered_again"
    assert protections.protection_page(jonas, old.pk).again == new


def test_the_waiting_time_holds_with_or_without_the_link(registered, asking, terms, cast):
    terms(again_after_days=14)
    old = lapsed(registered())
    jonas = cast.actor(cast.jonas)
    draft = register_again(actor=jonas, deal_id=old.pk)
    for deal_id in (None, draft.pk):
        with pytest.raises(InvalidRegistration) as wrong:
            register_deal(actor=jonas, request=asking(), deal_id=deal_id)
        assert "can register it again from" in str(wrong.value.problems["customer_name"])

    assert registered(by=cast.bo).status == "approved"


def test_an_approved_deal_is_not_registered_again(registered, cast):
    deal = registered()
    with pytest.raises(NotInThisState):
        register_again(actor=cast.actor(cast.jonas), deal_id=deal.pk)


# --- limit ----------------------------------------------------------------------------------


def test_the_tiers_limit_is_a_fact_and_shown(registered, cast, client):
    cast.alpha.tier.open_registrations_limit = 2
    cast.alpha.tier.save()
    registered()
    lapsed(registered(customer_name="Halcyon Retail", customer_domain="halcyon.example.net"))
    client.force_login(cast.jonas)

    shown = protections.open_registrations(cast.alpha.pk, 2)
    assert shown == protections.OpenRegistrations(number=1, limit=2)
    assert "1 of 2 registrations" in client.get("/deals/new/").content.decode()


def test_over_the_limit_the_starter_rules_ask_a_person(registered, cast):
    cast.alpha.tier.open_registrations_limit = 1
    cast.alpha.tier.save()
    assert registered().status == "approved"
    second = registered(customer_name="Halcyon Retail", customer_domain="halcyon.example.net")
    decision = second.decisions.get()
    assert (second.status, decision.rule) == ("in_review", "too-many-open")
    assert "Silver" in decision.message
