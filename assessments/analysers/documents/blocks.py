"""The parts of a word-processor text: headings, paragraphs, list items and tables."""

from dataclasses import dataclass
from typing import Final, Literal

MAX_BLOCKS: Final = 50_000


@dataclass(frozen=True, slots=True)
class Block:
    """One part in the order of the text; `level` is that of a heading or of an item, from 1.

    `rows` are the cells of a table; its `text` has a line for each row.
    """

    kind: Literal["heading", "paragraph", "item", "table"]
    text: str
    level: int = 1
    rows: tuple[tuple[str, ...], ...] = ()


def table(rows: list[list[str]]) -> Block:
    cells = tuple(tuple(" ".join(cell.split()) for cell in row) for row in rows if any(row))
    return Block("table", "\n".join("\t".join(row) for row in cells), rows=cells)
