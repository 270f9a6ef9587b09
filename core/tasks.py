"""Bells of this floor. Each looks for due rows and stops when there are none."""
