"""Rows from a spreadsheet into the portal. docs/importing.md says how an app plugs in."""
