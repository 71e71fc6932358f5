"""States of a definition."""

from __future__ import annotations

from functools import partial
from typing import cast, get_args

from liaoran.kernel.text import EMPTY, LANGUAGES, Text
from liaoran.process.definition.parts import (
    read_checks,
    read_each,
    read_maybe,
    read_number,
    read_output,
    read_who,
)
from liaoran.process.definition.subject import Subject, read_key, refuse_repeated
from liaoran.schema.process_json import guidance_from_json
from liaoran.schema.processes import ActionTemplate, Goal, Leaving, State, StateKind
from liaoran.schema.reading import Reader

KINDS: tuple[StateKind, ...] = get_args(StateKind)
GUIDANCE = ("why", "how", "done", "focus", "difficulty", "effect", "script")
"""What guidance may say: why the next step, how to take it, what counts as done, what to mind, what is often hard, what
the system does for it, and how to talk."""
MAXIMUM_STATES = 100
MAXIMUM_ACTIONS = 50
_LATEST_DUE = 365


def read_states(subject: Subject, reader: Reader) -> tuple[State, ...]:
    """The states in their order. Raises Invalid where there is no open one, or a key occurs twice."""
    items, place = reader.items("states"), reader.place.at("states")
    if not 1 <= len(items) <= MAXIMUM_STATES:
        message = Text("需要 1 到 {limit} 个阶段", "between 1 and {limit} states are needed").fill(limit=MAXIMUM_STATES)
        raise place.refuse(message)
    states = tuple(_state(subject, Reader(item, place.at(index)), index) for index, item in enumerate(items))
    refuse_repeated((state.key, place.at(index)) for index, state in enumerate(states))
    if not any(state.is_open for state in states):
        message = Text(
            "至少要有一个进行中的阶段，新记录从那里开始", "at least one state must be open: new records start there"
        )
        raise place.refuse(message, code="no_open_state")
    return states


def _state(subject: Subject, reader: Reader, order: int) -> State:
    state = State(
        key=reader.text("key", required=True),
        label=reader.label("label"),
        kind=cast(StateKind, reader.one_of("kind", KINDS, "open")),
        order=order,
        probability=reader.integer("probability", 0, 0, 100),
        forecast_category=reader.text("forecast_category") or None,
        color=reader.text("color") or None,
        guidance=_guidance(reader),
        target_days=read_number(reader, "target_days"),
        maximum_days=read_number(reader, "maximum_days"),
        follow_up_days=read_number(reader, "follow_up_days"),
        goal=read_maybe(reader, "goal", partial(_goal, subject)),
        accountable=read_maybe(reader, "accountable", partial(read_who, subject)),
        inputs=_texts(reader, "inputs"),
        outputs=read_each(reader, "outputs", partial(read_output, subject)),
        required=subject.filled_fields(reader, "required"),
        entry=read_checks(subject, reader, "entry"),
        exit=read_checks(subject, reader, "exit"),
        actions=_actions(subject, reader),
        on_leave=cast(Leaving, reader.one_of("on_leave", get_args(Leaving), "carry")),
        hand_over=read_maybe(reader, "hand_over", partial(read_who, subject)),
        team=read_each(reader, "team", partial(read_who, subject)),
        approval=reader.text("approval") or None,
    )
    reader.done()
    if state.target_days and state.maximum_days and state.target_days > state.maximum_days:
        message = Text("目标天数不能超过最长停留天数", "the target must not be longer than the longest stay")
        raise reader.place.at("target_days").refuse(message, found=state.target_days)
    return state


def _guidance(reader: Reader) -> dict[str, Text]:
    value = reader.raw("guidance")
    if value is None or isinstance(value, str) or (isinstance(value, dict) and set(value) <= set(LANGUAGES)):
        return guidance_from_json(value)
    part = Reader(value, reader.place.at("guidance"))
    said = {name: part.label(name, EMPTY) for name in GUIDANCE}
    part.done()
    return {name: text for name, text in said.items() if text}


def _texts(reader: Reader, name: str) -> tuple[Text, ...]:
    place = reader.place.at(name)
    return tuple(Reader({"text": item}, place.at(index)).label("text") for index, item in enumerate(reader.items(name)))


def _goal(subject: Subject, reader: Reader) -> Goal:
    goal = Goal(reader.label("label"), subject.condition(reader, "condition"))
    reader.done()
    return goal


def _actions(subject: Subject, reader: Reader) -> tuple[ActionTemplate, ...]:
    found = read_each(reader, "actions", partial(_action, subject))
    place = reader.place.at("actions")
    if len(found) > MAXIMUM_ACTIONS:
        message = Text("每个阶段最多 {limit} 个动作", "a state has at most {limit} actions").fill(limit=MAXIMUM_ACTIONS)
        raise place.refuse(message)
    refuse_repeated((one.key, place.at(index)) for index, one in enumerate(found))
    return found


def _action(subject: Subject, reader: Reader) -> ActionTemplate:
    owner = {"who": "owner"}
    action = ActionTemplate(
        key=read_key(reader),
        label=reader.label("label"),
        who=read_who(subject, Reader(reader.raw("who", owner), reader.place.at("who"))),
        help=reader.label("help", EMPTY),
        due_days=reader.integer("due_days", 0, 0, _LATEST_DUE),
        must=reader.flag("must"),
        output=read_maybe(reader, "output", partial(read_output, subject)),
    )
    reader.done()
    return action
