"""The tables, noun by noun, as they were when migrations were started anew.

A database made by the migrations before that has all of this, so nothing is done in it.
"""

FORMER = [
    ("partners", "0001_initial"),
    ("partners", "0002_names_of_fields"),
    ("partners", "0003_calendars_of_regions"),
    ("partners", "0004_tier_programme"),
    ("partners", "0005_published_programmes_stay"),
    ("partners", "0006_region_policies"),
    ("partners", "0007_people"),
    ("partners", "0008_benefits"),
    ("partners", "0009_lifecycle"),
    ("partners", "0010_open_registrations_limit"),
    ("partners", "0011_distribution"),
    ("partners", "0012_record_of_partners"),
    ("partners", "0013_roll_outs"),
    ("partners", "0014_todos"),
    ("partners", "0015_profiles_documents_playbooks"),
    ("partners", "0016_joint_plans"),
    ("partners", "0017_agreed_plans_stay"),
    ("partners", "0018_swot"),
    ("partners", "0019_quarterly_reviews"),
    ("partners", "0020_merging_of_partners"),
    ("partners", "0021_public_directory"),
    ("partners", "0022_versions_of_roles"),
    ("partners", "0023_heirs_of_tasks"),
    ("partners", "0024_settings_have_versions"),
    ("partners", "0025_versions_of_contacts"),
    ("partners", "0026_held_figures_stay"),
    ("partners", "0027_ideal_partner_profile"),
    ("partners", "0028_roll_outs_have_versions"),
    ("partners", "0029_costs_of_partners"),
]
