"""Reading a formula: text to syntax tree. Full-width punctuation is taken like its half-width form."""

from __future__ import annotations

from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken, v_args

from liaoran.kernel.text import Text
from liaoran.query.formula.errors import formula_error
from liaoran.query.formula.nodes import Call, Constant, Node, Place, Reference, depth_of

LONGEST = 2_000
DEEPEST = 50
MOST_DIGITS = 15

_HALF_WIDTH = str.maketrans("（），。；＋－×＊÷／＾＆＜＞＝％“”", '(),.,+-**//^&<>=%""')

# What the parser may have expected, in words, from its terminals.
_EXPECTED = {
    "NUMBER": Text("数字", "a number"),
    "TEXT": Text("“文字”", '"text"'),
    "NAME": Text("字段或函数", "a field or a function"),
    "LPAR": Text("(", "("),
    "RPAR": Text(")", ")"),
    "COMMA": Text("逗号", "a comma"),
    "COMPARE": Text("= < > 等比较", "a comparison such as ="),
    "TIMES": Text("+ - * / 等运算符", "an operator such as +"),
    "$END": Text("公式结尾", "the end of the formula"),
}


@lru_cache(maxsize=5_000)
def parse_formula(text: str) -> Node:
    """The syntax tree. Raises Invalid ``invalid_formula`` with position, line, column and what was expected."""
    if len(text) > LONGEST:
        why = Text("公式最长 {limit} 个字", "a formula has at most {limit} characters").fill(limit=LONGEST)
        raise formula_error(_place_at(text, LONGEST), why)
    if not text.strip():
        raise formula_error(Place(0, 1, 1), Text("公式为空", "the formula is empty"))
    source = _half_width(text)
    try:
        tree: Any = _parser().parse(source)
    except UnexpectedInput as error:
        raise _syntax_error(source, error) from None
    if depth_of(tree) > DEEPEST:
        why = Text("嵌套超过 {limit} 层", "nested more than {limit} levels deep").fill(limit=DEEPEST)
        raise formula_error(tree.place, why)
    node: Node = tree
    return node


def _half_width(text: str) -> str:
    """Punctuation outside of texts and braces in half width, character by character, so that places stay."""
    shown, closing = [], ""
    for character in text:
        narrow = character.translate(_HALF_WIDTH)
        if closing:
            shown.append('"' if closing == '"' and character in "“”" else character)
            closing = "" if shown[-1] == closing else closing
        else:
            shown.append(narrow)
            closing = {'"': '"', "{": "}"}.get(narrow, "")
    return "".join(shown)


@cache
def _parser() -> Lark:
    grammar = resources.files("liaoran.query.formula").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual", propagate_positions=True, transformer=_Builder())


def _place(meta: Any) -> Place:
    return Place(meta.start_pos, meta.line, meta.column)


def _place_of(token: Token) -> Place:
    return Place(token.start_pos or 0, token.line or 1, token.column or 1)


def _place_at(text: str, position: int) -> Place:
    before = text[:position]
    return Place(position, before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)


def _call(place: Place, name: str, *arguments: Node | None) -> Call:
    return Call(place, name, arguments, 1 + max(map(depth_of, arguments), default=0))


@v_args(inline=True)
class _Builder(Transformer[Token, Node]):
    """Builds nodes while the parser reads, so that nothing recurses over the text."""

    def start(self, node: Node) -> Node:
        return node

    def compare(self, left: Node, sign: Token, right: Node) -> Node:
        same = {"==": "=", "!=": "<>"}
        return _call(_place_of(sign), same.get(str(sign), str(sign)), left, right)

    def join(self, left: Node, right: Node) -> Node:
        return _call(left.place, "&", left, right)

    def arithmetic(self, left: Node, sign: Token, right: Node) -> Node:
        return _call(_place_of(sign), str(sign), left, right)

    def sign(self, sign: Token, node: Node) -> Node:
        return node if sign == "+" else _call(_place_of(sign), "-", Constant(_place_of(sign), Decimal(0)), node)

    def percent(self, node: Node, sign: Token) -> Node:
        return _call(_place_of(sign), "/", node, Constant(_place_of(sign), Decimal(100)))

    def number(self, token: Token) -> Node:
        if sum(character.isdigit() for character in token) > MOST_DIGITS:
            why = Text("数字最多 {limit} 位", "a number has at most {limit} digits").fill(limit=MOST_DIGITS)
            raise formula_error(_place_of(token), why)
        return Constant(_place_of(token), Decimal(str(token)))

    def text(self, token: Token) -> Node:
        return Constant(_place_of(token), token[1:-1].replace('""', '"'))

    def true(self, token: Token) -> Node:
        return Constant(_place_of(token), True)

    def false(self, token: Token) -> Node:
        return Constant(_place_of(token), False)

    def reference(self, token: Token) -> Node:
        braced = token.startswith("{")
        path = token[1:-1].strip() if braced else str(token)
        if not path:
            raise formula_error(_place_of(token), Text("花括号内应写字段名称", "name a field within the braces"))
        return Reference(_place_of(token), path, braced)

    def arguments(self, *nodes: Node | None) -> tuple[Node | None, ...]:
        return () if nodes == (None,) else nodes

    def call(self, name: Token, arguments: tuple[Node | None, ...]) -> Node:
        return _call(_place_of(name), name.upper(), *arguments)


def _syntax_error(text: str, error: UnexpectedInput) -> Exception:
    if isinstance(error, UnexpectedCharacters):
        place = _place_at(text, error.pos_in_stream or 0)
        character = text[place.position : place.position + 1]
        hint = Text("")
        if character == '"':
            hint = Text("，文字缺少结束引号", "; the closing quote is missing")
        elif character == "{":
            hint = Text("，缺少 }", "; the closing } is missing")
        elif not character.isascii():
            hint = Text("，用名称引用字段时请加花括号，如 {预计金额}", "; put labels in braces, as in {Amount}")
        why = Text(f"无法识别“{character}”{hint.zh}", f"“{character}” is not understood{hint.en}")
        return formula_error(place, why, _words(error.allowed or set()))
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        token = error.token
        why = Text("这里不应出现“{token}”", "“{token}” is not expected here").fill(token=str(token)[:40])
        return formula_error(
            _place_of(token), _with_expected(why, error.accepts or error.expected), _words(error.expected)
        )
    expected = error.expected if isinstance(error, UnexpectedToken) else set()
    why = Text("公式没有写完", "the formula ends too early")
    return formula_error(_place_at(text, len(text)), _with_expected(why, expected), _words(expected))


def _texts(expected: Any) -> list[Text]:
    return [text for name, text in _EXPECTED.items() if name in expected]


def _words(expected: Any) -> list[str]:
    return [text.en for text in _texts(expected)]


def _with_expected(why: Text, expected: Any) -> Text:
    words = _texts(expected)
    if not words:
        return why
    zh, en = "、".join(word.zh for word in words), ", ".join(word.en for word in words)
    return Text(f"{why.zh}，应为：{zh}", f"{why.en}; expected: {en}")
