"""The starter rules."""

from django.db import migrations
from django.utils import timezone

from dealreg.migrations import FORMER
from dealreg.rules.starter import STARTER_RULES, STARTER_TITLE


def publish(apps, schema_editor):
    RuleBook = apps.get_model("dealreg", "RuleBook")
    Rule = apps.get_model("dealreg", "Rule")
    book = RuleBook.objects.create(version=1, title=STARTER_TITLE, status="draft")
    Rule.objects.bulk_create(
        Rule(book=book, position=number, **rule)
        for number, rule in enumerate(STARTER_RULES, start=1)
    )
    RuleBook.objects.filter(pk=book.pk).update(status="published", effective_from=timezone.now())


class Migration(migrations.Migration):
    replaces = FORMER
    dependencies = [
        ("dealreg", "0003_published_books_stay"),
    ]

    operations = [
        migrations.RunPython(publish, migrations.RunPython.noop),
    ]
