"""Files as evidence for the gates of a Process: a leaf ``evidence(file)``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa

from liaoran.collaboration.files.evidence import current_files
from liaoran.kernel.text import Text
from liaoran.process.evidence import ANY, SINCE, moment, read_since, read_value, read_word, since_choice
from liaoran.query.compilation import Row
from liaoran.query.evidence import Evidence
from liaoran.query.operators.base import Reading
from liaoran.query.subjects import Subject


class FileEvidence(Evidence):
    """A file of the record: ``{"document_type": key, "since", "state"}``; no type means any file.

    ``labels`` are the shipped names of document types, for saying it in words.
    """

    key = "file"
    label = Text("文件", "File")

    def __init__(self, labels: Mapping[str, Text]) -> None:
        self._labels = labels

    def read(self, raw: Any, subject: Subject) -> Reading:
        """Which type, since when."""
        value = read_value(raw, subject, ("document_type", "since", "state"))
        since, values = read_since(value, subject)
        document_type = read_word(value, "document_type", subject)
        return (
            Reading((*values, document_type), (since, True))
            if document_type
            else Reading(tuple(values), (since, False))
        )

    def proves(self, row: Row, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """There is a current version that fits."""
        since, typed = cast("tuple[str, bool]", reading.form)
        files = current_files(dated=since != ANY).subquery("files")
        fits = [
            files.c.object == sa.literal(row.object_key, sa.Text),
            files.c.record_id == row.column("id"),
        ]
        if since != ANY:
            fits.append(files.c.uploaded_at >= moment(row, since, binds))
        if typed:
            fits.append(files.c.document_type == sa.bindparam(binds[-1], type_=sa.Text))
        return sa.exists().select_from(files).where(*fits).correlate(row.source)

    def spoken(self, raw: Any, subject: Subject) -> Text:
        """``进入本阶段后的“合同版本”文件``."""
        value = raw or {}
        since = SINCE.get(value.get("since") or ANY, Text(""))
        key = value.get("document_type")
        if not key:
            return Text(f"{since.zh}文件", f"a file{since.en}")
        name = self._labels.get(key, Text(key))
        return Text(f"{since.zh}“{name.zh}”文件", f"a file “{name.read('en')}”{since.en}")

    def parameters(self) -> Mapping[str, Any]:
        """A document type, and since when."""
        return {
            "document_type": {"label": Text("文件类型", "Document type").to_json(), "kind": "document_type"},
            "since": since_choice(),
        }
