"""The rules of a Process in plain Python, slow and obvious: what a change of a record is refused for, what becomes of it,
which tasks it makes and ends. Written over the definition JSON, apart from the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

Refusal = tuple[str, str | None]
"""Code, and the Field or the key of the Condition that it is about."""
ENTRY_FIELDS = ("amount", "note", "company", "tags", "closed_on")


@dataclass
class Task:
    """A task that a stage made for the record ``first``; ``number`` says which is newer, ``gone`` that it is in the bin,
    ``touched`` that it was changed since."""

    number: int
    origin: str
    must: bool
    owner: UUID | None
    deal: UUID
    status: str = "open"
    gone: bool = False
    touched: bool = False
    first: UUID = field(init=False)

    def __post_init__(self) -> None:
        self.first = self.deal


@dataclass
class Record:
    """A record with its values (empty ones left out), and what it links to."""

    id: UUID
    values: dict[str, Any] = field(default_factory=dict)
    deleted: bool = False

    @property
    def stage(self) -> str:
        return str(self.values["stage"])

    def copy(self) -> Record:
        return replace(self, values=dict(self.values))


@dataclass(frozen=True)
class Person:
    """Whoever writes: ``sees`` says which records they may change."""

    name: str
    id: UUID
    department: UUID | None
    roles: tuple[str, ...]
    sees: str = "own"


@dataclass(frozen=True)
class Attempt:
    """How a change comes in."""

    who: Person
    comment: str | None = None
    undo: bool = False
    file: bool = False


@dataclass
class Outcome:
    """What became of an attempt: the refusals, or the record as it is then; ``moved`` where it came to another state."""

    refusals: set[Refusal] = field(default_factory=set)
    record: Record | None = None
    moved: bool = False


class Oracle:
    """One Process, the people, and everything that is known beside the records."""

    def __init__(self, definition: Mapping[str, Any], people: Mapping[str, Person]) -> None:
        self.definition = definition
        self.states = {one["key"]: one for one in definition["states"]}
        self.open = [key for key, one in self.states.items() if one.get("kind", "open") == "open"]
        self.people = people
        self.managers = {people["ann"].id: people["lee"].id}
        self.departments = {one.id: one.department for one in people.values()}
        self.codes: dict[str, str | None] = {}
        self.tasks: list[Task] = []
        self.meetings: list[dict[str, Any]] = []

    # what a change is refused for

    def judge(self, old: Record | None, given: Mapping[str, Any], how: Attempt, fresh: UUID | None = None) -> Outcome:
        """The outcome of giving the record these values."""
        if old is not None and not self.may_edit(how.who, old):
            return Outcome({("not_found", None)})
        new = old.copy() if old is not None else Record(fresh or UUID(int=0), self._own(how.who))
        for key, value in given.items():
            put(new.values, key, value)
        if "stage" not in new.values:
            if old is not None:
                return Outcome({("required", "stage")})
            new.values["stage"] = self.open[0]
        moved = old is None or old.stage != new.stage
        if old is not None and moved and not how.undo:
            for key, value in (self.transition(old.stage, new.stage) or {}).get("set", {}).items():
                if key not in given:
                    put(new.values, key, value)
        self.follow(new)
        if old is not None and new.values == old.values:
            return Outcome(record=new)
        refusals = self.refused_move(old, new, how) if moved else self.refused_stay(old or new, new)
        return Outcome(refusals) if refusals else Outcome(record=new, moved=moved)

    def _own(self, who: Person) -> dict[str, Any]:
        return {"owner": who.id, **({"department": who.department} if who.department else {})}

    def follow(self, record: Record) -> None:
        """What follows from the state."""
        kind = self.states[record.stage].get("kind", "open")
        record.values["status"] = kind

    def may_edit(self, who: Person, record: Record) -> bool:
        if who.sees == "all":
            return True
        if record.values.get("owner") == who.id:
            return True
        return who.sees == "department" and record.values.get("department") == who.department

    def refused_move(self, old: Record | None, new: Record, how: Attempt) -> set[Refusal]:
        if old is None:
            return self.unmet_entry(old, new, how) | self.unmet_minimum(new, self.kept(new.stage))
        if not self.allowed(old.stage, new.stage):
            return {("transition_not_allowed", "stage")}
        found = self.unmet_gate(old, new, how)
        move, kind = self.transition(old.stage, new.stage), self.kind(old.stage, new.stage)
        asks = kind in self.definition.get("comment_on", ()) or bool(move and move.get("comment"))
        if asks and not how.undo and not (how.comment or "").strip():
            found.add(("comment_required", "comment"))
        return found

    def unmet_gate(self, old: Record, new: Record, how: Attempt) -> set[Refusal]:
        """Leaving, transition, entering, minimum, and who."""
        found: set[Refusal] = set()
        onwards = self.kind(old.stage, new.stage) in ("forward", "skip", "win", "close")
        leaving = [one for one in self.states[old.stage].get("exit", ()) if onwards or one.get("always")]
        move = self.transition(old.stage, new.stage)
        for check in (*leaving, *(move or {}).get("conditions", ())):
            if not self.holds(check["condition"], old, new, how.who):
                found.add(("condition_unmet", check["key"]))
        asked = set((move or {}).get("required", ())) | self.kept(new.stage)
        for key in asked:
            if key not in new.values:
                found.add(("required_for_transition", key))
        found |= self.unmet_entry(old, new, how) | self.unmet_minimum(new, asked)
        if not self.permitted(move, old, how.who):
            found.add(("not_permitted_to_move", None))
        return found

    def unmet_entry(self, old: Record | None, new: Record, how: Attempt) -> set[Refusal]:
        found: set[Refusal] = {
            ("required_for_transition", key) for key in self.kept(new.stage) if key not in new.values
        }
        for check in self.states[new.stage].get("entry", ()):
            if not self.holds(check["condition"], old, new, how.who):
                found.add(("condition_unmet", check["key"]))
        return found

    def unmet_minimum(self, new: Record, told: set[str]) -> set[Refusal]:
        """Company-wide Fields of open states, as far as nothing else asks for them."""
        if new.stage not in self.open:
            return set()
        wanted = set(self.definition.get("minimum", ())) - told
        return {("required_minimum", key) for key in wanted if key not in new.values}

    def refused_stay(self, old: Record, new: Record) -> set[Refusal]:
        emptied = {key for key in self.kept(new.stage) if key in old.values and key not in new.values}
        return {("required_for_transition", key) for key in emptied} | self.unmet_minimum(new, emptied)

    # which way

    def transition(self, source: str, to: str) -> Mapping[str, Any] | None:
        moves = self.definition["transitions"]
        exact = [one for one in moves if (one["from"], one["to"]) == (source, to)]
        general = [one for one in moves if (one["from"], one["to"]) == (None, to)]
        return (exact or general or [None])[0]

    def allowed(self, source: str, to: str) -> bool:
        move = self.transition(source, to)
        if self.definition["transitions"] and move is None:
            return False
        exact = move is not None and move["from"] is not None
        return exact or self.kind(source, to) not in self.definition.get("forbid", ())

    def kind(self, source: str, to: str) -> str:
        ends = {"won": "win", "lost": "lose", "other": "close"}
        if to not in self.open:
            return ends[self.states[to]["kind"]]
        if source not in self.open:
            return "reopen"
        steps = self.open.index(to) - self.open.index(source)
        return "back" if steps < 0 else "forward" if steps == 1 else "skip"

    def kept(self, state: str) -> set[str]:
        """What is filled while a record is in the state: its own Fields, and those that every listed way in asks for."""
        ways = [set(one.get("required", ())) for one in self.definition["transitions"] if one["to"] == state]
        return set(self.states[state].get("required", ())) | (set.intersection(*ways) if ways else set())

    def permitted(self, move: Mapping[str, Any] | None, old: Record, who: Person) -> bool:
        wanted = (move or {}).get("who", ())
        return not wanted or any(self.is_meant(one, old, who) for one in wanted)

    def is_meant(self, wanted: Mapping[str, Any], old: Record, who: Person) -> bool:
        owner = old.values.get("owner")
        match wanted["who"]:
            case "owner":
                return bool(owner == who.id)
            case "manager":
                return bool(self.managers.get(owner) == who.id)
            case "role":
                return wanted["role"] in who.roles
            case "person":
                return bool(wanted["person"] == str(who.id))
            case _:
                return True

    # what a Condition means

    def holds(self, condition: Mapping[str, Any], old: Record | None, new: Record, who: Person) -> bool:
        if "all" in condition:
            return all(self.holds(one, old, new, who) for one in condition["all"])
        if "any" in condition:
            return any(self.holds(one, old, new, who) for one in condition["any"])
        if "not" in condition:
            return not self.holds(condition["not"], old, new, who)
        path, op, value = condition["field"], condition["op"], condition.get("value")
        if path == "evidence(tasks)":
            return self.tasks_done(new.id, old, value) is (op == "has")
        if path == "count(meeting.deal)":
            return self.met(new.id, op, value)
        if op == "changed":
            return bool((old.values.get(path) if old else None) != new.values.get(path))
        record = old if path.startswith("old.") else new
        return compare(self.read(record, path.removeprefix("old.")), op, value, who)

    def read(self, record: Record | None, path: str) -> Any:
        if record is None:
            return None
        head, _, rest = path.partition(".")
        found = record.values.get(head)
        return self.codes.get(str(found)) if rest == "code" else found

    def met(self, deal: UUID, op: str, value: Any) -> bool:
        mine = [one for one in self.meetings if one["deal"] == deal]
        if op == "gte":
            return len(mine) >= value
        fitting = [one for one in mine if value is None or one["minutes"]]
        return bool(fitting) is (op == "has")

    def tasks_done(self, deal: UUID, old: Record | None, value: Mapping[str, Any] | None) -> bool:
        """Of each task of the state that the record is in, the newest is done: the must ones, or the one named."""
        if old is None:
            return True
        action, newest = (value or {}).get("action"), dict[str, Task]()
        for one in sorted(self.tasks, key=lambda each: each.number):
            if one.deal == deal and one.origin.startswith(f"{self.definition['key']}.{old.stage}."):
                newest[one.origin] = one
        asked = [one for key, one in newest.items() if (key.endswith(f".{action}") if action is not None else one.must)]
        return all(one.status == "done" and not one.gone for one in asked)

    # what follows from a move

    def after(self, old: Record | None, new: Record, how: Attempt, holders: Mapping[str, list[UUID]]) -> None:
        """Ends tasks, makes tasks, hands over."""
        if old is not None and self.states[old.stage].get("on_leave", "carry") == "close":
            for one in self.tasks:
                mine = one.deal == new.id and one.origin.startswith(f"{self.definition['key']}.{old.stage}.")
                if mine and one.status == "open" and not one.gone:
                    one.status = "cancelled"
        if old is None and how.file:
            return
        state = self.states[new.stage]
        for action in state.get("actions", ()):
            person = self.person(action.get("who") or {"who": "owner"}, new, how.who, holders)
            origin = f"{self.definition['key']}.{state['key']}.{action['key']}"
            owner = person or new.values.get("owner")
            self.tasks.append(Task(len(self.tasks), origin, bool(action.get("must")), owner, new.id))
        if state.get("hand_over"):
            person = self.person(state["hand_over"], new, how.who, holders)
            if person is not None:
                new.values["owner"] = person
                if self.departments.get(person):
                    new.values["department"] = self.departments[person]

    def person(
        self, wanted: Mapping[str, Any], record: Record, actor: Person, holders: Mapping[str, list[UUID]]
    ) -> UUID | None:
        owner = record.values.get("owner")
        match wanted["who"]:
            case "owner":
                return owner
            case "actor":
                return actor.id
            case "manager":
                return self.managers.get(owner)
            case "person":
                return UUID(wanted["person"])
            case _:
                found = sorted(holders[wanted["role"]])
                near = [one for one in found if self.departments.get(one) == record.values.get("department")]
                return (near or found)[0]


def put(values: dict[str, Any], key: str, value: Any) -> None:
    """Gives a value; empty ones and blank texts leave the Field empty."""
    if value is None or value == [] or (isinstance(value, str) and not value.strip()):
        values.pop(key, None)
    else:
        values[key] = value


def compare(found: Any, op: str, value: Any, who: Person) -> bool:
    """Whether one comparison holds."""
    opposite = {"not_empty": "empty", "has_none": "has_any", "ne": "eq"}
    if op in opposite:
        return not compare(found, opposite[op], value, who)
    if op == "empty":
        return found is None
    if found is None:
        return False
    match op:
        case "eq":
            return bool(found == value)
        case "gte":
            return bool(found >= value)
        case "lt":
            return bool(found < value)
        case "contains":
            return bool(value in found)
        case "has_any":
            return bool(set(found) & set(value))
        case "has_all":
            return set(value) <= set(found)
        case "is_me":
            return bool(found == who.id)
    raise AssertionError(op)
