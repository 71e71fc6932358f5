from __future__ import annotations

from decimal import Decimal

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.schema.field_types._numerals import canonical, read_decimal, written
from liaoran.schema.field_types.base import ParseContext, ValueProblem
from liaoran.schema.field_types.money import MONEY
from liaoran.schema.field_types.number import NUMBER
from liaoran.schema.snapshot import Field

CONTEXT = ParseContext()
FIELD = Field("thing", "amount", "number", Text("金额", "Amount"), ValueKind.NUMBER)
numbers = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**10), max_value=10**10)


@given(numbers)
def test_every_number_of_fifteen_digits_is_exact(value: Decimal) -> None:
    for raw in (value, str(value), f"{value:,}", f"{value:f}".replace("0", "０")):
        read = canonical(raw, FIELD, None)
        assert Decimal(repr(read)) == value
        assert Decimal(orjson.dumps(read).decode()) == value
        assert Decimal(written(read)) == value


@given(numbers, st.integers(0, 4))
def test_rounding_is_half_up_in_decimal(value: Decimal, scale: int) -> None:
    rounded = value.quantize(Decimal(1).scaleb(-scale), "ROUND_HALF_UP")
    assert Decimal(repr(canonical(value, FIELD, scale))) == rounded
    assert canonical(float(value), FIELD, scale) == canonical(value, FIELD, scale)


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    for kind in (NUMBER, MONEY):
        try:
            value = kind.parse(text, FIELD, CONTEXT)
        except ValueProblem as refused:
            assert refused.problem.code in {"not_a_number", "too_many_digits"}
        else:
            assert value is None or isinstance(value, int | float)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.2万", "12000"), ("3亿", "300000000"), ("1.5K", "1500"), ("2m", "2000000"), ("(1,234.5)", "-1234.5"),
        ("1e5", "100000"), ("1.5E-3", "0.0015"), ("−7", "-7"), ("+7", "7"), (".5", "0.5"), ("5.", "5"),
        ("1 000", "1000"),
        ("12,34", None), ("1,0000", None), ("(-1)", None), ("1-2", None), ("0x10", None), ("1_000", None), ("", None),
        ("nan", None), ("inf", None), ("٣", None),
    ],
)  # fmt: skip
def test_writings(text: str, value: str | None) -> None:
    assert read_decimal(text) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("￥1,054.00", 1054), ("¥ 12.5", 12.5), ("RMB 1,000", 1000), ("1000 CNY", 1000), ("HK$5", 5), ("12元", 12),
        ("1.2万元", 12000), ("-$5", -5), ("$-5", -5), ("($5.50)", -5.5), ("＄２２，７００．００", 22700),
        ("人民币12圆整", 12),
        ("12K", 12000), ("€3M", 3000000),
    ],
)  # fmt: skip
def test_amounts(raw: str, value: float) -> None:
    assert MONEY.parse(raw, FIELD, CONTEXT) == value


@pytest.mark.parametrize("raw", ["12abc", "$", "1元2", "CNY", "约12", "1 USD EUR", "--1"])
def test_no_amounts(raw: str) -> None:
    with pytest.raises(ValueProblem) as refused:
        MONEY.parse(raw, FIELD, CONTEXT)
    assert raw in refused.value.problem.message.zh


def test_too_long_numbers_are_not_cut() -> None:
    for raw in ("310115199001011234", 310115199001011234, "1" * 400, "1e400", 1e300, "12345678901234.567"):
        with pytest.raises(ValueProblem) as refused:
            canonical(raw, FIELD, 2)
        assert refused.value.problem.code in {"too_many_digits", "not_a_number"}
    assert canonical("0.1234567890123456789", FIELD, None) == 0.123456789012346
    assert canonical(0.1 + 0.2, FIELD, None) == 0.3


def test_bounds() -> None:
    bounded = Field(
        "thing",
        "share",
        "number",
        Text("x"),
        ValueKind.NUMBER,
        options=NUMBER.check_options({"minimum": 0, "maximum": 100}),
    )
    assert NUMBER.parse(100, bounded, CONTEXT) == 100
    for raw, code in ((-0.1, "too_small"), ("100.1", "too_large")):
        with pytest.raises(ValueProblem) as refused:
            NUMBER.parse(raw, bounded, CONTEXT)
        assert refused.value.problem.code == code
