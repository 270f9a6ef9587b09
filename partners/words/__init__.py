"""Policies of the programme in plain words."""
