"""The tables, noun by noun, as they were when migrations were started anew.

A database made by the migrations before that has all of this, so nothing is done in it.
"""

FORMER = [
    ("core", "0001_initial"),
    ("core", "0002_cache_table"),
    ("core", "0003_the_record_stays"),
    ("core", "0004_api_call_window"),
    ("core", "0005_activity_in_order"),
    ("core", "0006_names_of_fields"),
    ("core", "0007_secrets_in_mail"),
    ("core", "0008_idempotent_calls"),
    ("core", "0009_appointments"),
    ("core", "0010_saved_filters"),
    ("core", "0011_headers_of_mail"),
    ("core", "0012_imports"),
    ("core", "0013_versions_of_tables"),
]
