"""What lies ahead of a partner: the plan that counts, the next review, open tasks."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateField,
    DateTimeField,
    F,
    IntegerField,
    QuerySet,
    Value,
    When,
    Window,
)
from django.utils import timezone

from core.actor import Actor
from core.ui import Tone
from partners.models import JointPlan, QuarterlyReview, Todo
from partners.queries.plans import STATUS_TONES
from partners.rules.plans import OPEN_PLAN, PlanStatus
from partners.rules.reviews import ReviewStatus
from partners.rules.todos import TodoState

MOST_TODOS = 4


@dataclass(frozen=True, slots=True)
class PlanAhead:
    id: int
    title: str
    status: str
    tone: Tone
    last: dt.date


@dataclass(frozen=True, slots=True)
class ReviewAhead:
    id: int
    title: str
    meets_at: dt.datetime


@dataclass(frozen=True, slots=True)
class TodoAhead:
    id: int
    title: str
    due_on: dt.date
    late: bool


@dataclass(frozen=True, slots=True)
class Ahead:
    """The agreed plan in whose period today is, else the newest that is being written; the next
    meeting; the first open tasks of `todos_open`."""

    plan: PlanAhead | None
    review: ReviewAhead | None
    todos: tuple[TodoAhead, ...]
    todos_open: int


def ahead(actor: Actor, partner_id: int, *, owner_id: int | None = None) -> Ahead:
    """What the actor sees of it; `owner_id` bounds the tasks to one person's. One query, since
    the pages that show it have few to spend."""
    today = timezone.localdate()
    rows = _todos(actor, partner_id, owner_id).union(
        _review(actor, partner_id), _plan(actor, partner_id, today), all=True
    )
    found: dict[str, list[Any]] = {"todo": [], "review": [], "plan": []}
    for kind, *row in rows:
        found[kind].append(row)
    return Ahead(
        plan=next((_plan_shown(row) for row in found["plan"]), None),
        review=next((ReviewAhead(row[0], row[1], row[3]) for row in found["review"]), None),
        todos=tuple(
            TodoAhead(key, title, day, day < today) for key, title, day, *_rest in found["todo"]
        ),
        todos_open=found["todo"][0][-1] if found["todo"] else 0,
    )


def _plan_shown(row: list[Any]) -> PlanAhead:
    key, title, day, _at, state, _number = row
    status = PlanStatus(state)
    return PlanAhead(key, title, str(status.label), STATUS_TONES[status], day)


def _values(rows: QuerySet[Any], kind: str, **columns: Any) -> QuerySet[Any, Any]:
    """The rows in the columns that all three kinds have."""
    empty = {
        "at": Value(None, output_field=DateTimeField()),
        "day": Value(None, output_field=DateField()),
        "state": Value("", output_field=CharField()),
        "number": Value(0, output_field=IntegerField()),
    }
    named = {f"{name}_shown": value for name, value in {**empty, **columns}.items()}
    order = ["kind", "pk", "title", "day_shown", "at_shown", "state_shown", "number_shown"]
    shown: QuerySet[Any, Any] = rows.annotate(
        kind=Value(kind, output_field=CharField()), **named
    ).values_list(*order)
    return shown


def _todos(actor: Actor, partner_id: int, owner_id: int | None) -> QuerySet[Any, Any]:
    rows = Todo.objects.visible_to(actor).filter(partner_id=partner_id, state=TodoState.OPEN)
    if owner_id is not None:
        rows = rows.filter(owner_id=owner_id)
    return _values(
        rows.order_by("due_on", "pk"), "todo", day=F("due_on"), number=Window(Count("pk"))
    )[:MOST_TODOS]


def _review(actor: Actor, partner_id: int) -> QuerySet[Any, Any]:
    rows = QuarterlyReview.objects.visible_to(actor).filter(
        partner_id=partner_id, status=ReviewStatus.PLANNED, meets_at__gte=timezone.now()
    )
    return _values(rows.order_by("meets_at", "pk"), "review", at=F("meets_at"))[:1]


def _plan(actor: Actor, partner_id: int, today: dt.date) -> QuerySet[Any, Any]:
    rows = JointPlan.objects.visible_to(actor).filter(
        partner_id=partner_id, status__in=[*OPEN_PLAN, PlanStatus.AGREED], last__gte=today
    )
    counts = Case(
        When(status=PlanStatus.AGREED, first__lte=today, then=True),
        default=False,
        output_field=BooleanField(),
    )
    newest = rows.alias(counts=counts).order_by("-counts", "-first", "last", "-pk")
    return _values(newest, "plan", day=F("last"), state=F("status"))[:1]
