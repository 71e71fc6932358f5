"""The catalogue with people and departments, formulas checked by a stand-in that knows only names."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import pytest

from liaoran.infra.database import Database
from liaoran.infra.migrate import upgrade
from liaoran.infra.organisations import Organisation, create_organisation, get_organisation
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.schema import expressions
from liaoran.schema.changes import add_objects
from liaoran.schema.snapshot import Snapshot

PEOPLE = [
    {
        "key": "person",
        "label": {"zh": "人员", "en": "Person"},
        "fields": [{"key": "name", "type": "text", "label": "姓名"}],
    },
    {
        "key": "department",
        "label": {"zh": "部门", "en": "Department"},
        "fields": [{"key": "name", "type": "text", "label": "名称"}],
    },
]


class NameChecker:
    """Formulas are names of Fields joined by +; the result is a number, or the kind of the one Field."""

    def check_formula(self, snapshot: Snapshot, object_key: str, field_key: str, expression: str) -> ValueKind:
        names = self._names(expression)
        kinds = set()
        for name in names:
            found = snapshot.objects[object_key].fields.get(name)
            if found is None or found.retired or name == field_key:
                raise Invalid(Text(f"没有 {name}", f"no {name}"), code="invalid_formula", extra={"position": 0})
            kinds.add(found.kind)
        return kinds.pop() if len(kinds) == 1 else ValueKind.NUMBER

    def check_rollup(
        self, snapshot: Snapshot, object_key: str, field_key: str, options: Mapping[str, Any]
    ) -> ValueKind:
        return ValueKind.NUMBER

    def references(self, snapshot: Snapshot, object_key: str, field_key: str) -> frozenset[tuple[str, str]]:
        one = snapshot.objects[object_key].fields[field_key]
        if one.type == "rollup":
            return frozenset({(one.options["object"], one.options["link"])})
        return frozenset((object_key, name) for name in self._names(one.options["expression"]))

    @staticmethod
    def _names(expression: str) -> list[str]:
        return re.findall(r"[a-z_]+", expression)


@pytest.fixture(scope="module", autouse=True)
def _checker() -> Iterator[None]:
    before = list(expressions._registered)
    expressions.register_checker(NameChecker())
    yield
    expressions._registered[:] = before


async def build_people(database: Database) -> None:
    await upgrade(database)
    organisation = await create_organisation(database, "test", "测试")
    async with database.transaction(organisation.schema) as tx:
        await add_objects(tx, PEOPLE, origin="shipped")


@pytest.fixture
async def database(templates: Any, _checker: None) -> AsyncIterator[Database]:
    """A database of the test's own, with the Objects person and department."""
    async with templates.clone("schema_people", build_people) as database:
        yield database


@pytest.fixture
async def organisation(database: Database) -> Organisation:
    return await get_organisation(database, "test")
