"""link: one record of another Object (or of the same).

Options: ``target``, the key of the Object pointed to (required).
"""

from __future__ import annotations

from typing import Any

from liaoran.kernel.text import Text
from liaoran.schema.field_types._links import LinkBase
from liaoran.schema.reading import Reader


class Link(LinkBase):
    """A link whose target is an option."""

    key = "link"
    label = Text("关联", "Link")

    def read_options(self, reader: Reader) -> dict[str, Any]:
        """``target``."""
        return {"target": reader.text("target", required=True)}


LINK = Link()
