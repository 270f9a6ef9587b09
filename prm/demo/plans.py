"""What a partner of the example and the vendor plan together: an agreed plan, strengths and
weaknesses, a review that was held with its pack and tasks, and one to come."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db.models import Q, QuerySet

from core import money_rates
from core.models import Event, User
from partners.models import JointPlan, ReviewTemplate
from partners.queries import actor_for
from partners.rules.plans import periods_offered, quarter_before
from partners.rules.swot import Quadrant
from partners.services.planning import (
    ActivityDraft,
    GoalDraft,
    PlanDraft,
    agree_plan,
    begin_plan,
    comment_on_plan,
    propose_plan,
    write_plan,
)
from partners.services.reviews import ReviewDetails, ask_pack, hold_review, plan_review, write_notes
from partners.services.swot import add_point
from partners.services.todos import About, TodoDetails, add_todo, complete_todo
from prm.demo.cast import COMPANIES
from prm.demo.news import tell
from prm.demo.programme import IN_EUROS, VENDOR_DOMAIN, rounded

COMPANY = "nordlicht"
AGENDA = """Numbers of the quarter
Joint plan: where we stand
Pipeline and protected customers
Training and certifications
What we learned, and next steps"""
POINTS = [
    (Quadrant.STRENGTH, "vendor", "Knows every shipping company between Emden and Kiel"),
    (Quadrant.STRENGTH, "partner", "Own support desk, open at weekends"),
    (Quadrant.WEAKNESS, "partner", "Two certified engineers for eleven customers"),
    (Quadrant.OPPORTUNITY, "vendor", "Ports have to report their emissions from next year"),
    (Quadrant.THREAT, "partner", "A large integrator opens an office in Hamburg"),
]
KINDS = ("jointplan", "quarterlyreview", "todo", "swotpoint")


def plan_together(partners: Mapping[str, int], users: Mapping[str, int], now: dt.datetime) -> None:
    """Adds it all, unless there is a plan already."""
    if JointPlan.objects.exists():
        return
    company = next(one for one in COMPANIES if one.key == COMPANY)
    people = {person.first_name: person.email_at(company.domain) for person in company.people}
    boss = next(person for person in company.people if "admin" in person.roles)
    ours = User.objects.get(pk=users[people[boss.first_name]])
    seller = User.objects.get(pk=users[people["jonas"]])
    theirs = User.objects.get(pk=users[f"mara@{VENDOR_DOMAIN}"])
    ReviewTemplate.objects.get_or_create(name="Quarterly review", defaults={"agenda": AGENDA})
    partner_id = partners[COMPANY]
    _agreed_plan(partner_id, ours, seller, theirs, now)
    for quadrant, side, text in POINTS:
        actor = actor_for(ours if side == "partner" else theirs)
        add_point(actor=actor, partner_id=partner_id, quadrant=quadrant, text=text)
    _reviews(partner_id, ours, seller, theirs, now)
    tell(news(partner_id), now)


def news(partner_id: int) -> "QuerySet[Event]":
    kinds = Q()
    for kind in KINDS:
        kinds |= Q(subject_type=f"partners.{kind}")
    return Event.objects.filter(kinds, partner_id=partner_id)


def _agreed_plan(partner_id: int, ours: User, seller: User, theirs: User, now: dt.datetime) -> None:
    today = now.date()
    year = periods_offered(today)[0]
    actor, other = actor_for(ours), actor_for(theirs)
    title = f"Ports and shipping {year.first.year}"
    plan = begin_plan(actor=other, partner_id=partner_id, period=year, title=title)
    worth = IN_EUROS[money_rates.base_currency()]
    draft = PlanDraft(
        title,
        "Win the ports of the north together: reference in Hamburg first, then Bremen and Kiel.",
        [
            GoalDraft("sourced_revenue", rounded(160_000 / worth), "new customers and renewals"),
            GoalDraft("deals_registered", Decimal(12)),
            GoalDraft("active_certifications", Decimal(6), "two engineers more"),
            GoalDraft("psat", Decimal(80)),
        ],
        [
            ActivityDraft("Stand at the port fair", today + dt.timedelta(days=34), ours.pk),
            ActivityDraft("Two engineers certified", today + dt.timedelta(days=20), seller.pk),
            ActivityDraft("Case study of Hansaport", today - dt.timedelta(days=6), theirs.pk),
        ],
    )
    write_plan(actor=other, plan_id=plan.pk, draft=draft, version=1)
    text = "The case study needs the customer's word first; we ask them."
    comment_on_plan(actor=actor, plan_id=plan.pk, text=text)
    propose_plan(actor=other, plan_id=plan.pk, version=2)
    agree_plan(actor=actor, plan_id=plan.pk, version=3)
    activity = plan.activities.get(title="Case study of Hansaport")
    complete_todo(actor=other, todo_id=activity.todo_id or 0)


def _reviews(partner_id: int, ours: User, seller: User, theirs: User, now: dt.datetime) -> None:
    this_quarter = periods_offered(now.date())[2]
    before = quarter_before(this_quarter)
    actor, other = actor_for(ours), actor_for(theirs)
    people = [ours.pk, seller.pk, theirs.pk]
    morning = now.replace(hour=9, minute=0, second=0)
    number = (before.first.month + 2) // 3
    held = plan_review(
        actor=other,
        partner_id=partner_id,
        details=ReviewDetails(
            f"Review Q{number} {before.first.year}", before, morning - dt.timedelta(days=8),
            "Hamburg, Speicherstadt", AGENDA, "Hansaport Logistik", people,
        ),
    )  # fmt: skip
    hold_review(actor=other, review_id=held.pk, version=1)
    notes = (
        "Revenue is ahead, certifications are behind: two people go to the November course.\n"
        "Kiel asked for a demonstration; Nordlicht leads, the vendor sends an engineer."
    )
    write_notes(actor=actor, review_id=held.pk, notes=notes, version=2)
    about = About(held, held.title, held.partner_id)
    later = now.date() + dt.timedelta(days=12)
    for title, owner in (("Book the November course", seller), ("Demonstration in Kiel", theirs)):
        details = TodoDetails(title, later, owner.pk, remind_days=2)
        add_todo(actor=other, details=details, partner_id=partner_id, shared=True, about=about)
    ask_pack(actor=actor, review_id=held.pk, language="en")
    number = (this_quarter.first.month + 2) // 3
    plan_review(
        actor=actor,
        partner_id=partner_id,
        details=ReviewDetails(
            f"Review Q{number} {this_quarter.first.year}", this_quarter,
            morning + dt.timedelta(days=50), "Video call", AGENDA, "", people,
        ),
    )  # fmt: skip
