"""Keeps the keys under which customers are found (rules/blocking.py) as the customers are.

Keys follow from names and domains alone, so they are no facts of their own: nothing is told
when they change, and they can be written anew at any time (`manage.py index_accounts`).
"""

import io
from collections.abc import Callable, Iterable, Sequence

from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef

from core.prepared import Prepared
from dealreg.models import Account, AccountAlias, AccountKey
from dealreg.rules.blocking import index_keys
from dealreg.rules.names import Customer, name_key

BATCH = 20_000
ADD = Prepared("""
INSERT INTO dealreg_accountkey (key, account_id)
SELECT key, account_id FROM unnest(%s::bigint[], %s::bigint[]) AS added (key, account_id)
ON CONFLICT DO NOTHING
""")


def index_new_account(account: Account) -> None:
    """Writes the keys of a customer that has none and no aliases. One statement."""
    _add({account.pk: index_keys(_customer(account))})


def reindex_accounts(accounts: Sequence[Account]) -> None:
    """Writes the keys of customers anew, with those of their aliases."""
    wanted = _keys(accounts)
    with transaction.atomic():
        AccountKey.objects.filter(account_id__in=wanted).delete()
        _add(wanted)


def index_missing() -> int:
    """Writes the keys of all customers that have none, batch by batch; how many these were.
    Registrations wait while the very first keys of many customers are written."""
    if not AccountKey.objects.exists() and Account.objects.count() > BATCH:
        return _fill()
    return _in_batches(copy_keys, only_missing=True)


def reindex_all() -> int:
    """Folds all customers' names and writes their keys anew, batch by batch, while others go on
    working: needed after a change to how names are folded or cut into keys."""
    return _in_batches(_refold_and_reindex)


def _refold_and_reindex(accounts: Sequence[Account]) -> None:
    changed = [account for account in accounts if account.name_key != name_key(account.name)]
    for account in changed:
        account.name_key = name_key(account.name)
    Account.objects.bulk_update(changed, ["name_key"], batch_size=1_000)
    _refold_aliases(accounts)
    reindex_accounts(accounts)


def _refold_aliases(accounts: Sequence[Account]) -> None:
    """An alias that would become another one's double stays as it is; that one is found."""
    aliases = list(AccountAlias.objects.filter(account__in=accounts))
    taken = {(alias.account_id, alias.name_key, alias.domain) for alias in aliases}
    changed = []
    for alias in aliases:
        known_as = (alias.account_id, name_key(alias.name), alias.domain)
        if known_as not in taken:
            alias.name_key = known_as[1]
            taken.add(known_as)
            changed.append(alias)
    AccountAlias.objects.bulk_update(changed, ["name_key"], batch_size=1_000)


def copy_keys(accounts: Sequence[Account]) -> None:
    """As fast as PostgreSQL takes them; only for customers that have no keys yet."""
    wanted = _keys(accounts)
    # In the index's own order the rows arrive where their neighbours are.
    pairs = sorted((key, account_id) for account_id, keys in wanted.items() for key in keys)
    statement = "COPY dealreg_accountkey (key, account_id) FROM STDIN"
    rows = io.StringIO("".join(f"{key}\t{account_id}\n" for key, account_id in pairs))
    with connection.cursor() as cursor:
        cursor.copy_expert(statement, rows)


# A search tree is built from sorted rows in a fraction of the time that it takes to grow.
WITHOUT_INDEX = """
SET LOCAL statement_timeout = 0;
SET LOCAL maintenance_work_mem = '256MB';
LOCK TABLE dealreg_accountkey IN ACCESS EXCLUSIVE MODE;
ALTER TABLE dealreg_accountkey DROP CONSTRAINT dealreg_accountkey_pkey
"""
BUILD_INDEX = """
ALTER TABLE dealreg_accountkey
ADD CONSTRAINT dealreg_accountkey_pkey PRIMARY KEY (key, account_id)
"""


@transaction.atomic
def _fill() -> int:
    """Writes the keys of all customers into the empty table, then its index."""
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT_INDEX)
        count = _in_batches(copy_keys)
        cursor.execute(BUILD_INDEX)
    return count


def _in_batches(write: Callable[[Sequence[Account]], None], *, only_missing: bool = False) -> int:
    # A customer that is added from now on comes with its keys.
    last = Account.objects.aggregate(last=Max("pk"))["last"] or 0
    done = count = 0
    while done < last:
        live = Account.objects.filter(merged_into__isnull=True)
        rows = live.filter(pk__gt=done, pk__lte=last).order_by("pk")
        if only_missing:
            rows = rows.filter(~Exists(AccountKey.objects.filter(account=OuterRef("pk"))))
        batch = list(rows[:BATCH])
        if not batch:
            break
        with transaction.atomic():
            write(batch)
        done, count = batch[-1].pk, count + len(batch)
    return count


def _keys(accounts: Iterable[Account]) -> dict[int, frozenset[int]]:
    keys = {account.pk: index_keys(_customer(account)) for account in accounts}
    countries = {account.pk: account.country for account in accounts}
    for alias in AccountAlias.objects.filter(account_id__in=keys):
        known_as = Customer(alias.name_key, alias.domain, countries[alias.account_id], alias.name)
        keys[alias.account_id] |= index_keys(known_as)
    return keys


def _customer(account: Account) -> Customer:
    return Customer(account.name_key, account.domain, account.country, account.name)


def _add(wanted: dict[int, frozenset[int]]) -> None:
    pairs = [(key, account_id) for account_id, keys in wanted.items() for key in keys]
    with connection.cursor() as cursor:
        ADD.run(cursor, [[key for key, _ in pairs], [account_id for _, account_id in pairs]])
