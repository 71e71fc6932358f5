"""Reading definitions: JSON values read by name, each refusal in both languages and naming its place.

A place reads like ``objects[3].fields[2].options.scale``, so that a person who wrote a definition by hand, and a page
that draws a form over it, both find what is wrong.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from liaoran.kernel.errors import Invalid, Problem
from liaoran.kernel.text import LANGUAGES, Text


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a definition something stands; ``path`` is empty at the top."""

    path: str = ""

    def at(self, key: str | int) -> Place:
        """The place of a named part or of an item of a list."""
        if isinstance(key, int):
            return Place(f"{self.path}[{key}]")
        return Place(f"{self.path}.{key}" if self.path else key)

    def refuse(self, message: Text, code: str = "invalid_definition", **evidence: Any) -> Invalid:
        """The error to raise: its message ends with the place, its one problem carries it as ``field``."""
        shown = Text(f"{message.zh}（{self.path}）", f"{message.en} ({self.path})") if self.path else message
        problem = Problem(code, message, field=self.path or None, evidence=evidence)
        return Invalid(shown, code=code, problems=(problem,), extra={"at": self.path})


def near(word: str, known: Iterable[str]) -> list[str]:
    """At most three known words that a person may have meant by ``word``."""
    return difflib.get_close_matches(word, list(known), n=3, cutoff=0.6)


class Reader:
    """Reads one JSON object key by key; ``done`` refuses what nobody asked for, so a typing error never passes."""

    def __init__(self, value: Any, place: Place) -> None:
        if not isinstance(value, Mapping):
            raise place.refuse(Text("应为 JSON 对象", "must be a JSON object"))
        self.place = place
        self._value: Mapping[str, Any] = value
        self._known: set[str] = set()

    def has(self, key: str) -> bool:
        """Whether the key is present with a value other than null."""
        self._known.add(key)
        return self._value.get(key) is not None

    def raw(self, key: str, default: Any = None) -> Any:
        """The value as it stands, or ``default`` where absent or null."""
        self._known.add(key)
        value = self._value.get(key)
        return default if value is None else value

    def text(self, key: str, default: str | None = None, *, required: bool = False) -> str:
        """A string without surrounding blanks; refuses other types, and an empty one where ``required``."""
        value = self.raw(key, default)
        if value is None or (isinstance(value, str) and not value.strip()):
            if required:
                raise self.place.at(key).refuse(Text("不能为空", "is required"))
            return ""
        if not isinstance(value, str):
            raise self.place.at(key).refuse(Text("应为文字", "must be a string"), found=value)
        return value.strip()

    def flag(self, key: str, default: bool = False) -> bool:
        """true or false."""
        value = self.raw(key, default)
        if not isinstance(value, bool):
            raise self.place.at(key).refuse(Text("应为 true 或 false", "must be true or false"), found=value)
        return value

    def integer(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number within ``low`` and ``high``, both included."""
        value = self.raw(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.place.at(key).refuse(
                Text("应为 {low} 到 {high} 的整数", "must be a whole number from {low} to {high}").fill(
                    low=low, high=high
                ),
                found=value,
            )
        return value

    def number(self, key: str) -> int | float | None:
        """A number, or None where absent."""
        value = self.raw(key)
        if value is not None and (not isinstance(value, int | float) or isinstance(value, bool)):
            raise self.place.at(key).refuse(Text("应为数字", "must be a number"), found=value)
        return value

    def one_of(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        """One of the allowed words; refuses others and shows the near ones."""
        words = list(allowed)
        value = self.text(key, default, required=True)
        if value not in words:
            raise self.place.at(key).refuse(
                Text("“{found}”不在可选值 {allowed} 之中", "“{found}” is not one of {allowed}").fill(
                    found=value, allowed=", ".join(near(value, words) or words)
                ),
                found=value,
            )
        return value

    def label(self, key: str, default: Text | None = None) -> Text:
        """``{"zh", "en"}`` or one plain string; refuses an empty one where there is no default."""
        value = self.raw(key)
        if value is None:
            if default is None:
                raise self.place.at(key).refuse(Text("需要名称（zh 或 en）", "a label (zh or en) is required"))
            return default
        if isinstance(value, Mapping):
            for language, part in value.items():
                if language not in LANGUAGES or not isinstance(part, str):
                    raise self.place.at(key).refuse(
                        Text('应为 {"zh": …, "en": …}', 'must be {"zh": …, "en": …}'), found=dict(value)
                    )
        elif not isinstance(value, str):
            raise self.place.at(key).refuse(Text("应为文字", "must be a string"), found=value)
        label = Text.from_json(value)
        label = Text(label.zh.strip(), label.en.strip())
        if not label and default is None:
            raise self.place.at(key).refuse(Text("需要名称（zh 或 en）", "a label (zh or en) is required"))
        return label

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings without blanks around them, empty ones and repetitions left out."""
        found: dict[str, None] = {}
        for index, value in enumerate(self.items(key)):
            if not isinstance(value, str):
                raise self.place.at(key).at(index).refuse(Text("应为文字", "must be a string"), found=value)
            if value.strip():
                found[value.strip()] = None
        return tuple(found)

    def items(self, key: str) -> list[Any]:
        """A list, empty where absent."""
        value = self.raw(key, [])
        if not isinstance(value, list | tuple):
            raise self.place.at(key).refuse(Text("应为列表", "must be a list"), found=value)
        return list(value)

    def part(self, key: str) -> Mapping[str, Any]:
        """A JSON object, empty where absent."""
        value = self.raw(key, {})
        if not isinstance(value, Mapping):
            raise self.place.at(key).refuse(Text("应为 JSON 对象", "must be a JSON object"), found=value)
        return value

    def done(self) -> None:
        """Refuses keys that were never asked for."""
        for key in self._value:
            if key not in self._known:
                meant = near(str(key), self._known)
                hint = Text(f"，是否想写 {meant[0]}？", f"; did you mean {meant[0]}?") if meant else Text("", "")
                raise self.place.at(str(key)).refuse(
                    Text(f"没有这个设置{hint.zh}", f"there is no such setting{hint.en}"), known=sorted(self._known)
                )
