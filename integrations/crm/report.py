"""What became of each row, for the person who ran the import."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from integrations.crm.rows import Note, RowRefused

HEADER = ("file", "line", "key", "result", "column", "remark")
# A spreadsheet would take a cell that begins like this for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Result(StrEnum):
    TAKEN = "taken"
    THERE_ALREADY = "there already"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RowReport:
    file: str
    line: int
    key: str
    result: Result
    notes: tuple[Note, ...] = ()


@dataclass
class Report:
    rows: list[RowReport] = field(default_factory=list)

    def add(
        self, file: str, line: int, key: str, result: Result, notes: tuple[Note, ...] = ()
    ) -> None:
        self.rows.append(RowReport(file, line, key, result, notes))

    def refuse(self, file: str, line: int, key: str, why: RowRefused) -> None:
        self.add(file, line, key, Result.REFUSED, (Note(why.column, str(why)),))

    def count(self, file: str, result: Result) -> int:
        return sum(row.file == file and row.result == result for row in self.rows)

    @property
    def refused(self) -> list[RowReport]:
        return [row for row in self.rows if row.result == Result.REFUSED]

    def table(self) -> str:
        """One line per file: how many rows were taken, were there already, were refused."""
        lines = [("file", "rows", *(result.value for result in Result), "with remarks")]
        for file in dict.fromkeys(row.file for row in self.rows):
            of_file = [row for row in self.rows if row.file == file]
            counts = Counter(row.result for row in of_file)
            remarks = sum(bool(row.notes) and row.result != Result.REFUSED for row in of_file)
            numbers = (len(of_file), *(counts[result] for result in Result), remarks)
            lines.append((file, *(f"{number:,}" for number in numbers)))
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(
            "  ".join(
                [line[0].ljust(widths[0])]
                + [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
            )
            for line in lines
        )

    def remarks(self) -> Iterator[str]:
        """Each remark once with the number of its rows, the most frequent first."""
        counts = Counter(
            (row.file, note.column, note.text, row.result == Result.REFUSED)
            for row in self.rows
            for note in row.notes
        )
        for (file, column, text, refused), number in counts.most_common():
            place = f"{file}, {column}" if column else file
            refusal = "refused: " if refused else ""
            yield f"{number:,} × {place}: {refusal}{text}"

    def write(self, path: Path) -> None:
        """One CSV line per row and remark. The file appears whole or not at all."""
        draft = path.with_name(f"{path.name}.new")
        with draft.open("w", encoding="utf-8", newline="") as output:
            writer = csv.writer(output)
            writer.writerow(HEADER)
            for row in self.rows:
                for note in row.notes or (Note("", ""),):
                    cells = (row.file, str(row.line), row.key, row.result.value)
                    writer.writerow(map(_inert, (*cells, note.column, note.text)))
        draft.replace(path)


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
