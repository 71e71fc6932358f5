"""One link column: looks up what its cells mean, chunk by chunk, and makes records that are missing where wanted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from liaoran.access.scope import Scope
from liaoran.exchange.converting import LEFT_EMPTY, ColumnReader, Deferred, Refusal, learned_only, plain_text
from liaoran.exchange.imports.links import SEVERAL, UNKNOWN, Match, TargetIndex, new_record_values
from liaoran.exchange.plan import ColumnPlan
from liaoran.exchange.readers.table import Cell
from liaoran.infra.transaction import Transaction
from liaoran.kernel.events import Cause
from liaoran.kernel.text import Text
from liaoran.records.changes import Create, Rejected
from liaoran.records.write import write
from liaoran.schema.snapshot import Field

MAY_NOT_CREATE = Text("您没有权限新建{object}“{value}”", "you may not create the {object} “{value}”")
NOT_CREATED = Text("无法新建{object}“{value}”：{why}", "the {object} “{value}” could not be created: {why}")


class LinkColumn:
    """Reads the cells of one link column. ``defer`` is true while links within the file itself are put off."""

    def __init__(self, plan: ColumnPlan, field: Field, index: TargetIndex, *, defer: bool) -> None:
        self.plan = plan
        self.field = field
        self.index = index
        self.defer = defer
        self.created = 0
        self.reader = ColumnReader(plan, learned_only)

    async def learn(self, tx: Transaction, scope: Scope, cause: Cause, cells: Iterable[Cell]) -> list[UUID]:
        """Finds out what the cells not met before mean; gives the ids of the records that were made for them."""
        unread = self.reader.unknown(cells)
        if not unread:
            return []
        texts = {cell: self._text(cell) for cell in unread}
        asked = {text for text in texts.values() if text is not None}
        matches = await self.index.match(tx, scope, asked)
        missing = [text for text in dict.fromkeys(texts[cell] for cell in cells if cell in texts) if text is not None]
        missing = [text for text in missing if matches[text].how == "none"]
        meanings: dict[str, Any] = {text: self._meaning(text, match) for text, match in matches.items()}
        made: list[UUID] = []
        if missing and self.plan.missing == "create" and not self.defer:
            meanings.update(await self._create(tx, scope, cause, missing, made))
        self.reader.learn({cell: None if text is None else meanings[text] for cell, text in texts.items()})
        return made

    def _text(self, cell: Cell) -> str | None:
        text = plain_text(cell)
        if text is not None and text in self.plan.values:
            value = self.plan.values[text]
            return None if value is None else str(value).strip()
        return " ".join(text.split()) if text else None

    def _meaning(self, text: str, match: Match) -> Any:
        if match.id is not None:
            return str(match.id)
        label = self.index.target.label
        if match.how == "several":
            return Refusal("ambiguous_link", SEVERAL.fill(value=text[:80], object=label, count=match.count))
        if self.defer:
            return Deferred(text)
        if self.plan.missing == "empty":
            return LEFT_EMPTY
        return Refusal("unknown_link", UNKNOWN.fill(value=text[:80], object=label))

    async def _create(
        self, tx: Transaction, scope: Scope, cause: Cause, texts: list[str], made: list[UUID]
    ) -> dict[str, Any]:
        target = self.index.target
        if not scope.may(target.key, "create"):
            return {
                text: Refusal("may_not_create", MAY_NOT_CREATE.fill(object=target.label, value=text[:80]))
                for text in texts
            }
        creations = []
        for text in texts:
            record, values = new_record_values(target, text, self.plan.by == "code")
            creations.append(Create(target.key, values, id=record))
        outcomes = await write(tx, scope, creations, cause, all_or_nothing=False)
        meanings: dict[str, Any] = {}
        for text, outcome in zip(texts, outcomes, strict=True):
            if isinstance(outcome, Rejected):
                why = outcome.problems[0].message
                meanings[text] = Refusal("not_created", NOT_CREATED.fill(object=target.label, value=text[:80], why=why))
                continue
            meanings[text] = str(outcome.id)
            made.append(outcome.id)
            self.index.note_new(text, outcome.id)
        self.created += len(made)
        return meanings
