"""Operations try a version of the rules on past decisions before they publish it."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actor import Actor
from core.bell import ring_on_commit
from core.events import record
from core.models import QueueState
from dealreg import replay
from dealreg.books import read_book
from dealreg.events import RulesReplayed
from dealreg.models import ReplayRun, RuleBook
from dealreg.rules.engagement import InvalidRule
from dealreg.rules.soundness import problems_of
from dealreg.services.drafting import require_operations

# So many decisions are judged while the person who asks waits.
AT_ONCE = 5_000
LONGEST = dt.timedelta(days=5 * 366)


def replay_book(*, actor: Actor, book_id: int, since: dt.date, until: dt.date) -> ReplayRun:
    """Judges the decisions of a period (both days in it) by a version of the rules: at once when
    they are few, else by a worker.

    Raises InvalidRule for a book that cannot decide, ValidationError for a wrong period,
    PermissionDenied for anyone but ops.
    """
    run = _ask(actor, book_id, since, until)
    if run.state == QueueState.RUNNING:
        replay.work_on(run)
        run.refresh_from_db()
    return run


@transaction.atomic
def _ask(actor: Actor, book_id: int, since: dt.date, until: dt.date) -> ReplayRun:
    require_operations(actor)
    if since > until or until - since > LONGEST or until > timezone.localdate():
        raise ValidationError(_("Choose a period of at most five years that has begun."))
    book = RuleBook.objects.get(pk=book_id)
    problems = problems_of(read_book(book))
    if problems:
        raise InvalidRule(" ".join(problems))
    run = ReplayRun(
        book=book,
        since=since,
        until=until,
        regions=sorted(actor.region_paths),
        asked_by_id=actor.user_id,
    )
    run.total = replay.count_decisions(run)
    if run.total <= AT_ONCE:
        run.state, run.attempts = QueueState.RUNNING, 1
    run.save()
    if run.state == QueueState.RUNNING:
        ReplayRun.objects.filter(pk=run.pk).update(leased_until=Now() + replay.PACE.lease)
    else:
        ring_on_commit(replay.REPLAY_DECISIONS)
    fact = RulesReplayed(book.version, since.isoformat(), until.isoformat())
    record(fact, subject=book, actor=actor)
    return run
