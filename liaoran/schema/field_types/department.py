"""department: one of the departments. As a value and as a default ``@my_department`` is that of whoever writes."""

from __future__ import annotations

from typing import Any

from liaoran.kernel.text import Text
from liaoran.schema.field_types._links import LinkBase
from liaoran.schema.field_types.base import ParseContext
from liaoran.schema.reading import Reader


class Department(LinkBase):
    """A link to the Object ``department``."""

    key = "department"
    label = Text("部门", "Department")
    own_id = "@my_department"

    def read_options(self, reader: Reader) -> dict[str, Any]:
        """The target is always ``department``."""
        return {"target": reader.one_of("target", ["department"], "department")}

    def own(self, context: ParseContext) -> str | None:
        """The department of the person who writes."""
        return context.my_department


DEPARTMENT = Department()
