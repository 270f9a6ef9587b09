"""The audit of duplicates: goes through all customers, a few each minute, and keeps a list of
pairs that may be one. People decide (merging.py)."""

import datetime as dt

from django.db import models, transaction
from django.utils import timezone

from dealreg.matching import Candidate, find_similar
from dealreg.models import Account, DuplicateAudit, DuplicatePair
from dealreg.rules.facts import ConflictLevel
from dealreg.rules.names import Customer

LOOK_FOR_DUPLICATES = "dealreg.tasks.look_for_duplicates"
AT_ONCE = 500
# Nobody works through more; the audit waits until some are decided.
MOST_OPEN = 5_000
REST = dt.timedelta(days=1)
WORTH_A_LOOK = frozenset({ConflictLevel.SAME, ConflictLevel.LIKELY})


@transaction.atomic
def look_on(at_once: int = AT_ONCE) -> int:
    """Looks at the next customers, from the first again a day after the last; how many pairs
    were new. Two workers at once do the work of one."""
    DuplicateAudit.objects.get_or_create(pk=1)
    audit = DuplicateAudit.objects.select_for_update(skip_locked=True).filter(pk=1).first()
    if audit is None or _rests(audit) or open_pairs()[:MOST_OPEN].count() >= MOST_OPEN:
        return 0
    live = Account.objects.filter(merged_into__isnull=True, pk__gt=audit.last_account_id)
    accounts = list(live.order_by("pk")[:at_once])
    before = DuplicatePair.objects.count()
    found = [pair for account in accounts for pair in _pairs_of(account)]
    DuplicatePair.objects.bulk_create(found, ignore_conflicts=True)
    _note_place(audit, accounts, ended=len(accounts) < at_once)
    return DuplicatePair.objects.count() - before


def open_pairs() -> "models.QuerySet[DuplicatePair]":
    """The pairs to look at: neither dismissed nor merged."""
    return DuplicatePair.objects.filter(
        dismissed_at__isnull=True,
        first__merged_into__isnull=True,
        second__merged_into__isnull=True,
    )


def _rests(audit: DuplicateAudit) -> bool:
    return audit.ended_at is not None and timezone.now() < audit.ended_at + REST


def _note_place(audit: DuplicateAudit, looked_at: list[Account], *, ended: bool) -> None:
    now = timezone.now()
    if audit.last_account_id == 0:
        audit.began_at = now
    audit.last_account_id = 0 if ended else looked_at[-1].pk
    audit.ended_at = now if ended else None
    audit.save()


def _pairs_of(account: Account) -> list[DuplicatePair]:
    customer = Customer(account.name_key, account.domain, account.country, account.name)
    return [
        DuplicatePair(
            first_id=min(account.pk, one.account_id),
            second_id=max(account.pk, one.account_id),
            level=one.level.value,
            score=one.score,
            fields=[[field.name, field.score, field.agrees] for field in one.fields],
        )
        for one in find_similar(customer)
        if one.account_id != account.pk and one.level in WORTH_A_LOOK and not _family(account, one)
    ]


def _family(account: Account, one: Candidate) -> bool:
    return one.relative_of is not None or one.account_id == account.parent_id
