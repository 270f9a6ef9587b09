"""What a replay of past decisions changed, page by page."""

from dataclasses import dataclass

from dealreg.desk.queue import PAGE
from dealreg.models import ReplayChange, ReplayRun


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """A page of the decisions that a replay changed. `after` leads to the next, 0 at the end."""

    changes: tuple[ReplayChange, ...]
    after: int


def replay_changes(run: ReplayRun, after: int) -> ChangesPage:
    """One query."""
    rows = run.changes.filter(pk__gt=after).select_related("deal__partner").order_by("id")
    found = list(rows[: PAGE + 1])
    return ChangesPage(tuple(found[:PAGE]), found[PAGE - 1].pk if len(found) > PAGE else 0)
