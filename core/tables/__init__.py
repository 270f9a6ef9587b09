"""The server's side of lists: columns, sorting, paging by key, and export."""

from core.tables.export import csv_cell, csv_export, csv_lines, neutral_cell, original_cell
from core.tables.keyset import Page, keyset_page
from core.tables.lists import Column, EmptyState, Table, read_table

__all__ = [
    "Column",
    "EmptyState",
    "Page",
    "Table",
    "csv_cell",
    "csv_export",
    "csv_lines",
    "keyset_page",
    "neutral_cell",
    "original_cell",
    "read_table",
]
