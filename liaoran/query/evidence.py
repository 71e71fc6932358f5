"""Evidence: what a Condition may ask about a record besides its Fields and the records that link to it.

A file of a type, a finished task of the stage, a passed approval: upper layers know where these lie and register a kind
for each in ``app.py``. A leaf asks ``{"field": "evidence(file)", "op": "has", "value": {...}}``; what the value may say
is the kind's own affair, and ``parameters`` tells it to the pages.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from liaoran.kernel.text import Text

if TYPE_CHECKING:
    from liaoran.query.compilation import Row
    from liaoran.query.operators.base import Reading
    from liaoran.query.subjects import Subject


class Evidence(ABC):
    """One kind of evidence; instances are stateless."""

    key: str
    label: Text

    @abstractmethod
    def read(self, raw: Any, subject: Subject) -> Reading:
        """The checked value. Raises Invalid (``subject.refuse``) for a value that asks for what there cannot be."""

    @abstractmethod
    def proves(self, row: Row, reading: Reading, binds: Sequence[str]) -> sa.ColumnElement[bool]:
        """SQL that is true where the record has the evidence and false where it has not, never null. Of ``reading`` only
        the form may be used."""

    @abstractmethod
    def spoken(self, raw: Any, subject: Subject) -> Text:
        """What is asked for, in words that stand after "has": ``类型为“合同版本”的文件``."""

    def parameters(self) -> Mapping[str, Any]:
        """What the value may hold, for the pages: by key a label and what may be chosen."""
        return {}


_kinds: dict[str, Evidence] = {}


def register_evidence(kind: Evidence) -> None:
    """Adds a kind; registering it again has no effect. Raises RuntimeError where another one has its key."""
    known = _kinds.setdefault(kind.key, kind)
    if type(known) is not type(kind):
        raise RuntimeError(f"duplicate evidence {kind.key!r}")


def evidence_kinds() -> Mapping[str, Evidence]:
    """The registered kinds by key."""
    return _kinds
