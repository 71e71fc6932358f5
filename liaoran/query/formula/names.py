"""Names in formulas: Fields by key, by dotted path, and in braces by the labels that people see."""

from __future__ import annotations

from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.formula.errors import formula_error
from liaoran.query.formula.nodes import Reference
from liaoran.query.paths import Path, resolve_path, target_of
from liaoran.query.rows import Rows
from liaoran.query.words import fold
from liaoran.schema.reading import near
from liaoran.schema.snapshot import Field, unknown_field


def find_reference(rows: Rows, object_key: str, node: Reference) -> Path:
    """The path that a reference means. Raises Invalid with the place, showing near names."""
    try:
        text = _by_labels(rows, object_key, node.path) if node.braced else node.path
        if text is None and not node.path.isascii():
            raise unknown_field(rows.snapshot.object(object_key), node.path)
        return resolve_path(rows, object_key, text or node.path)
    except Invalid as error:
        raise _refused(rows, object_key, node, error) from None


def _by_labels(rows: Rows, object_key: str, written: str) -> str | None:
    """The path by keys of one that is written in labels, or None. A label that contains dots is tried whole first."""
    whole = _find(rows, object_key, written)
    if whole is not None:
        return whole.key
    first, dot, rest = written.partition(".")
    while dot:
        link = _find(rows, object_key, first.strip())
        if link is not None and link.kind is ValueKind.LINK and not link.computed:
            further = _by_labels(rows, target_of(link), rest.strip())
            if further is not None:
                return f"{link.key}.{further}"
        step, dot, rest = rest.partition(".")
        first = f"{first}.{step}"
    return None


def _find(rows: Rows, object_key: str, word: str) -> Field | None:
    fields = rows.fields(object_key)
    by_key = next((one for one in fields if one.key == word), None)
    if by_key is not None:
        return by_key
    wanted = fold(word)
    return next((one for one in fields if wanted in (fold(one.label.zh), fold(one.label.en)) and word), None)


def _refused(rows: Rows, object_key: str, node: Reference, error: Invalid) -> Invalid:
    fields = rows.fields(object_key)
    language = rows.snapshot.language
    names = [one.label.read(language) for one in fields] if node.braced else [one.key for one in fields]
    meant = near(node.path, names)
    message = error.message
    if meant:
        message = Text(f"{message.zh}，是否指 {meant[0]}？", f"{message.en}; did you mean {meant[0]}?")
    return formula_error(node.place, message, meant, code=error.code)
