"""Approvals of a definition."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import cast, get_args

from liaoran.kernel.text import Text
from liaoran.process.definition.parts import read_checks, read_each, read_maybe, read_number, read_who
from liaoran.process.definition.subject import Subject, read_key, refuse_repeated
from liaoran.schema.processes import Approval, ApprovalStep, CommentRule, Mode, State
from liaoran.schema.reading import Reader

MAXIMUM_STEPS = 30
MAXIMUM_HOURS = 2000
_MOST_DECIDERS = 50


def read_approvals(subject: Subject, reader: Reader, states: Mapping[str, State]) -> tuple[Approval, ...]:
    """The approvals by which stages and transitions may be held. Raises Invalid for one without steps."""
    found = read_each(reader, "approvals", partial(_approval, subject, states))
    place = reader.place.at("approvals")
    refuse_repeated((one.key, place.at(index)) for index, one in enumerate(found))
    return found


def _approval(subject: Subject, states: Mapping[str, State], reader: Reader) -> Approval:
    approval = Approval(
        key=read_key(reader),
        label=reader.label("label"),
        steps=read_each(reader, "steps", partial(_step, subject)),
        condition=subject.condition(reader, "condition") if reader.has("condition") else None,
        needs=read_checks(subject, reader, "needs"),
        lock=reader.flag("lock", default=True),
        passed_to=_target(reader, "on_passed", states),
        refused_to=_target(reader, "on_refused", states),
    )
    reader.done()
    place = reader.place.at("steps")
    if not 1 <= len(approval.steps) <= MAXIMUM_STEPS:
        message = Text("需要 1 到 {limit} 个审批步骤", "between 1 and {limit} steps are needed").fill(
            limit=MAXIMUM_STEPS
        )
        raise place.refuse(message, code="no_steps")
    refuse_repeated((one.key, place.at(index)) for index, one in enumerate(approval.steps))
    return approval


def _target(reader: Reader, name: str, states: Mapping[str, State]) -> str | None:
    part = Reader(reader.part(name), reader.place.at(name))
    key = part.text("move_to") or None
    part.done()
    if key is not None and key not in states:
        message = Text("没有名为“{key}”的阶段", "there is no state “{key}”").fill(key=key)
        raise part.place.at("move_to").refuse(message, found=key)
    return key


def _step(subject: Subject, reader: Reader) -> ApprovalStep:
    step = ApprovalStep(
        key=read_key(reader),
        label=reader.label("label"),
        who=read_each(reader, "who", partial(read_who, subject)),
        mode=cast(Mode, reader.one_of("mode", get_args(Mode), "any")),
        count=reader.integer("count", 1, 1, _MOST_DECIDERS),
        condition=subject.condition(reader, "condition") if reader.has("condition") else None,
        comment=cast(CommentRule, reader.one_of("comment", get_args(CommentRule), "on_refusal")),
        remind_hours=read_number(reader, "remind_hours", MAXIMUM_HOURS),
        escalate_hours=read_number(reader, "escalate_hours", MAXIMUM_HOURS),
        escalate_to=read_maybe(reader, "escalate_to", partial(read_who, subject)),
        parallel=reader.flag("parallel"),
    )
    reader.done()
    if not step.who:
        raise reader.place.at("who").refuse(
            Text("需要至少一位审批人", "at least one approver is needed"), "no_approver"
        )
    if step.escalate_hours and step.escalate_to is None:
        message = Text("请说明超时后升级给谁", "say to whom it escalates")
        raise reader.place.at("escalate_to").refuse(message, "no_escalation")
    return step
