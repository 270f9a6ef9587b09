"""What this floor itself announces."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core import account_facts as account_facts
from core.events import event_kind

Values = dict[str, str]


@event_kind("core.row_added", sentence=_("%(actor)s added %(model)s “%(label)s”"), staff_only=True)
@dataclass(frozen=True, slots=True)
class RowAdded:
    """`values` are the row's fields as text."""

    model: str
    label: str
    values: Values


@event_kind(
    "core.row_changed", sentence=_("%(actor)s changed %(model)s “%(label)s”"), staff_only=True
)
@dataclass(frozen=True, slots=True)
class RowChanged:
    """`changes` is field → [old, new], as text."""

    model: str
    label: str
    changes: dict[str, list[str]]


@event_kind(
    "core.row_removed",
    sentence=_("%(actor)s removed %(model)s “%(label)s”"),
    staff_only=True,
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class RowRemoved:
    """`values` are the fields as they were."""

    model: str
    label: str
    values: Values


@event_kind(
    "core.work_run_again",
    sentence=_("%(actor)s had parked work run again: %(queue)s"),
    staff_only=True,
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class WorkRunAgain:
    """`rows` are the keys of the rows in `queue`."""

    queue: str
    rows: tuple[str, ...]


@event_kind("core.account_changed", sentence=_("%(actor)s changed the account"), staff_only=True)
@dataclass(frozen=True, slots=True)
class AccountChanged:
    """`changes` is field → [old, new], as text."""

    changes: dict[str, list[str]]


@event_kind(
    "core.account_reopened",
    sentence=_("%(actor)s opened the account again"),
    staff_only=True,
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class AccountReopened:
    """A closed account may sign in again."""


@event_kind(
    "core.import_begun", sentence=_("%(actor)s sent the file %(file)s to import"), staff_only=True
)
@dataclass(frozen=True, slots=True)
class ImportBegun:
    """`what` is the importer's name, `rows` how many rows the file has."""

    what: str
    file: str
    rows: int


@event_kind(
    "core.import_taken", sentence=_("%(actor)s imported the file %(file)s"), staff_only=True
)
@dataclass(frozen=True, slots=True)
class ImportTaken:
    """`added` is how many rows were new."""

    file: str
    added: int


@event_kind(
    "core.import_undone",
    sentence=_("%(actor)s took back the import of the file %(file)s"),
    staff_only=True,
    tone="warn",
)
@dataclass(frozen=True, slots=True)
class ImportUndone:
    """`removed` is how many rows were taken back."""

    file: str
    removed: int
