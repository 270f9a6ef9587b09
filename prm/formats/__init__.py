"""How days and moments are written, by language; the rest is Django's."""
