"""Every row that the tables of addresses have, whichever part of the portal it is about."""

from tests.access import profile_table, table, together_table
from tests.access.walking import read_back_office, read_table

TABLES = (table, together_table, profile_table)
BACK_OFFICE = [row for each in TABLES for row in read_back_office(each.TABLES, each.DESK)]
ROWS = [
    *(row for text in (table.PORTAL, table.ACCOUNTS, table.API) for row in read_table(text)),
    *(row for text in (together_table.PORTAL, together_table.API) for row in read_table(text)),
    *(row for text in (profile_table.PORTAL, profile_table.API) for row in read_table(text)),
    *BACK_OFFICE,
]
