"""Example data for `manage.py seed_demo`: an invented vendor, its partners and their customers.

Everybody is made up; every address ends in `.example`, which nobody can own.
"""
