"""What is read with every request is kept until it changes, and never longer."""

import itertools
import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core.kept import kept_until_changed, looking_once
from core.models import TableVersion
from dealreg.models import ProductLine
from dealreg.product_lines import open_line_called, open_lines


def line(code: str = "cloud", *, active: bool = True) -> ProductLine:
    row, _ = ProductLine.objects.update_or_create(
        code=code, defaults={"name": code.title(), "active": active}
    )
    return row


@pytest.mark.django_db
def test_what_did_not_change_is_not_read_again():
    line()
    assert open_line_called("cloud")
    with CaptureQueriesContext(connection) as asked:
        assert open_line_called("cloud")

    assert [("core" in one["sql"], "productline" in one["sql"]) for one in asked] == [(True, False)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        lambda: line(active=False),
        lambda: ProductLine.objects.filter(code="cloud").update(active=False),
        lambda: ProductLine.objects.filter(code="cloud").delete(),
        lambda: connection.cursor().execute("UPDATE dealreg_productline SET active = false"),
        lambda: connection.cursor().execute("TRUNCATE dealreg_productline CASCADE"),
    ],
    ids=["saved", "in bulk", "deleted", "by hand", "emptied"],
)
def test_a_change_counts_at_once(change):
    line()
    assert open_line_called("cloud")

    change()

    assert open_line_called("cloud") is None


@pytest.mark.django_db
def test_what_was_rolled_back_is_forgotten():
    row = line()
    with transaction.atomic():
        line(active=False)
        assert row.pk not in open_lines()
        transaction.set_rollback(True)
    assert row.pk in open_lines()

    # Another change may not be taken for the one that was rolled back.
    line("other")
    assert {one.code for one in open_lines().values()} == {"cloud", "other"}


@pytest.mark.django_db
def test_within_one_piece_of_work_nothing_changes():
    line()
    with looking_once():
        assert open_line_called("cloud")
        line(active=False)
        with looking_once():
            assert open_line_called("cloud")
    assert open_line_called("cloud") is None


@pytest.mark.django_db
def test_a_table_without_versions_is_read_each_time():
    times = itertools.count(1)
    read = kept_until_changed("core_user")(lambda: next(times))

    assert [read(), read()] == [1, 2]


@pytest.mark.django_db
def test_without_its_version_nothing_is_kept():
    line()
    open_lines()
    TableVersion.objects.all().delete()
    ProductLine.objects.all()._raw_delete(using="default")

    assert open_lines() == {}


@pytest.mark.django_db(transaction=True)
def test_a_change_counts_for_others_from_its_commit_on():
    line()
    seen: list[bool] = []

    def elsewhere() -> None:
        try:
            seen.append(open_line_called("cloud") is not None)
        finally:
            connection.close()

    def look() -> None:
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join(10)

    with transaction.atomic():
        line(active=False)
        assert open_line_called("cloud") is None
        look()
    look()

    assert seen == [True, False]
