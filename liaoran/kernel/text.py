"""Bilingual text. Every sentence that a person may read exists in Chinese and in English side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or label in both languages. ``zh`` is the fallback of ``en`` and the other way round."""

    zh: str
    en: str = ""

    def read(self, language: Language, **values: Any) -> str:
        """The text in ``language`` with ``{name}`` placeholders filled; a value may itself be a Text."""
        template = (self.zh or self.en) if language == "zh" else (self.en or self.zh)
        if not values:
            return template
        return template.format(
            **{name: value.read(language) if isinstance(value, Text) else value for name, value in values.items()}
        )

    def fill(self, **values: Any) -> Text:
        """A new Text with the placeholders filled in both languages."""
        return Text(self.read("zh", **values), self.read("en", **values))

    def to_json(self) -> dict[str, str]:
        """``{"zh": …, "en": …}`` with the fallback applied, as stored in the catalogue and sent to the pages."""
        return {"zh": self.zh or self.en, "en": self.en or self.zh}

    @staticmethod
    def from_json(value: Mapping[str, str] | str | None) -> Text:
        """Reads ``{"zh", "en"}`` or one plain string that serves both languages."""
        if value is None:
            return Text("", "")
        if isinstance(value, str):
            return Text(value, value)
        return Text(value.get("zh", ""), value.get("en", ""))

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)


EMPTY = Text("")
