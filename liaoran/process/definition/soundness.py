"""Whether the parts of a definition fit together: every state reachable, every approval there, no endless circle."""

from __future__ import annotations

from liaoran.kernel.text import Text
from liaoran.schema.processes import Process
from liaoran.schema.reading import Place


def check_soundness(place: Place, process: Process) -> None:
    """Raises Invalid at the place of the part that does not fit."""
    _check_reach(place, process)
    _check_approvals(place, process)
    _check_circles(place, process)


def _check_reach(place: Place, process: Process) -> None:
    """Where moves are listed, every state must be reachable from the first open one, by them or by an approval."""
    if not process.transitions:
        return
    reached, waiting = {process.initial.key}, [process.initial.key]
    while waiting:
        here = waiting.pop()
        approval = process.approval_by_key.get(process.state_by_key[here].approval or "")
        further = {move.to for move in process.transitions if move.source in (None, here)}
        if approval is not None:
            further |= {key for key in (approval.passed_to, approval.refused_to) if key}
        waiting += further - reached
        reached |= further
    for index, state in enumerate(process.states):
        if state.key not in reached:
            message = Text("没有任何流转能到达阶段“{state}”", "no transition leads to the state “{state}”")
            here_place = place.at("states").at(index)
            raise here_place.refuse(message.fill(state=state.label), code="unreachable_state", state=state.key)


def _check_approvals(place: Place, process: Process) -> None:
    named = [(place.at("states").at(index).at("approval"), one.approval) for index, one in enumerate(process.states)]
    named += [
        (place.at("transitions").at(index).at("approval"), one.approval)
        for index, one in enumerate(process.transitions)
    ]
    for where, key in named:
        if key is not None and key not in process.approval_by_key:
            message = Text("没有名为“{key}”的审批", "there is no approval “{key}”").fill(key=key)
            raise where.refuse(message, code="unknown_approval", found=key)


def _check_circles(place: Place, process: Process) -> None:
    """An approval that passes moves on by itself, and one whose condition does not hold passes at once: states that
    lead to each other in that way would go round for ever."""
    onward = {
        state.key: approval.passed_to
        for state in process.states
        if state.approval and (approval := process.approval_by_key[state.approval]).passed_to
    }
    for index, state in enumerate(process.states):
        seen, here = [state.key], onward.get(state.key)
        while here is not None and here not in seen:
            seen.append(here)
            here = onward.get(here)
        if here == state.key:
            labels = " → ".join(process.state_by_key[key].label.zh for key in [*seen, here])
            english = " → ".join(process.state_by_key[key].label.read("en") for key in [*seen, here])
            message = Text(f"自动流转会无限循环：{labels}", f"automatic moves would go round for ever: {english}")
            raise place.at("states").at(index).at("approval").refuse(message, code="endless_moves", states=seen)
