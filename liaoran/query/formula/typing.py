"""Typing: from the syntax tree to a typed one. Every complaint names its place, what it found and what it expected."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from liaoran.kernel.errors import Invalid
from liaoran.kernel.text import Text
from liaoran.kernel.values import ValueKind
from liaoran.query.formula.errors import formula_error
from liaoran.query.formula.functions import FUNCTIONS
from liaoran.query.formula.functions.base import Function, Parameter
from liaoran.query.formula.names import find_reference
from liaoran.query.formula.nodes import Call, Constant, Node, Place, Reference
from liaoran.query.formula.typed import Typed, TypedCall, TypedConstant, TypedReference
from liaoran.query.paths import resolve_path
from liaoran.query.rows import Rows
from liaoran.query.words import fold
from liaoran.schema.reading import near
from liaoran.schema.snapshot import Field

KIND_NAMES: dict[ValueKind | None, Text] = {
    ValueKind.TEXT: Text("文字", "text"),
    ValueKind.NUMBER: Text("数字", "a number"),
    ValueKind.BOOLEAN: Text("是否", "yes or no"),
    ValueKind.DATE: Text("日期", "a day"),
    ValueKind.INSTANT: Text("时间", "an instant"),
    ValueKind.CHOICE: Text("选项", "a choice"),
    ValueKind.CHOICES: Text("多选", "choices"),
    ValueKind.LINK: Text("关联", "a link"),
    ValueKind.REGION: Text("地区", "a region"),
    None: Text("空", "empty"),
}
_DAYS = frozenset({ValueKind.DATE, ValueKind.INSTANT})
_EQUALITY = ("=", "<>")
EMPTY = TypedConstant(None, None)


class Typer:
    """Types formulas over one Object as these Rows see it."""

    def __init__(self, rows: Rows, object_key: str) -> None:
        self.rows = rows
        self.object_key = object_key

    def type(self, node: Node) -> Typed:
        """The typed tree. Raises Invalid: ``invalid_formula``, or ``unknown_field`` with the place."""
        match node:
            case Constant(_, value):
                return _constant(value)
            case Reference():
                return TypedReference(find_reference(self.rows, self.object_key, node))
            case Call():
                return self._call(node)

    def _call(self, node: Call) -> Typed:
        if node.name == "&":
            node = _flat(node)
        function = FUNCTIONS.get(node.name)
        if function is None:
            raise _unknown_function(node)
        _check_count(node, function)
        if node.name == "COUNT":
            return self._count(node)
        arguments = [self._argument(node, index, one) for index, one in enumerate(node.arguments)]
        days = _over_days(node.name, arguments)
        if days is not None:
            function, arguments = days
        taken_as, kind = self._kinds(node, function, arguments)
        if function.objection is not None:
            values = [one.value if isinstance(one, TypedConstant) else None for one in arguments]
            why = function.objection(taken_as, values)
            if why is not None:
                raise formula_error(node.place, why)
        return TypedCall(function, tuple(arguments), tuple(taken_as), kind)

    def _argument(self, node: Call, index: int, argument: Node | None) -> Typed:
        if argument is None:
            why = Text("{name} 的第 {index} 个参数没有写", "argument {index} of {name} is missing")
            raise formula_error(node.place, why.fill(name=node.name, index=index + 1))
        return self.type(argument)

    def _count(self, node: Call) -> Typed:
        argument = node.arguments[0]
        if not isinstance(argument, Reference) or argument.path.count(".") != 1:
            why = Text("COUNT 应写作 COUNT(对象.关联字段)", "write COUNT(object.link)")
            raise formula_error(node.place, why)
        try:
            return TypedReference(resolve_path(self.rows, self.object_key, f"count({argument.path})"))
        except Invalid as error:
            raise formula_error(argument.place, error.message, code=error.code) from None

    def _kinds(
        self, node: Call, function: Function, arguments: list[Typed]
    ) -> tuple[list[ValueKind | None], ValueKind | None]:
        """What each argument is taken as, and the kind of the result. May replace constants by keys of choices."""
        parameters = [function.parameter(index) for index in range(len(arguments))]
        same = [index for index, one in enumerate(parameters) if one.same]
        shared = self._shared(node, function, arguments, same) if same else None
        taken_as: list[ValueKind | None] = []
        for index, (parameter, argument) in enumerate(zip(parameters, arguments, strict=True)):
            taken_as.append(shared if parameter.same else _taken_as(node, index, parameter, argument))
        return taken_as, function.result if function.result is not None else shared

    def _shared(self, node: Call, function: Function, arguments: list[Typed], same: Sequence[int]) -> ValueKind | None:
        """The one kind of the arguments that must agree."""
        if node.name in _EQUALITY and _compares_choice(node, arguments):
            return ValueKind.CHOICE
        kinds = {_plain_kind(arguments[index].kind) for index in same} - {None}
        if kinds == _DAYS:
            return ValueKind.DATE
        if len(kinds) > 1:
            found_zh = "、".join(sorted(KIND_NAMES[kind].zh for kind in kinds))
            found_en = ", ".join(sorted(KIND_NAMES[kind].en for kind in kinds))
            why = Text(
                f"{node.name} 的各个值应为同一种类，现有：{found_zh}",
                f"{node.name} needs values of one kind, found: {found_en}",
            )
            raise formula_error(node.place, why)
        shared = next(iter(kinds), None)
        ordered = function.hidden and node.name not in _EQUALITY
        if ordered and shared is ValueKind.BOOLEAN:
            raise formula_error(node.place, Text("“是否”不能比较大小", "yes and no have no order"))
        return shared


def _flat(node: Call) -> Call:
    """A chain of texts joined with ``&`` as one function of all of them."""
    parts: list[Node | None] = []
    left: Node | None = node
    while isinstance(left, Call) and left.name == "&":
        left, right = left.arguments
        parts.append(right)
    return Call(node.place, "CONCAT", (left, *reversed(parts)), node.depth)


def _constant(value: Decimal | str | bool) -> Typed:
    if isinstance(value, bool):
        return TypedConstant(value, ValueKind.BOOLEAN)
    if isinstance(value, str):
        return TypedConstant(value, ValueKind.TEXT) if value else EMPTY
    return TypedConstant(value, ValueKind.NUMBER)


def _over_days(name: str, arguments: Sequence[Typed]) -> tuple[Function, list[Typed]] | None:
    """``+`` and ``-`` over days: a day and a number give a day, two days the days between."""
    if name not in ("+", "-"):
        return None
    left, right = arguments
    if left.kind in _DAYS and right.kind in _DAYS and name == "-":
        return FUNCTIONS["DAYS"], [left, right]
    if left.kind not in _DAYS and right.kind in _DAYS and name == "+":
        left, right = right, left
    if left.kind in _DAYS and right.kind not in _DAYS:
        number = right if name == "+" else _negative(right)
        return FUNCTIONS["DATEADD"], [left, number, TypedConstant("day", ValueKind.TEXT)]
    return None


def _negative(number: Typed) -> Typed:
    zero = TypedConstant(Decimal(0), ValueKind.NUMBER)
    return TypedCall(FUNCTIONS["-"], (zero, number), (ValueKind.NUMBER, ValueKind.NUMBER), ValueKind.NUMBER)


def _compares_choice(node: Call, arguments: list[Typed]) -> bool:
    """A choice Field compared with a text that is written out: the text is read as one of the choices."""
    for index, other in ((0, 1), (1, 0)):
        one, constant = arguments[index], arguments[other]
        if not isinstance(one, TypedReference) or one.kind is not ValueKind.CHOICE:
            continue
        if isinstance(constant, TypedConstant) and isinstance(constant.value, str):
            field = one.path.field
            if field is not None:
                key = _choice_key(node.arguments[other], field, constant.value)
                arguments[other] = TypedConstant(key, ValueKind.CHOICE)
                return True
    return False


def _choice_key(node: Node | None, field: Field, word: str) -> str:
    if not field.choices or word in field.choice_by_key:
        return word
    wanted = fold(word)
    for choice in field.choices:
        if wanted in (fold(choice.label.zh), fold(choice.label.en)):
            return choice.key
    place = node.place if node is not None else Place(0, 1, 1)
    labels = [choice.label.to_json() for choice in field.choices if not choice.retired][:10]
    zh, en = "、".join(one["zh"] for one in labels), ", ".join(one["en"] for one in labels)
    raise formula_error(
        place,
        Text("“{word}”不在“{field}”的选项中：{known}", "“{word}” is not a choice of “{field}”: {known}").fill(
            word=word, field=field.label, known=Text(zh, en)
        ),
        [one["en"] for one in labels],
    )


def _plain_kind(kind: ValueKind | None) -> ValueKind | None:
    """Choices, links and regions are taken as the text that people read."""
    if kind in (ValueKind.CHOICE, ValueKind.CHOICES, ValueKind.LINK, ValueKind.REGION):
        return ValueKind.TEXT
    return kind


def _taken_as(node: Call, index: int, parameter: Parameter, argument: Typed) -> ValueKind | None:
    """The kind that an argument is converted to. Anything has a text form; an instant has a day."""
    if parameter.words:
        _check_word(node, index, parameter, argument)
    kind = argument.kind
    if len(parameter.kinds) == len(ValueKind):
        return kind
    if kind in parameter.kinds:
        return kind
    if kind is None:
        return min(parameter.kinds)
    if ValueKind.TEXT in parameter.kinds:
        return ValueKind.TEXT
    if kind is ValueKind.INSTANT and ValueKind.DATE in parameter.kinds:
        return ValueKind.DATE
    wanted = sorted(parameter.kinds)
    found = node.arguments[index] if index < len(node.arguments) else None
    why = Text(
        "{name} 的“{what}”应为{wanted}，这里是{found}", "“{what}” of {name} must be {wanted}, found {found}"
    ).fill(
        name=node.name,
        what=parameter.name,
        wanted=Text("或".join(KIND_NAMES[one].zh for one in wanted), " or ".join(KIND_NAMES[one].en for one in wanted)),
        found=KIND_NAMES[kind],
    )
    raise formula_error(found.place if found is not None else node.place, why, [KIND_NAMES[one].en for one in wanted])


def _check_word(node: Call, index: int, parameter: Parameter, argument: Typed) -> None:
    if isinstance(argument, TypedConstant) and argument.value in parameter.words:
        return
    found = node.arguments[index] if index < len(node.arguments) else None
    why = Text("“{what}”应写成下列之一：{words}", "“{what}” must be one of {words}, written out").fill(
        what=parameter.name, words=", ".join(f'"{word}"' for word in parameter.words)
    )
    raise formula_error(found.place if found is not None else node.place, why, parameter.words)


def _check_count(node: Call, function: Function) -> None:
    found, most = len(node.arguments), function.most
    if found >= function.least and (most is None or found <= most):
        return
    wanted = (
        f"{function.least}" if most == function.least else f"{function.least}–{most}" if most else f"{function.least}+"
    )
    why = Text("{name} 需要 {wanted} 个参数，这里有 {found} 个", "{name} takes {wanted} arguments, found {found}")
    raise formula_error(node.place, why.fill(name=node.name, wanted=wanted, found=found))


def _unknown_function(node: Call) -> Invalid:
    meant = near(node.name, [key for key, one in FUNCTIONS.items() if not one.hidden])
    why = Text("没有函数 {name}", "there is no function {name}").fill(name=node.name[:40])
    if meant:
        why = Text(f"{why.zh}，是否指 {meant[0]}？", f"{why.en}; did you mean {meant[0]}?")
    return formula_error(node.place, why, meant)
