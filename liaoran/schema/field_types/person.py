"""person: one of the people of the organisation. As a value and as a default ``@me`` is whoever writes."""

from __future__ import annotations

from typing import Any

from liaoran.kernel.text import Text
from liaoran.schema.field_types._links import LinkBase
from liaoran.schema.field_types.base import ParseContext
from liaoran.schema.reading import Reader


class Person(LinkBase):
    """A link to the Object ``person``."""

    key = "person"
    label = Text("人员", "Person")
    own_id = "@me"

    def read_options(self, reader: Reader) -> dict[str, Any]:
        """The target is always ``person``."""
        return {"target": reader.one_of("target", ["person"], "person")}

    def own(self, context: ParseContext) -> str | None:
        """The person who writes."""
        return context.me


PERSON = Person()
