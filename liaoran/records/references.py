"""What a batch refers to: links must lead somewhere visible, unique values must be free. One statement asks for all."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from liaoran.infra.flights import Row
from liaoran.kernel.errors import Problem
from liaoran.kernel.events import EventKind
from liaoran.kernel.ports import Candidate
from liaoran.kernel.text import Text
from liaoran.query.display import json_object
from liaoran.query.plans import cached_statement
from liaoran.records.context import WriteContext
from liaoran.schema.snapshot import Field

UNKNOWN_LINK = Text(
    "“{field}”指向的记录不存在，或您无权查看",
    "the record that “{field}” points to does not exist, or you may not see it",
)
TAKEN = Text("“{field}”不能重复，“{value}”已被使用", "“{field}” must be unique, “{value}” is already used")
TWICE = Text(
    "“{field}”不能重复，“{value}”在本次内容中出现了多次",
    "“{field}” must be unique, “{value}” occurs more than once in this request",
)


@dataclass
class Questions:
    """What a batch has to ask: linked ids by target Object, values by unique Field."""

    links: dict[str, set[str]] = field(default_factory=dict)
    unique: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def shape(self) -> Hashable:
        """What the statement depends on, values left out."""
        return tuple(sorted(self.links)), tuple(sorted(self.unique))

    def __bool__(self) -> bool:
        return bool(self.links or self.unique)


def check_references(context: WriteContext, candidates: Sequence[Candidate]) -> None:
    """Sends the question whether links lead somewhere and values are free; each that is not becomes a problem of its
    candidate as soon as the answer is there."""
    questions = Questions()
    links = _collect_links(context, candidates, questions)
    unique = _collect_unique(context, candidates, questions)
    if not questions:
        return
    statement = cached_statement(
        context.scope, ("records.references", context.object.key, questions.shape), lambda: _compile(context, questions)
    )
    params = {
        **context.scope.params(),
        **{f"links_{target}": [UUID(one) for one in ids] for target, ids in questions.links.items()},
        **{f"unique_{key}": values for key, values in questions.unique.items()},
    }

    def judge(answers: Sequence[Row]) -> None:
        _judge_links(answers[0]["answer"]["links"], links)
        _judge_unique(answers[0]["answer"]["taken"], unique)

    context.tx.send(statement, params, judge)


def _collect_links(
    context: WriteContext, candidates: Sequence[Candidate], questions: Questions
) -> dict[str, list[tuple[Field, list[Candidate]]]]:
    """Changed links by target, and the questions about them. Records made in this batch and the actor exist."""
    known = {str(one.id) for one in candidates if one.kind is EventKind.CREATED}
    known |= {str(one) for one in (context.actor.person, context.actor.department) if one is not None}
    found: dict[str, list[tuple[Field, list[Candidate]]]] = {}
    for one in context.shape.links:
        linking = [each for each in candidates if one.key in (each.new if each.old is None else each.changes)]
        linking = [each for each in linking if one.key in each.new]
        asked = {candidate.new[one.key] for candidate in linking} - known
        if asked:
            target = str(one.target)
            questions.links.setdefault(target, set()).update(asked)
            found.setdefault(target, []).append((one, linking))
    return found


def _judge_links(missing: Mapping[str, Any], links: Mapping[str, list[tuple[Field, list[Candidate]]]]) -> None:
    for target, ids in missing.items():
        lost = set(ids or ())
        if not lost:
            continue
        for one, linking in links[target]:
            for candidate in linking:
                value = candidate.new[one.key]
                if value in lost:
                    message = UNKNOWN_LINK.fill(field=one.label)
                    evidence = {"value": value, "object": target}
                    candidate.problems.append(Problem("unknown_link", message, one.key, evidence))


def _collect_unique(
    context: WriteContext, candidates: Sequence[Candidate], questions: Questions
) -> dict[str, tuple[Field, dict[Any, list[Candidate]]]]:
    found: dict[str, tuple[Field, dict[Any, list[Candidate]]]] = {}
    for one in context.shape.unique:
        claims: dict[Any, list[Candidate]] = {}
        for candidate in candidates:
            back = candidate.old is None or candidate.kind is EventKind.RESTORED
            if one.key in candidate.new and (back or one.key in candidate.changes):
                claims.setdefault(candidate.new[one.key], []).append(candidate)
        if claims:
            questions.unique[one.key] = list(claims)
            found[one.key] = (one, claims)
    return found


def _judge_unique(
    taken: Mapping[str, Any], unique: Mapping[str, tuple[Field, Mapping[Any, Sequence[Candidate]]]]
) -> None:
    for key, (one, claims) in unique.items():
        for value, record, visible in taken[key] or []:
            for candidate in claims.get(value, ()):
                if str(candidate.id) != record:
                    evidence = {"value": value, **({"record": record} if visible else {})}
                    message = TAKEN.fill(field=one.label, value=value)
                    candidate.problems.append(Problem("not_unique", message, key, evidence))
        for value, claimants in claims.items():
            for later in claimants[1:]:
                evidence = {"value": value, "position": claimants[0].position}
                message = TWICE.fill(field=one.label, value=value)
                later.problems.append(Problem("not_unique", message, key, evidence))


def _compile(context: WriteContext, questions: Questions) -> sa.Select[Any]:
    links = json_object(*((target, _missing(context, target)) for target in sorted(questions.links)))
    taken = json_object(*((key, _taken(context, key)) for key in sorted(questions.unique)))
    return sa.select(json_object(("links", links), ("taken", taken)).label("answer"))


def _missing(context: WriteContext, target: str) -> sa.ScalarSelect[Any]:
    asked = sa.func.unnest(sa.bindparam(f"links_{target}", type_=pg.ARRAY(sa.Uuid))).column_valued("asked")
    source = context.scope.source(target)
    return (
        sa.select(sa.func.json_agg(asked))
        .where(~sa.exists(sa.select(sa.literal(1)).where(source.c.id == asked)))
        .scalar_subquery()
    )


def _taken(context: WriteContext, key: str) -> sa.ScalarSelect[Any]:
    """``[value, id, visible]`` of the live records that hold one of the values, whoever may see them."""
    table = context.object.table.alias(f"holder_{key}")
    source = context.scope.source(context.object.key)
    visible = sa.exists(sa.select(sa.literal(1)).where(source.c.id == table.c.id))
    values = sa.bindparam(f"unique_{key}", type_=pg.ARRAY(table.c[key].type))
    return (
        sa.select(sa.func.json_agg(sa.func.json_build_array(table.c[key], table.c.id, visible)))
        .where(table.c[key] == sa.any_(values), table.c.deleted_at.is_(None))
        .scalar_subquery()
    )
