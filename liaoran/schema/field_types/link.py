"""link: one record of another Object (or of the same).

Options: ``target``, the key of the Object pointed to (required); ``carries``, whether this record goes with the linked
one: ``none`` (the start), ``read`` (whoever reads the linked record reads this one, too) or ``edit`` (besides, whoever
edits the linked record edits and deletes this one).
"""

from __future__ import annotations

from typing import Any

from liaoran.kernel.text import Text
from liaoran.schema.carrying import check_carrying
from liaoran.schema.field_types._links import LinkBase
from liaoran.schema.reading import Place, Reader
from liaoran.schema.snapshot import CARRIES, Field, Snapshot


class Link(LinkBase):
    """A link whose target is an option; the record may go with the linked one."""

    key = "link"
    label = Text("关联", "Link")

    def read_options(self, reader: Reader) -> dict[str, Any]:
        """``target`` and ``carries``. What was not said is not kept, so that a newer pack may still say it."""
        options: dict[str, Any] = {"target": reader.text("target", required=True)}
        if reader.has("carries"):
            options["carries"] = reader.one_of("carries", CARRIES)
        return options

    def check_references(self, one: Field, snapshot: Snapshot, place: Place) -> dict[str, Any]:
        """The target Object must exist, and no record may go with itself."""
        options = super().check_references(one, snapshot, place)
        check_carrying(one, snapshot, place)
        return options


LINK = Link()
