"""Formulas in SQL are worth what they say: against an oracle, at their edges, and never an error of the database."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.compilation import Compilation, Row
from liaoran.query.display import field_as_json, json_object
from liaoran.query.expressions import FormulaChecker
from liaoran.query.formula.functions import FUNCTIONS
from liaoran.query.planning import make_plan
from liaoran.schema.snapshot import Field
from tests.db.query import formulas

_shapes = itertools.count()


async def evaluate(world: Any, expression: str, object_key: str = "deal") -> dict[str, Any]:
    """The formula's value for every record, by id."""
    kind = FormulaChecker().check_formula(world.snapshot, object_key, "", expression)
    one = Field(
        object_key, "tried", "formula", Text("试", "tried"), kind, computed=True, options={"expression": expression}
    )
    scope = world.scope()

    def build(compilation: Compilation) -> sa.Select[Any]:
        row = Row(compilation, object_key, compilation.source(object_key))
        value, key = field_as_json(row, one), row.column("id")
        pairs = sa.select(key.label("id"), value.label("value")).select_from(row.from_clause()).subquery()
        return sa.select(sa.func.json_agg(json_object(("id", pairs.c.id), ("value", pairs.c.value))))

    plan = make_plan(scope, scope.params(), ("tried", next(_shapes)), {}, build)
    return {one["id"]: one["value"] for one in await world.ask(plan) or []}


def _same(kind: str, found: Any, expected: Any) -> bool:
    if found is None or expected is None:
        return found is None and expected is None
    if kind == "number":
        return abs(Decimal(str(found)) - expected) <= abs(expected) * Decimal("1e-9") + Decimal("1e-9")
    return bool(found == (expected.isoformat() if kind == "date" else expected))


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
async def test_random_formulas_are_worth_what_the_oracle_says(filled: Any, data: st.DataObject) -> None:
    world, oracle, _ = filled
    kind = data.draw(st.sampled_from(sorted(formulas.KINDS)))
    part = data.draw(formulas.KINDS[kind](3))
    if part.text == '""':
        return
    try:
        found = await evaluate(world, part.text)
    except Invalid as refused:
        assert "always empty" in refused.message.en or "always" in str(refused)
        return
    for key, record in oracle.records["deal"].items():
        assert _same(kind, found[key], part.worth(record)), (part.text, record)


EDGES = [
    ("1 / 0", None), ("5 / (2 - 2)", None), ("MOD(7, 0)", None), ("MOD(-7, 3)", 2), ("2 ^ 10", 1024), ("0 ^ 0", 1),
    ("0 ^ -1", None), ("(-8) ^ 0.5", None), ("(0-8) ^ 3", -512), ("10 ^ 61", None), ("10 ^ (-61)", None),
    ("9 ^ 0.5", 3), ("SQRT(0-4)", None), ("SQRT(16)", 4), ("-2 ^ 2", 4), ("2 - 3 - 4", -5), ("100%", 1),
    ("50% * 4", 2), ('"a" & 1.50', "a1.5"), ('"" & ""', None), ('LEN("")', 0), ('LEFT("abc", 0)', None),
    ('RIGHT("abc", 99)', "abc"), ('MID("abc", 0, 2)', "ab"), ('MID("abc", 9, 2)', None), ('FIND("b", "abc")', 2),
    ('FIND("x", "abc")', None), ('VALUE("1,200.5")', 1200.5), ('VALUE("12abc")', None), ('VALUE("-3")', -3),
    ("ROUND(2.5)", 3), ("ROUND(-2.5)", -3), ("ROUND(1234, -2)", 1200), ("ROUNDUP(2.01)", 3), ("ROUNDUP(-2.01)", -3),
    ("ROUNDUP(2)", 2), ("ROUNDDOWN(-2.9)", -2), ("INT(-2.5)", -3), ("SIGN(-3)", -1),
    ('TEXT(1234.5, "#,##0.00")', "1,234.50"), ('TEXT(0.5, "0.0")', "0.5"),
    ('TEXT(DATE(2026, 3, 5), "yyyy年mm月dd日")', "2026年03月05日"), ('TEXT(10 ^ 20, "0")', None),
    ("IF(1 > 2, 1)", None), ('"a" = "A"', False), ('"" = ""', True), ("ISBLANK(1 / 0)", True),
    ("1 / 0 = 1 / 0", True), ("1 / 0 > 1", False), ("NOT(1 / 0 > 1)", True), ("DATE(2026, 2, 30)", "2026-03-02"),
    ("DATE(2026, 13, 1)", "2027-01-01"), ("DATE(2026, 3, 0)", "2026-02-28"), ("DATE(99, 1, 1)", None),
    ("DATE(1 / 0, 1, 1)", None), ("YEAR(TODAY())", 2026), ("QUARTER(TODAY())", 1), ("WEEKDAY(TODAY())", 3),
    ("DAY(EOMONTH(DATE(2024, 2, 1), 0))", 29), ('DATEADD(DATE(2026, 1, 31), 1, "month")', "2026-02-28"),
    ('DATEADD(TODAY(), 10 ^ 9, "day")', None), ("WORKDAYS(DATE(2026, 2, 14), DATE(2026, 2, 24))", 2),
    ("WORKDAYS(DATE(2026, 10, 8), DATE(2026, 10, 1))", -1), ("DAYS(DATE(2026, 3, 5), DATE(2026, 3, 1))", 4),
    ("TODAY() - 1", "2026-03-17"), ("NOW() - TODAY()", 0), ("COALESCE(1 / 0, 2)", 2), ("SUM(1 / 0, 2)", 2),
    ("MIN(1 / 0, 2)", 2),  ("MAX(DATE(2026, 1, 1), TODAY())", "2026-03-18"), ("AND(TRUE, FALSE)", False),
    ("OR(FALSE, TRUE)", True), ('SUBSTITUTE("aXbX", "X", "")', "ab"), ('TRIM("  ")', None),
    ('CONTAINS("Alpha", "PH")', True), ("POWER(2, 3)", 8), ("NOW()", "2026-03-18T02:30:00.000000Z"),
    ('"it''s" & "\\"', "its\\"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "expected"), EDGES)
async def test_edges(filled: Any, expression: str, expected: Any) -> None:
    world, _, _ = filled
    found = set((await evaluate(world, expression)).values())
    assert found == {expected}


@pytest.mark.parametrize("function", [one for one in FUNCTIONS.values() if not one.hidden], ids=lambda one: one.key)
def test_every_example_compiles_or_names_a_field(function: Any, world: Any) -> None:
    assert function.help.zh and function.help.en and function.label.zh and function.label.en
    try:
        FormulaChecker().check_formula(world.snapshot, "deal", "", function.example)
    except Invalid as refused:
        assert refused.code in ("unknown_field", "unknown_object")


async def test_labels_paths_counts_and_words_for_values(filled: Any) -> None:
    world, oracle, _ = filled
    titles = await evaluate(world, '{公司.名称} & "/" & {阶段} & "/" & {加急}')
    labels = {"new": "新建", "talk": "谈判", "won": "赢单"}
    for key, deal in oracle.records["deal"].items():
        name = oracle.value("deal", deal, "company.name") or ""
        urgent = {True: "是", False: "否", None: ""}[deal["urgent"]]
        assert titles[key] == f"{name}/{labels.get(deal['stage'], '')}/{urgent}"
    counts = await evaluate(world, "COUNT(deal.company)", "company")
    assert counts == {
        key: oracle.value("company", one, "count(deal.company)") for key, one in oracle.records["company"].items()
    }
    won = await evaluate(world, 'IF(stage = "赢单", 1, 0)')
    assert won == {key: int(deal["stage"] == "won") for key, deal in oracle.records["deal"].items()}


@pytest.mark.parametrize(
    ("expression", "position", "words"),
    [
        ("amount +", 8, "ends too early"),
        ("amont * 2", 0, "did you mean amount"),
        ("{预计全额}", 0, "预计金额"),
        ('amount + "a"', 9, "must be a number"),
        ("IF(amount, 1, 2)", 3, "must be yes or no"),
        ("IF(urgent, 1, name)", 0, "one kind"),
        ("SUMM(1)", 0, "did you mean SUM"),
        ("ROUND()", 0, "arguments"),
        ("IF(urgent, , 2)", 0, "missing"),
        ('stage = "赢丹"', 8, "not a choice"),
        ('DATEADD(due, 1, "moon")', 16, "must be one of"),
        ('TEXT(due, "0.00")', 0, "formats that fit"),
        ("urgent > FALSE", 7, "no order"),
        ("company.amount", 0, "no field"),
        ("name.x", 0, "not a link"),
        ("COUNT(deal)", 0, "COUNT(object.link)"),
        ("COUNT(deal.name)", 6, "no field"),
        ('""', 0, "always empty"),
    ],
)
def test_errors_say_where_and_what(world: Any, expression: str, position: int, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        FormulaChecker().check_formula(world.snapshot, "deal", "", expression)
    assert refused.value.extra["position"] == position, refused.value.message
    assert words in refused.value.message.en
    assert refused.value.message.zh != refused.value.message.en


def test_kinds_of_results(world: Any) -> None:
    check = FormulaChecker().check_formula
    for expression, kind in (
        ("amount", ValueKind.NUMBER), ("stage", ValueKind.TEXT), ("company", ValueKind.TEXT),
        ("due + 1", ValueKind.DATE),
        ("met_at", ValueKind.INSTANT), ("urgent", ValueKind.BOOLEAN), ("IF(urgent, due, met_at)", ValueKind.DATE),
    ):  # fmt: skip
        assert check(world.snapshot, "deal", "", expression) is kind


@pytest.mark.parametrize(
    "expression",
    [
        "MOD(" * 40 + "amount" + ", 7)" * 40,
        "LEFT(" * 40 + "name" + ", 3)" * 40,
        "MID(name, 1, " * 14 + "LEN(name)" + ")" * 14,
    ],
)
def test_what_would_grow_beyond_measure_is_refused(world: Any, expression: str) -> None:
    """Each of these is short, and would be a statement of hundreds of levels or thousands of parts."""
    with pytest.raises(Invalid) as refused:
        FormulaChecker().check_formula(world.snapshot, "deal", "", expression)
    assert refused.value.code in ("formula_too_complex", "invalid_formula")


NESTED = [
    ("MOD(" * 8 + "100" + ", 7)" * 8, 2),
    ("2" + " ^ 2" * 9, None),
    ("2" + " ^ 1" * 9, 2),
    ("ROUNDUP(" * 8 + "1.01" + ")" * 8, 2),
    ("DATEADD(" * 8 + "DATE(2026, 1, 31)" + ', 1, "month")' * 8, "2026-09-28"),
    ("WORKDAYS(DATE(2026, 3, 1), EOMONTH(DATE(2026, 3, 1), 0))", 22),
    ("SUM(SUM(SUM(SUM(SUM(SUM(amount, 1), 1), 1), 1), 1), 1) - IFBLANK(amount, 0)", 6),
]


@pytest.mark.parametrize(("expression", "expected"), NESTED)
async def test_functions_that_use_an_argument_several_times_may_be_nested(
    filled: Any, expression: str, expected: Any
) -> None:
    world, _, _ = filled
    assert set((await evaluate(world, expression)).values()) == {expected}


async def test_long_but_plain_formulas_are_taken(filled: Any) -> None:
    world, oracle, _ = filled
    sums = await evaluate(world, " + ".join(["IFBLANK(amount, 0)"] * 40))
    joined = await evaluate(world, " & ".join(["{name}", '"-"'] * 24))
    nested = await evaluate(world, "IF(amount > 5, 1, " * 30 + "2" + ")" * 30)
    for key, deal in oracle.records["deal"].items():
        assert sums[key] == pytest.approx(40 * (deal["amount"] or 0))
        assert joined[key] == ((deal["name"] or "") + "-") * 24
        assert nested[key] == (1 if deal["amount"] is not None and deal["amount"] > 5 else 2)


async def test_text_of_a_formula_stays_text(filled: Any) -> None:
    world, _, _ = filled
    odd = "a%b $1 :x %(y)s __organisation__ \\ ' -- /*"
    assert set((await evaluate(world, f'"{odd}" & 1')).values()) == {odd + "1"}
