"""What a definition is read against: the Object that it is about, with its Fields, and how its Conditions are checked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from liaoran.kernel.conditions import Condition, parse_condition
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.query.conditions import Binder, bind_condition
from liaoran.query.rows import Rows
from liaoran.schema.reading import Place, Reader
from liaoran.schema.snapshot import Field, Object

KEY = re.compile(r"[a-z][a-z0-9_]{0,62}", re.ASCII)
"""What keys look like."""


@dataclass(frozen=True, slots=True)
class Subject:
    """``rows`` see everything (``system_scope``), so that a Condition may read what its asker may not; None leaves
    Conditions unchecked beyond their form."""

    owner: Object
    rows: Rows | None = None

    def field(self, place: Place, key: str) -> Field:
        """The Field. Raises Invalid where there is none, or a retired one."""
        found = self.owner.fields.get(key)
        if found is None or found.retired:
            message = Text("对象“{object}”没有字段“{key}”", "object “{object}” has no field “{key}”")
            raise place.refuse(message.fill(object=self.owner.label, key=key), found=key)
        return found

    def choice_field(self, reader: Reader, name: str, *, required: bool = False) -> Field | None:
        """The choice Field that a part names, None where it names none."""
        key = reader.text(name, required=required)
        if not key:
            return None
        found = self.field(reader.place.at(name), key)
        if found.type != "choice":
            message = Text("“{field}”不是单选字段", "“{field}” is not a choice field").fill(field=found.label)
            raise reader.place.at(name).refuse(message, found=key)
        return found

    def filled_fields(self, reader: Reader, name: str) -> tuple[str, ...]:
        """Fields that people are asked to fill: none that is computed."""
        keys = reader.texts(name)
        for index, key in enumerate(keys):
            one = self.field(reader.place.at(name).at(index), key)
            if one.computed:
                message = Text("“{field}”由公式算出，不能要求填写", "“{field}” is computed and cannot be asked for")
                raise reader.place.at(name).at(index).refuse(message.fill(field=one.label), found=key)
        return keys

    def condition(self, reader: Reader, name: str) -> Condition:
        """A Condition over the Object. Raises Invalid for what it names that is not there, at its place."""
        place = reader.place.at(name)
        try:
            condition = parse_condition(reader.raw(name))
            if self.rows is not None:
                bind_condition(condition, self.rows, self.owner.key, self.rows.params(), Binder(), candidates=True)
        except Invalid as refused:
            raise place.refuse(refused.message, refused.code, **refused.extra) from None
        return condition


def read_key(reader: Reader, name: str = "key") -> str:
    """A key as the database keeps it."""
    key = reader.text(name, required=True)
    if not KEY.fullmatch(key):
        message = Text(
            "应以小写字母开头，只含小写字母、数字和下划线",
            "must start with a lower-case letter and hold lower-case letters, digits and underscores only",
        )
        raise reader.place.at(name).refuse(message, found=key)
    return key


def refuse_repeated(keys: Iterable[tuple[str, Place]]) -> None:
    """Raises Invalid at the second place of a key."""
    seen: set[str] = set()
    for key, place in keys:
        if key in seen:
            raise place.refuse(Text("“{key}”重复了", "“{key}” occurs twice").fill(key=key), code="repeated", found=key)
        seen.add(key)
