"""What an app says of the things it takes from spreadsheets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.actor import Actor

Text = str | Promise


class RowOutcome(TextChoices):
    """What becomes, or would become, of a row."""

    ADDED = "added", _("Added")
    KNOWN = "known", _("There already")
    WRONG = "wrong", _("Wrong")
    UNDONE = "undone", _("Taken back")
    KEPT = "kept", _("Changed since, kept")


@dataclass(frozen=True, slots=True)
class ImportColumn:
    """A field that a column of the sheet may hold. `names` are other headings it is known by,
    in any language."""

    field: str
    label: Text
    required: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as it was written: field → text. `number` is its line in the file, from 1."""

    number: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of a row: `subject_id` is the thing that it is, `message` what is wrong."""

    outcome: RowOutcome
    message: str = ""
    subject_id: int | None = None


class Importer(Protocol):
    """Takes one kind of thing. `name` is stored; `subject` names the thing as dealreg.deal.

    `take` is called for some hundred rows at once, in a transaction; with `dry` it writes
    nothing and says what would happen. It never raises for what stands in a row. A row that was
    taken before is KNOWN, however often the file is sent. `take_back` removes the things that a
    run added, except those that somebody has touched since, and answers which are gone.
    """

    name: str
    subject: str
    label: Text

    def columns(self) -> Sequence[ImportColumn]: ...

    def may(self, actor: Actor) -> bool: ...

    def take(self, actor: Actor, rows: Sequence[SheetRow], *, dry: bool) -> list[RowResult]: ...

    def take_back(self, actor: Actor, subject_ids: Sequence[int]) -> set[int]: ...


_importers: dict[str, Importer] = {}


def register_importer(importer: Importer) -> None:
    if importer.name in _importers:
        raise ValueError(f"The importer {importer.name} is registered twice.")
    _importers[importer.name] = importer


def importers_for(actor: Actor) -> list[Importer]:
    return [each for each in _importers.values() if each.may(actor)]


def importer_named(name: str) -> Importer:
    """Raises KeyError."""
    return _importers[name]
