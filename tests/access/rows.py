"""Every row that the tables of addresses have, whichever part of the portal it is about."""

from tests.access import profile_table, table, together_table
from tests.access.walking import read_back_office, read_table, with_refusals

TABLES = (table, together_table, profile_table)
BACK_OFFICE = [row for each in TABLES for row in read_back_office(each.TABLES, each.DESK)]
ROWS = [
    *(row for text in (table.PORTAL, table.ACCOUNTS) for row in read_table(text)),
    *read_table(together_table.PORTAL),
    *read_table(profile_table.PORTAL),
    *(row for each in TABLES for row in read_table(with_refusals(each.API))),
    *BACK_OFFICE,
]
