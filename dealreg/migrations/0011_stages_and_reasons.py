"""The stages of a sale, and why one is won or lost."""

from django.db import migrations

from dealreg.migrations import FORMER

STAGES = """
INSERT INTO dealreg_salesstage (stage, probability, stale_after_days)
VALUES ('prospecting', 10, 30),
       ('engaging', 25, 21),
       ('proposal', 50, 14),
       ('negotiation', 75, 14);
"""
REASONS = """
INSERT INTO dealreg_closereason (outcome, code, label, position, active)
VALUES ('won', 'product-fit', 'The product fits best', 10, true),
       ('won', 'price', 'Price', 20, true),
       ('won', 'relationship', 'Trust in the partner', 30, true),
       ('won', 'services', 'Services and support', 40, true),
       ('won', 'won-other', 'Another reason', 50, true),
       ('lost', 'lost-price', 'Price', 60, true),
       ('lost', 'competitor', 'A competitor''s product', 70, true),
       ('lost', 'missing-feature', 'Something is missing in the product', 80, true),
       ('lost', 'no-budget', 'No budget', 90, true),
       ('lost', 'no-decision', 'The customer decided nothing', 100, true),
       ('lost', 'timing', 'The project was moved', 110, true),
       ('lost', 'lost-other', 'Another reason', 120, true);
"""


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("dealreg", "0010_sales"),
    ]

    operations = [
        migrations.RunSQL([STAGES, REASONS], migrations.RunSQL.noop),
    ]
