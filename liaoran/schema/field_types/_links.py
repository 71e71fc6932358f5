"""What link, person and department share: values are ids of records; names are matched by the import, not here."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa

from liaoran.kernel.text import Language, Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.field_types.base import FieldType, ParseContext, problem
from liaoran.schema.reading import Place
from liaoran.schema.snapshot import Field, Snapshot

NOT_AN_ID = Text("“{value}”不是记录的编号（UUID）", "“{value}” is not the id of a record (a UUID)")


class LinkBase(FieldType):
    """Stored as ``uuid`` without a foreign key, always with an index; takes an id or ``{"id": …}``."""

    kind = ValueKind.LINK
    column_type = sa.Uuid()
    always_indexed = True
    fixed_options = frozenset({"target"})
    own_id: ClassVar[str | None] = None
    """The word that stands for the actor's own id of this type, if there is one."""

    def check_references(self, one: Field, snapshot: Snapshot, place: Place) -> dict[str, Any]:
        """The target Object must exist."""
        target = snapshot.objects.get(one.target or "")
        if target is None or (target.retired and not one.retired):
            raise (
                place.at("options")
                .at("target")
                .refuse(Text("没有名为“{key}”的对象", "there is no object “{key}”").fill(key=one.target or ""))
            )
        return dict(one.options)

    def read(self, raw: Any, one: Field, context: ParseContext) -> str | None:
        """The id as lower-case text."""
        if isinstance(raw, dict):
            raw = raw.get("id")
            if raw is None or raw == "":
                return None
        if isinstance(raw, UUID):
            return str(raw)
        if isinstance(raw, str):
            text = raw.strip()
            if not text:
                return None
            if text[0] == "@" and text == self.own_id:
                return self.own(context)
            if len(text) >= 32:
                try:
                    return str(UUID(text))
                except ValueError:
                    pass
        raise problem(one, "not_an_id", NOT_AN_ID.fill(value=str(raw)[:60]), raw)

    def own(self, context: ParseContext) -> str | None:
        """What the own id is for this actor."""
        return None

    def export(self, value: Any, one: Field, language: Language) -> str:
        """The label where the value was read with one, else the id."""
        if isinstance(value, dict):
            value = value.get("label") or value.get("id")
        return "" if value is None else str(value)

    def examples(self, one: Field) -> list[tuple[Any, Any]]:
        """Pairs of raw and canonical values."""
        known = "01890a5d-ac96-774b-bcce-b302099a8057"
        return [(known, known), (UUID(known), known), ({"id": known, "label": "x"}, known), (known.upper(), known)]

    def refusals(self, one: Field) -> list[tuple[Any, str]]:
        """Pairs of raw values and problem codes."""
        return [("no-id", "not_an_id"), (12, "not_an_id")]
