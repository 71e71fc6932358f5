"""Where a table starts: the header row below title rows, rows of filling-in advice under it, and usable column names.

Works on the first rows of any file. A header row is full, made of distinct words, stands right above rows that look
like data, and more often than not holds words that somebody knows (``Vocabulary``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from liaoran.exchange.readers.table import Cell, Notice, Reading, Vocabulary, cell_text
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text

SAMPLE_ROWS = 120
_SEARCHED_ROWS = 40
_MOST_NOTE_ROWS = 3
_NOTE = re.compile(
    r"^[\s(（【\[*]*(必填|选填|非必填|必选|可选|可空|可为空|示例|样例|例如|例[:：]|如[:：]|格式|请(填|输|选|勿|按|从)|填写|说明|下拉"
    r"|required|optional|mandatory|e\.g\.|eg[:.]|example|sample[:：]|format|please|select from|enter |max(imum)? \d)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^[-+(]?[￥¥$€£]?\s*\d[\d,.\s]*(%|万|亿|k|m)?\)?$", re.IGNORECASE)
_DATE = re.compile(r"^\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}")
_ADDRESS = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_YEAR = re.compile(r"^(19|20)\d\d$")


@dataclass(frozen=True, slots=True)
class Start:
    """``header`` and ``first`` index the sample rows (header -1: none); ``names`` are repaired and distinct."""

    header: int
    first: int
    names: tuple[str, ...]
    notices: list[Notice] = field(default_factory=list)


def find_start(
    rows: Sequence[Sequence[Cell]],
    lines: Sequence[int],
    vocabulary: Vocabulary,
    reading: Reading,
    merged_above: frozenset[tuple[int, int]] = frozenset(),
) -> Start:
    """Finds the table in the first rows of a file.

    ``lines[i]`` is the line of ``rows[i]``; ``merged_above`` holds (line, column index) of cells that continue the
    cell above, so that a name merged over two header rows is found. Raises Invalid for a wanted header row that the
    sample does not hold.
    """
    if reading.header_row == 0:
        return _without_header(rows, lines)
    if reading.header_row is not None:
        header = next((index for index, line in enumerate(lines) if line == reading.header_row), None)
        if header is None:
            raise Invalid(
                Text("第 {line} 行没有内容，不能作为表头", "row {line} is empty and cannot be the header").fill(
                    line=reading.header_row
                ),
                code="no_header",
            )
    else:
        header = _likeliest_header(rows, vocabulary)
        if header == 0 and _looks_like_data(rows) and not vocabulary.hits([cell_text(cell) for cell in rows[0]]):
            return _without_header(rows, lines)
    return _with_header(rows, lines, header, merged_above)


def _with_header(
    rows: Sequence[Sequence[Cell]], lines: Sequence[int], header: int, merged_above: frozenset[tuple[int, int]]
) -> Start:
    notices = []
    if header > 0:
        message = Text(
            "表头在第 {line} 行，上面的标题行已跳过", "the header is row {line}; the rows above it are titles"
        )
        notices.append(Notice("title_rows", message.fill(line=lines[header]), lines[header]))
    first = header + 1
    while first < len(rows) and first - header <= _MOST_NOTE_ROWS and is_note_row(rows[first]):
        message = Text("第 {line} 行是填写说明，已跳过", "row {line} holds filling-in advice and is skipped")
        notices.append(Notice("note_row", message.fill(line=lines[first]), lines[first]))
        first += 1
    above = rows[header - 1] if header and lines[header - 1] == lines[header] - 1 else ()
    raw = [_clean_name(cell) for cell in rows[header]]
    for column, name in enumerate(raw):
        if not name and column < len(above) and (lines[header], column) in merged_above:
            raw[column] = _clean_name(above[column])
    names, repaired = repaired_names(raw, _data_width(rows[first:], len(raw)))
    notices.extend(Notice("column_name", message, lines[header]) for message in repaired)
    return Start(header, first, names, notices)


def _without_header(rows: Sequence[Sequence[Cell]], lines: Sequence[int]) -> Start:
    names, _ = repaired_names([], _data_width(rows, 0))
    message = Text("文件没有表头，列名按顺序编号", "the file has no header row; the columns are numbered")
    return Start(-1, 0, names, [Notice("no_header", message, lines[0] if lines else None, "warning")])


def repaired_names(raw: Sequence[str], width: int) -> tuple[tuple[str, ...], list[Text]]:
    """Distinct, non-empty names for ``width`` columns, and one sentence for each that had to be made or changed."""
    names: list[str] = []
    repairs: list[Text] = []
    taken: Counter[str] = Counter()
    known = {name.casefold() for name in raw if name}
    for index in range(width):
        name = raw[index] if index < len(raw) else ""
        if not name:
            name = f"Column {index + 1}"
            if raw:
                message = Text("第 {n} 列没有列名，称为“{name}”", "column {n} has no name and is called “{name}”")
                repairs.append(message.fill(n=index + 1, name=name))
        elif taken[name.casefold()]:
            count, original = taken[name.casefold()] + 1, name
            while f"{original} ({count})".casefold() in known:
                count += 1
            name = f"{original} ({count})"
            message = Text(
                "列名“{old}”重复，第 {n} 列称为“{name}”", "the name “{old}” repeats; column {n} is called “{name}”"
            )
            repairs.append(message.fill(old=original, n=index + 1, name=name))
            taken[original.casefold()] += 1
        taken[name.casefold()] += 1
        known.add(name.casefold())
        names.append(name)
    return tuple(names), repairs


def is_note_row(cells: Sequence[Cell]) -> bool:
    """Whether at least half of the filled cells are advice such as ``必填，从下拉选择`` or ``optional, YYYY-MM-DD``."""
    filled = [cell for cell in cells if not _blank(cell)]
    notes = sum(1 for cell in filled if isinstance(cell, str) and _NOTE.match(cell.strip()))
    return bool(filled) and notes * 2 >= len(filled) and (notes > 1 or len(filled) == 1)


def _likeliest_header(rows: Sequence[Sequence[Cell]], vocabulary: Vocabulary) -> int:
    width = max((_filled_width(row) for row in rows), default=0)
    kinds = _column_kinds(rows, width)
    best, best_score = 0, -1.0
    for index, row in enumerate(rows[:_SEARCHED_ROWS]):
        filled = [cell for cell in row if not _blank(cell)]
        if not filled or (index == len(rows) - 1 > 0 and best_score > 0):
            continue
        score = _header_score(row, filled, rows[index + 1] if index + 1 < len(rows) else (), kinds, width, vocabulary)
        if score > best_score + 1e-9:
            best, best_score = index, score
    return best


def _header_score(
    row: Sequence[Cell],
    filled: Sequence[Cell],
    below: Sequence[Cell],
    kinds: Sequence[str],
    width: int,
    vocabulary: Vocabulary,
) -> float:
    """Between 0 and about 4: fullness, words rather than values, distinctness, known names, data right below."""
    texts = [cell_text(cell).strip() for cell in filled]
    words = sum(1 for cell in filled if _kind(cell) == "text") / len(filled)
    distinct = len({text.casefold() for text in texts}) / len(texts)
    fullness = len(filled) / width
    known = vocabulary.hits(texts) / len(texts)
    fits = [_kind(cell) == kind for cell, kind in zip(below, kinds, strict=False) if not _blank(cell)]
    data_below = sum(fits) / len(fits) if fits else 0.0
    contrast = sum(
        1
        for cell, kind in zip(row, kinds, strict=False)
        if not _blank(cell) and kind not in ("text", "") and _kind(cell) == "text"
    )
    varied = sum(1 for kind in kinds if kind not in ("text", ""))
    notes = is_note_row(row)
    score = 1.5 * fullness + 0.5 * words * fullness + 0.3 * distinct * fullness + 2.0 * known * fullness
    score += 0.4 * data_below * fullness + (0.8 * contrast / varied if varied else 0.0)
    return 0.0 if notes else score


def _column_kinds(rows: Sequence[Sequence[Cell]], width: int) -> list[str]:
    """For each column what most of its filled sample cells are."""
    kinds = []
    for column in range(width):
        found = Counter(_kind(row[column]) for row in rows if column < len(row) and not _blank(row[column]))
        kinds.append(found.most_common(1)[0][0] if found else "")
    return kinds


def _looks_like_data(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether the first row holds values like those below it, and no row of years that would be a header."""
    if len(rows) < 2:
        return False
    width = max(len(row) for row in rows)
    kinds = _column_kinds(rows[1:], width)
    filled = [(cell, kind) for cell, kind in zip(rows[0], kinds, strict=False) if not _blank(cell)]
    if all(_YEAR.match(cell_text(cell)) for cell, _ in filled if _kind(cell) == "number") and any(
        _kind(cell) == "number" for cell, _ in filled
    ):
        return False
    same = sum(1 for cell, kind in filled if _kind(cell) != "text" and _kind(cell) == kind)
    return same * 2 >= len(filled) and same > 0


def _data_width(rows: Sequence[Sequence[Cell]], header_width: int) -> int:
    """The header's width without nameless empty columns at its end, or that of most rows where they are wider."""
    widths = Counter(_filled_width(row) for row in rows)
    usual = max((width for width, count in widths.items() if count * 2 >= len(rows)), default=0)
    return max(header_width, usual)


def _filled_width(row: Sequence[Cell]) -> int:
    return max((index + 1 for index, cell in enumerate(row) if not _blank(cell)), default=0)


def trimmed(row: Sequence[Cell]) -> list[Cell]:
    """The row without empty cells at its end."""
    return list(row[: _filled_width(row)])


def _clean_name(cell: Cell) -> str:
    return " ".join(cell_text(cell).split())


def _blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


def _kind(cell: Cell) -> str:
    if not isinstance(cell, str):
        return "number" if isinstance(cell, int | float) else "date"
    text = cell.strip()
    if _NUMBER.match(text):
        return "number"
    if _DATE.match(text):
        return "date"
    return "address" if _ADDRESS.match(text) else "text"
