"""Customers and deals by the million for benchmarks, made where they are missing.

All benchmarks use the same rows: number n is the same row at every size, and a larger size
adds to a smaller one.
"""

from django.db import connection

from dealreg.models import Account, Deal
from prm.demo.volume import Size, grow

PARTNERS = 500


def fill(*, accounts: int, deals: int) -> None:
    """At least so many customers and deals, one deal per customer; vacuumed when any were added."""
    size = Size(partners=PARTNERS, accounts=accounts, deals=deals)
    before = Deal.objects.filter(external_ref__startswith="demo:d:").count()
    if before >= deals:
        return
    print(f"making {deals - before:,} deals … ", end="", flush=True)
    grow(size, tell=lambda _line: None)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def fill_customers(accounts: int) -> None:
    """At least so many customers, whether they have deals or not; vacuumed when any were added."""
    before = Account.objects.filter(external_ref__startswith="demo:a:").count()
    if before >= accounts:
        return
    print(f"making {accounts - before:,} customers … ", end="", flush=True)
    grow(Size(partners=PARTNERS, accounts=accounts, deals=0), tell=lambda _line: None)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


# Read in the order of an index, pages stay in the server's memory; by a scan of the table not.
WARM = (
    "SELECT count(*) FROM (SELECT key FROM dealreg_accountkey ORDER BY key, account_id) AS keys",
    "SELECT sum(length(name)) FROM (SELECT name FROM dealreg_account ORDER BY id) AS accounts",
)


def warm_up() -> None:
    """Has the database hold customers and their keys in memory, as it does in a portal in use:
    a server that has just started reads them from the disk."""
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute("SET enable_sort = off")
        for query in WARM:
            cursor.execute(query)
        cursor.execute("RESET enable_seqscan")
        cursor.execute("RESET enable_sort")
