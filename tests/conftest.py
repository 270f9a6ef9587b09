"""Fixtures that every test may use."""

import hypothesis
import pytest
from django.db import connection
from django.template.base import Template
from django.test import TransactionTestCase
from django.utils import timezone
from whitenoise.middleware import WhiteNoiseMiddleware

from dealreg.models import Rule, RuleBook
from dealreg.rules.starter import STARTER_RULES
from tests.cast import Cast, make_cast
from tests.database import contents, may_restore, migrated_template, restore, send_others_away
from tests.portal import draw, look_for_files_once

# A slow machine is no wrong answer.
hypothesis.settings.register_profile("prm", deadline=None)
hypothesis.settings.load_profile("prm")


@pytest.fixture(scope="session", autouse=True)
def _a_portal_for_tests(django_test_environment):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Template, "_render", draw)
        patched.setattr(WhiteNoiseMiddleware, "add_files_from_finders", look_for_files_once)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker):
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated_template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The tests' database, where the record of events may be emptied between tests; changing
    and deleting stay refused."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("core_event", "core_eventseal", "core_sealedevent"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER keep_record_whole")
    with pytest.MonkeyPatch.context() as patched:
        with django_db_blocker.unblock():
            if may_restore():
                held = contents()
                patched.setattr(
                    TransactionTestCase, "_fixture_teardown", lambda _case: restore(held)
                )
        yield
    with django_db_blocker.unblock():
        send_others_away()


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    """Each test keeps its files and mails to itself."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "media", "base_url": None},
        },
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


@pytest.fixture
def rules(db) -> RuleBook:
    """The starter rules. A test that commits for real loses the migrations' rows, so they are
    put back where they are missing."""
    book = RuleBook.objects.filter(status="published").first()
    if book is None:
        book = RuleBook.objects.create(version=1, title="Starter rules")
        Rule.objects.bulk_create(
            Rule(book=book, position=number, **rule)
            for number, rule in enumerate(STARTER_RULES, start=1)
        )
        RuleBook.objects.filter(pk=book.pk).update(
            status="published", effective_from=timezone.now()
        )
    return book
