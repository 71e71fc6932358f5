from __future__ import annotations

from uuid import UUID

import pytest
import sqlalchemy as sa
from psycopg.types.json import Jsonb
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from liaoran.infra.statements import Statement, prepare

table = sa.Table(
    "notes",
    sa.MetaData(),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("body", sa.Text),
    sa.Column("tags", ARRAY(sa.Text)),
    sa.Column("extra", JSONB),
)
ID = UUID("01890000-0000-7000-8000-000000000001")


def test_the_schema_is_filled_in_and_quoted_per_organisation() -> None:
    statement = Statement(sa.select(table.c.body).where(table.c.id == sa.bindparam("id")))
    assert (
        statement.text("org_a") == b'SELECT "org_a".notes.body \nFROM "org_a".notes \nWHERE "org_a".notes.id = $1::UUID'
    )
    assert b'FROM "org""b".notes' in statement.text('org"b')
    assert statement.text("org_a") is statement.text("org_a")


def test_tables_with_a_schema_keep_it() -> None:
    record = sa.Table("r_account", sa.MetaData(), sa.Column("id", sa.Uuid), schema="org_x")
    text = Statement(sa.select(record.c.id, table.c.id).join(table, table.c.id == record.c.id)).text("org_y")
    assert b"org_x.r_account" in text
    assert b'"org_y".notes' in text


def test_binds_come_in_order_with_defaults_and_extra_ones_are_left_out() -> None:
    statement = Statement(sa.select(table.c.id).where(table.c.body == sa.bindparam("body")).limit(7))
    assert statement.values({"body": "x", "nobody": 1}) == ["x", 7]
    assert statement.binds == {"param_1": 7}
    with pytest.raises(TypeError, match="body"):
        statement.values({})


def test_null_is_a_default_like_any_other() -> None:
    statement = Statement(sa.select(sa.bindparam("note", None, sa.Text)))
    assert statement.values({}) == [None]
    assert statement.values({"note": "x"}) == ["x"]


def test_json_and_arrays_are_converted() -> None:
    statement = Statement(sa.insert(table), columns=["id", "tags", "extra"])
    identifier, tags, extra = statement.values({"id": ID, "tags": ["a", "b"], "extra": {"k": [1]}})
    assert (identifier, tags) == (ID, ["a", "b"])
    assert isinstance(extra, Jsonb)
    assert extra.obj == {"k": [1]}


def test_expanding_in_and_python_defaults_are_refused() -> None:
    with pytest.raises(TypeError, match="any_"):
        Statement(sa.select(table.c.id).where(table.c.body.in_(["a", "b"])))
    defaulted = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Text, default=lambda: "x"), sa.Column("b", sa.Text))
    with pytest.raises(TypeError, match="server default"):
        Statement(sa.insert(defaulted), columns=["b"])


def test_equally_built_executables_share_a_compilation_but_not_their_values() -> None:
    def built(value: str) -> sa.Select[tuple[str]]:
        return sa.select(table.c.body).where(table.c.body == value, table.c.id == sa.bindparam("id"))

    first, second = prepare(built("one"), {}), prepare(built("two"), {})
    assert first.text("org_a") is second.text("org_a")
    assert first.values({"id": ID}) == ["one", ID]
    assert second.values({"id": ID}) == ["two", ID]
    with pytest.raises(TypeError, match="id"):
        second.values({})


def test_an_insert_without_values_takes_its_columns_from_the_parameters() -> None:
    prepared = prepare(sa.insert(table), {"id": ID, "body": "x"})
    assert prepared.text("o") == b'INSERT INTO "o".notes (id, body) VALUES ($1::UUID, $2::VARCHAR)'
    assert prepared.values({"id": ID, "body": "x"}) == [ID, "x"]


def test_binds_in_plain_text_are_numbered_and_literals_left_alone() -> None:
    sql = """SELECT ':no', "a:b", x::text[], :ids::uuid[], '24:00', :n -- :comment
             /* :block */ FROM {org}.t WHERE a = :n AND b = '{"k": 1}' AND to_char(now(), 'HH24:MI') <> 'it''s :x'"""
    prepared = prepare(sql, {})
    text = prepared.text("org_a").decode()
    assert """':no', "a:b", x::text[], $1::uuid[], '24:00', $2 -- :comment""" in text
    assert '/* :block */ FROM "org_a".t WHERE a = $2' in text
    assert "'it''s :x'" in text
    assert prepared.values({"ids": [ID], "n": 3}) == [[ID], 3]


def test_ddl_has_no_binds() -> None:
    prepared = prepare(sa.schema.CreateTable(table), {})
    assert b'CREATE TABLE "org_a".notes' in prepared.text("org_a")
    assert prepared.values({}) == []
