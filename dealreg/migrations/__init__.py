"""The tables, noun by noun, as they were when migrations were started anew.

A database made by the migrations before that has all of this, so nothing is done in it.
"""

FORMER = [
    ("dealreg", "0001_initial"),
    ("dealreg", "0002_published_rules_stay"),
    ("dealreg", "0003_starter_rules"),
    ("dealreg", "0004_words_of_customers"),
    ("dealreg", "0005_names_of_fields"),
    ("dealreg", "0006_account_keys"),
    ("dealreg", "0007_rules_of_engagement_per_scope"),
    ("dealreg", "0008_own_sales"),
    ("dealreg", "0009_merging_customers"),
    ("dealreg", "0010_own_fields"),
    ("dealreg", "0011_sales_pipeline"),
    ("dealreg", "0012_measured_deals"),
    ("dealreg", "0013_conflict_cases_and_service_levels"),
    ("dealreg", "0014_default_service_level"),
    ("dealreg", "0015_deals_by_mail"),
    ("dealreg", "0016_splits"),
    ("dealreg", "0017_protection_terms"),
    ("dealreg", "0018_protections_are_followed"),
    ("dealreg", "0019_deals_through_distributors"),
    ("dealreg", "0020_leads"),
    ("dealreg", "0021_settings_have_versions"),
]
