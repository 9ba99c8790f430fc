"""One CSV file from a spreadsheet, read into rows that know their line."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from assessments.importing.json_text import has_bad_character
from assessments.importing.problems import MAX_BYTES, MAX_NODES, MAX_TEXT, Problem, RefusedError

# No table for a referential is as wide; millions of columns would take hours to compare.
MAX_COLUMNS = 1000
_DELIMITERS = (";", ",", "\t")
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,6})?")
_TEXT_COLUMN = re.compile(r"(?P<name>[a-z_]+?)_(?P<language>[a-z]{2})")


def escaped(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; ``unescaped`` gives the text back."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unescaped(cell: str) -> str:
    return cell[1:] if _ESCAPED.match(cell) else cell


@dataclass
class Row:
    """The cells of one line, by column; ``problems`` is shared by the whole reading."""

    file: str
    line: int
    cells: dict[str, str]
    problems: list[Problem]

    def where(self, column: str = "") -> str:
        place = f"{self.file} line {self.line}"
        return f"{place}, column {column}" if column else place

    def note(self, column: str, code: str, values: dict[str, str | int] | None = None) -> None:
        self.problems.append(Problem(self.where(column), code, values or {}))

    def text(self, column: str, limit: int = MAX_TEXT) -> str:
        text = self.cells.get(column, "")
        if len(text) > limit:
            self.note(column, "too-long", {"limit": limit})
        return text

    def texts(self, name: str, language: str, limit: int = MAX_TEXT) -> dict[str, str]:
        """The cells ``name_en``, ``name_fr``…; a bare ``name`` is in the document's language."""
        found = {language: bare} if (bare := self.text(name, limit)) else {}
        for column, text in self.cells.items():
            match = _TEXT_COLUMN.fullmatch(column)
            if match and match["name"] == name and text:
                found[match["language"]] = self.text(column, limit)
        return found

    def number(self, column: str) -> Decimal | None:
        """A number, with a point or (French and Dutch spreadsheets) a comma."""
        written = re.sub(r"[\s\u00a0\u202f]", "", self.text(column)).replace(",", ".")
        if not written:
            return None
        if not _NUMBER.fullmatch(written):
            self.note(column, "bad-number")
            return None
        return Decimal(written)

    def integer(self, column: str) -> int | None:
        number = self.number(column)
        if number is not None and number != number.to_integral_value():
            self.note(column, "not-whole")
            return None
        return None if number is None else int(number)


@dataclass(frozen=True)
class Table:
    """The rows of a file under its columns."""

    name: str
    columns: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)


def read_table(name: str, data: bytes, problems: list[Problem]) -> Table:
    """Raises RefusedError when the file is no table at all; what is wrong in a row goes to ``problems``."""
    if len(data) > MAX_BYTES:
        raise RefusedError(name, "too-large", {"limit": MAX_BYTES // (1024 * 1024)})
    text = _decoded(name, data)
    lines = _lines(name, text)
    line, header = next(lines, (1, []))
    _guard_width(name, line, header)
    columns = tuple(_column(cell) for cell in header)
    if not any(columns):
        raise RefusedError(name, "empty-file")
    for column in {column for column in columns if column and columns.count(column) > 1}:
        problems.append(
            Problem(f"{name} line {line}, column {column}", "repeated-column", {"column": column})
        )
    table = Table(name, tuple(column for column in columns if column))
    for line, cells in lines:
        _guard_width(name, line, cells)
        if len(problems) > MAX_NODES:
            break  # nothing will be saved, and nobody reads more
        row = _row(name, line, columns, cells, problems)
        if row.cells:
            table.rows.append(row)
        if len(table.rows) > MAX_NODES:
            raise RefusedError(name, "too-many", {"limit": MAX_NODES})
    return table


def _guard_width(name: str, line: int, cells: list[str]) -> None:
    if len(cells) > MAX_COLUMNS:
        raise RefusedError(f"{name} line {line}", "too-many", {"limit": MAX_COLUMNS})


def _decoded(name: str, data: bytes) -> str:
    """UTF-8 with or without a mark, or the UTF-16 that Excel calls Unicode text."""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RefusedError(f"{name} line {line}", "not-utf8") from None


def _lines(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Each line's number (where it starts) and cells."""
    start = 1
    announced = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    if announced:
        text, start = text[announced.end() :], 2
    delimiter = announced[1] if announced else _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield start, cells
            start = reader.line_num + (2 if announced else 1)
    except csv.Error:
        raise RefusedError(f"{name} line {start}", "bad-csv") from None


def _delimiter(text: str) -> str:
    """The separator that the header uses most, outside quotes."""
    header = re.sub(r'"[^"]*"', "", re.split(r"[\r\n]", text, maxsplit=1)[0])
    return max(_DELIMITERS, key=header.count)


def _column(cell: str) -> str:
    return re.sub(r"[\s\-]+", "_", cell.strip().lower())[:60]


def _row(name: str, line: int, columns: tuple[str, ...], cells: list[str], problems: list[Problem]) -> Row:
    row = Row(name, line, {}, problems)
    for index, cell in enumerate(cells):
        text = unescaped(cell).replace("\r\n", "\n").replace("\r", "\n").strip()
        column = columns[index] if index < len(columns) else ""
        if not text:
            continue
        if not column:
            row.problems.append(Problem(row.where(), "cell-without-column", {"number": index + 1}))
        elif has_bad_character(text):
            row.note(column, "bad-character")
        else:
            row.cells[column] = text
    return row
