"""Every registered field type through its whole life: definition, column, write, read, null, export, import, retype."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import uuid4

import orjson
import pytest

from liaoran.infra.database import Database
from liaoran.infra.migrate import upgrade
from liaoran.infra.organisations import create_organisation
from liaoran.infra.transaction import Transaction
from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import LANGUAGES
from liaoran.kernel.values import ValueKind
from liaoran.schema import expressions
from liaoran.schema.catalogue import load_snapshot
from liaoran.schema.changes import add_field, add_objects, change_field, restore_field, retire_field
from liaoran.schema.conversion import Converter, Outcome
from liaoran.schema.field_types.base import ParseContext, ValueProblem
from liaoran.schema.registry import FIELD_TYPES
from liaoran.schema.retype import start_retype
from liaoran.schema.retype_plan import preview_retype
from liaoran.schema.snapshot import Field, Snapshot

CONTEXT = ParseContext()
OPTIONS: dict[str, dict[str, Any]] = {
    "link": {"target": "thing"},
    "formula": {"expression": "1"},
    "rollup": {"object": "thing", "link": "parent"},
}
CHOICES = [
    {"key": "high", "label": {"zh": "高", "en": "High"}},
    {"key": "low", "label": {"zh": "低", "en": "Low"}, "color": "gray"},
]
STORED = [key for key, kind in FIELD_TYPES.items() if not kind.computed]
PAIRS = [(old, new) for old in STORED for new in STORED if old != new]
# Every type to and from text, and to the next one; the conversion itself is tested for all pairs without a database.
TABLE_PAIRS = [
    (old, new) for old, new in PAIRS if "text" in (old, new) or new == STORED[(STORED.index(old) + 1) % len(STORED)]
]


class AnyChecker:
    """Lets every formula and roll-up pass: the language itself is tested where it is written."""

    def check_formula(self, snapshot: Snapshot, object_key: str, field_key: str, expression: str) -> ValueKind:
        return ValueKind.NUMBER

    def check_rollup(
        self, snapshot: Snapshot, object_key: str, field_key: str, options: Mapping[str, Any]
    ) -> ValueKind:
        return ValueKind.NUMBER

    def references(self, snapshot: Snapshot, object_key: str, field_key: str) -> frozenset[tuple[str, str]]:
        return frozenset()


def definition(type_key: str) -> dict[str, Any]:
    kind = FIELD_TYPES[type_key]
    return {
        "key": type_key,
        "type": type_key,
        "label": kind.label.to_json(),
        "options": OPTIONS.get(type_key, {}),
        **({"choices": CHOICES} if kind.takes_choices else {}),
    }


async def build(database: Database) -> None:
    await upgrade(database)
    await create_organisation(database, "test")
    things = [
        {"key": "person", "label": "人员"},
        {"key": "department", "label": "部门"},
        {
            "key": "thing",
            "label": "东西",
            "tracked": True,
            "fields": [
                {"key": "parent", "type": "link", "label": "上级", "options": {"target": "thing"}},
                *(definition(key) for key in FIELD_TYPES),
            ],
        },
    ]
    async with database.transaction("org_test") as tx:
        await add_objects(tx, things)


@pytest.fixture(scope="module")
async def database(templates: Any) -> AsyncIterator[Database]:
    before = list(expressions._registered)
    expressions.register_checker(AnyChecker())
    async with templates.clone("contract_field_types", build) as database:
        yield database
    expressions._registered[:] = before


@pytest.fixture(scope="module")
async def snapshot(database: Database) -> Snapshot:
    async with database.read("org_test") as tx:
        return await load_snapshot(tx)


async def write(tx: Transaction, one: Field, values: list[Any]) -> list[str]:
    """Records with the values of one Field, written as the write path does it: JSON rows into a typed record set."""
    kind = FIELD_TYPES[one.type]
    rows: list[dict[str, Any]] = [{"id": str(uuid4())} for _ in values]
    for name, column in kind.store_many(values, one).items():
        for row, value in zip(rows, column, strict=True):
            row[name] = value
    types = kind.sql_types(one)
    names = "".join(f', "{name}"' for name in types)
    shape = "".join(f', "{name}" {sql}' for name, sql in types.items())
    await tx.execute(
        f"INSERT INTO {{org}}.r_thing (id, version, created_at, updated_at{names})"
        f" SELECT id, 1, now(), now(){names} FROM json_to_recordset(CAST(:rows AS json)) AS x(id uuid{shape})",
        {"rows": orjson.dumps(rows).decode()},
    )
    return [row["id"] for row in rows]


async def read(tx: Transaction, one: Field, ids: list[str]) -> list[Any]:
    raw = await tx.fetch_json(f'SELECT json_object_agg(id, "{one.key}")::text FROM {{org}}.r_thing')
    found = orjson.loads(raw or b"{}")
    return [found[record] for record in ids]


@pytest.mark.parametrize("key", FIELD_TYPES)
def test_it_describes_itself(key: str) -> None:
    kind = FIELD_TYPES[key]
    assert kind.label.zh
    assert kind.label.en
    assert kind.kind in ValueKind
    assert (type(kind).__doc__ or "").strip()


@pytest.mark.parametrize("key", FIELD_TYPES)
def test_options_are_completed_once_and_checked(key: str) -> None:
    kind = FIELD_TYPES[key]
    options = kind.check_options(OPTIONS.get(key, {}))
    assert kind.check_options(options) == options
    with pytest.raises(Invalid) as unknown:
        kind.check_options({**options, "no_such_option": 1})
    assert unknown.value.extra["at"] == "options.no_such_option"
    with pytest.raises(Invalid):
        kind.check_options(["not an object"])


@pytest.mark.parametrize("key", FIELD_TYPES)
def test_raw_values_are_read(key: str, snapshot: Snapshot) -> None:
    kind, one = FIELD_TYPES[key], snapshot.object("thing").field(key)
    assert kind.computed or kind.examples(one)
    for raw, canonical in kind.examples(one):
        assert kind.parse(raw, one, CONTEXT) == canonical
        assert kind.parse(canonical, one, CONTEXT) == canonical, "a canonical value stands for itself"
        orjson.dumps(canonical)
    assert kind.parse(None, one, CONTEXT) is None
    assert kind.parse("", one, CONTEXT) is None


@pytest.mark.parametrize("key", FIELD_TYPES)
def test_what_it_cannot_take_is_refused_with_words(key: str, snapshot: Snapshot) -> None:
    kind, one = FIELD_TYPES[key], snapshot.object("thing").field(key)
    assert kind.refusals(one)
    for raw, code in kind.refusals(one):
        with pytest.raises(ValueProblem) as refused:
            kind.parse(raw, one, CONTEXT)
        problem = refused.value.problem
        assert (problem.code, problem.field) == (code, key)
        for language in LANGUAGES:
            assert "{" not in problem.to_json(language)["message"]
        assert problem.message.zh != problem.message.en
        orjson.dumps(problem.to_json("zh"))


@pytest.mark.parametrize("key", FIELD_TYPES)
def test_a_column_is_read_like_single_values(key: str, snapshot: Snapshot) -> None:
    kind, one = FIELD_TYPES[key], snapshot.object("thing").field(key)
    raws = [None, "", *(raw for raw, _ in kind.examples(one)), *(raw for raw, _ in kind.refusals(one))] * 2
    parsed = kind.parse_many(raws, one, CONTEXT)
    wrong = dict(parsed.problems)
    assert len(parsed.values) == len(raws)
    for index, raw in enumerate(raws):
        try:
            assert kind.parse(raw, one, CONTEXT) == parsed.values[index]
            assert index not in wrong
        except ValueProblem as refused:
            assert parsed.values[index] is None
            assert wrong[index] == refused.problem


@pytest.mark.parametrize("key", FIELD_TYPES)
async def test_values_come_back_as_they_were(key: str, database: Database, snapshot: Snapshot) -> None:
    kind, one = FIELD_TYPES[key], snapshot.object("thing").field(key)
    table = snapshot.object("thing").table
    assert {column.name for column in kind.columns(one)} == set(kind.sql_types(one))
    if kind.computed:
        assert not kind.columns(one)
        assert key not in table.c
        return
    values = [None, *(canonical for _, canonical in kind.examples(one))]
    for value in values:
        assert kind.store(value, one) == {name: column[0] for name, column in kind.store_many([value], one).items()}
    async with database.transaction("org_test") as tx:
        ids = await write(tx, one, values)
        assert await read(tx, one, ids) == values


@pytest.mark.parametrize("key", STORED)
def test_an_exported_value_can_be_imported(key: str, snapshot: Snapshot) -> None:
    kind, one = FIELD_TYPES[key], snapshot.object("thing").field(key)
    assert kind.export(None, one, "zh") == ""
    for _, canonical in kind.examples(one):
        for language in LANGUAGES:
            text = kind.export(canonical, one, language)
            assert isinstance(text, str)
            assert kind.parse(text, one, CONTEXT) == canonical


@pytest.mark.parametrize("key", STORED)
def test_words_are_texts(key: str, snapshot: Snapshot) -> None:
    kind, one = FIELD_TYPES[key], snapshot.object("thing").field(key)
    assert list(kind.words(None, one)) == []
    for _, canonical in kind.examples(one):
        assert all(isinstance(word, str) and word for word in kind.words(canonical, one))


@pytest.mark.parametrize("key", FIELD_TYPES)
async def test_it_is_added_changed_retired_and_restored(key: str, database: Database) -> None:
    name = f"later_{key}"
    async with database.transaction("org_test") as tx:
        added = await add_field(tx, "thing", {**definition(key), "key": name})
        one = added.object("thing").field(name)
        assert one.type == key
        assert (name in added.object("thing").table.c) is not FIELD_TYPES[key].computed
        renamed = await change_field(tx, "thing", name, {"label": {"zh": "新名", "en": "New name"}})
        assert renamed.object("thing").field(name).label.zh == "新名"
        assert renamed.object("thing").field(name).options == one.options
        retired = await retire_field(tx, "thing", name)
        assert retired.object("thing").fields[name].retired
        assert not (await restore_field(tx, "thing", name)).object("thing").field(name).retired


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_values_convert_or_say_why_not(old: str, new: str, snapshot: Snapshot) -> None:
    before, after = snapshot.object("thing").field(old), snapshot.object("thing").field(new)
    kind = FIELD_TYPES[new]
    values = [None, *(canonical for _, canonical in FIELD_TYPES[old].examples(before))]
    outcomes = Converter(before, after, "Asia/Shanghai", "zh").convert(values)
    assert outcomes[0] == Outcome(None)
    for value, outcome in zip(values, outcomes, strict=True):
        if outcome.problem is None:
            assert (outcome.value is None) == (value is None)
            assert kind.parse(outcome.value, after, CONTEXT) == outcome.value
        else:
            assert outcome.value is None
            assert outcome.problem.field == new
            assert outcome.problem.message.zh != outcome.problem.message.en


@pytest.mark.parametrize(("old", "new"), TABLE_PAIRS)
async def test_every_type_becomes_every_other(old: str, new: str, database: Database) -> None:
    """A preview and the retyping agree, and what does not convert is kept: every old value is found in the new column
    or in the former one."""
    kind = FIELD_TYPES[old]

    class Undone(Exception):
        pass

    with pytest.raises(Undone):
        async with database.transaction("org_test") as tx:
            snapshot = await add_field(tx, "thing", {**definition(old), "key": "changing"})
            one = snapshot.object("thing").field("changing")
            values = [None, *(canonical for _, canonical in kind.examples(one) if canonical is not None)]
            ids = await write(tx, one, values)
            change = {"type": new, "options": OPTIONS.get(new, {})}
            if FIELD_TYPES[new].takes_choices and not kind.takes_choices:
                change["choices"] = CHOICES
            preview = await preview_retype(tx, "thing", "changing", change)
            done = await start_retype(tx, "thing", "changing", change, accept_rejects=True)
            assert done.state == "done"
            assert (done.total, done.rejected) == (preview.filled, preview.rejected)
            after = (await load_snapshot(tx)).object("thing").field("changing")
            assert after.type == new
            converted = await read(tx, after, ids)
            former = await tx.fetch_all("SELECT id, changing__was_1 IS NULL AS empty FROM {org}.r_thing")
            empty = {str(row["id"]): row["empty"] for row in former}
            assert [empty[record] for record in ids] == [value is None for value in values]
            assert converted[0] is None
            assert sum(value is None for value in converted) == 1 + preview.rejected
            for value in converted:
                again = value
                assert FIELD_TYPES[new].parse(again, after, CONTEXT) == value
            raise Undone
