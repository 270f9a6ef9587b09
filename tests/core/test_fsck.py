import datetime as dt
import os
import time

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db.models.functions import Now

from core import fsck
from core.actor import system
from core.delivery import deliver_due
from core.files import store_file, stored_path, sweep
from core.fsck import Finding, check, findings
from core.mail import queue_mail
from core.models import EventDelivery, OutgoingMail, QueueState, StoredFile
from tests.core.trial import note

HOUR = dt.timedelta(hours=1)


def messages(*only: str, deep: bool = False) -> list[str]:
    return [finding.message for finding in findings(only=only, deep=deep)]


def a_file(olga) -> StoredFile:
    upload = SimpleUploadedFile("plan.txt", b"our plan")
    return store_file(actor=system("trial"), subject=olga, upload=upload)


def path_of(stored: StoredFile) -> str:
    return stored_path(stored.pk)


def grow_old(stored: StoredFile) -> None:
    written = time.time() - 4 * HOUR.total_seconds()
    os.utime(default_storage.path(path_of(stored)), (written, written))


def test_nothing_to_report(olga, kinds, capsys):
    note("a", subject=olga)
    deliver_due()
    a_file(olga)

    call_command("fsck", "--deep")

    assert capsys.readouterr().out == "Nothing to report.\n"


def test_an_app_adds_a_check(monkeypatch, capsys):
    monkeypatch.setattr(fsck, "_checks", {})

    @check("trial.sums", "Sums add up.")
    def sums():
        yield Finding("trial.sums", "Two and two is five.", (1, 2))

    with pytest.raises(CommandError, match="1 found") as failed:
        call_command("fsck")
    assert failed.value.returncode == 1
    assert capsys.readouterr().out == "trial.sums: Two and two is five. [1, 2]\n"


def test_an_unknown_check_is_refused(db):
    with pytest.raises(CommandError, match=r"No such check: trial\.nothing"):
        call_command("fsck", "--only", "trial.nothing")


def test_the_list_says_what_is_checked(capsys):
    call_command("fsck", "--list")

    assert "events.chain: The sealed record" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"state": QueueState.PARKED}, "1 are parked."),
        ({"due_at": Now() - HOUR}, "1 are overdue."),
        ({"state": QueueState.RUNNING, "leased_until": Now() - HOUR}, "1 were abandoned."),
    ],
)
def test_work_that_stands_still_is_found(olga, kinds, wrong, message):
    note("a", subject=olga)
    EventDelivery.objects.update(**wrong)
    queue_mail(once="x", to_user=olga, subject="x", template="core/mail/notification", context={})
    OutgoingMail.objects.update(**wrong)

    assert messages("events.deliveries") == [message]
    assert messages("mail") == [message]


def test_an_event_that_a_handler_never_got_is_found(olga, kinds):
    _, event = note("a", "b", subject=olga)
    event.deliveries.all().delete()

    assert messages("events.heard") == ["trial.act has no delivery of trial.noted events."]


def test_a_missing_content_is_found(olga):
    default_storage.delete(path_of(a_file(olga)))

    assert messages("files.rows") == ["The content of plan.txt is missing."]


def test_a_content_of_another_size_is_found(olga):
    with open(default_storage.path(path_of(a_file(olga))), "ab") as content:
        content.write(b"!")

    assert messages("files.rows") == ["plan.txt has 9 bytes instead of 8."]


def test_a_changed_content_is_found_when_looked_at(olga):
    with open(default_storage.path(path_of(a_file(olga))), "wb") as content:
        content.write(b"OUR PLAN")

    assert messages("files.rows") == []
    assert messages(deep=True) == ["The content of plan.txt changed."]


def test_a_content_that_nobody_owns_is_found_and_swept(olga):
    stored = a_file(olga)
    StoredFile.objects.all().delete()
    path = path_of(stored)
    assert messages("files.unowned") == []  # it may be an upload that is still under way
    grow_old(stored)

    assert messages("files.unowned") == [f"{path} belongs to no file."]
    assert sweep() == 1
    assert not default_storage.exists(path)


def test_the_sweep_spares_what_has_a_row(olga):
    stored = a_file(olga)
    grow_old(stored)

    assert sweep() == 0
    assert default_storage.exists(path_of(stored))
