"""What the generator gives back: plain values in the form of the HTTP contract, tied together by ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class DemoRecord:
    """One record: ``values`` by Field key (links as id texts), made at ``created_at`` by the person ``created_by``."""

    object: str
    id: UUID
    values: dict[str, Any]
    created_at: datetime
    created_by: str

    @property
    def steps(self) -> tuple[Step, ...]:
        """What happened to it afterwards, in order of time."""
        return ()


@dataclass(frozen=True, slots=True)
class Step:
    """A later change of a record: the values, when, and by whom (a login)."""

    values: dict[str, Any]
    at: datetime
    person: str


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay in a state, from ``entered_at`` until the next visit begins; ``person`` is a login, ``values`` what else
    was filled in at that moment."""

    state: str
    entered_at: datetime
    person: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outlook:
    """The last thing noted on an open opportunity: when, by whom (a login), and the values."""

    at: datetime
    person: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class DemoOpportunity(DemoRecord):
    """An opportunity with the way it took. ``values`` are those at its creation, in the state of the first visit."""

    visits: tuple[Visit, ...] = ()
    outlook: Outlook | None = None

    @property
    def steps(self) -> tuple[Step, ...]:
        """The visits after the first, then the outlook of an open one."""
        moves = [Step({**one.values, "stage": one.state}, one.entered_at, one.person) for one in self.visits[1:]]
        if self.outlook is not None:
            moves.append(Step(self.outlook.values, self.outlook.at, self.outlook.person))
        return tuple(moves)

    @property
    def final(self) -> dict[str, Any]:
        """The values as they stand in the end."""
        found = dict(self.values)
        for step in self.steps:
            found |= step.values
        return found


@dataclass(frozen=True, slots=True)
class DemoPerson(DemoRecord):
    """A person with a sign-in name and the keys of the roles."""

    login: str = ""
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoPaper:
    """A file that the person ``login`` put on a record at ``at``."""

    object: str
    record: UUID
    document_type: str
    name: str
    title: str
    content: bytes
    at: datetime
    login: str


DeedKind = Literal["approve", "return", "delegate", "ask"]


@dataclass(frozen=True, slots=True)
class DemoDeed:
    """What a person whose turn it was did about an approval; ``to`` is whom they handed it on to, or asked first."""

    kind: DeedKind
    login: str
    at: datetime
    comment: str | None = None
    to: str | None = None


@dataclass(frozen=True, slots=True)
class DemoApproval:
    """An approval of a record that was in the state, started by ``login``, and what was done about it, in order."""

    object: str
    record: UUID
    state: str
    approval: str
    at: datetime
    login: str
    deeds: tuple[DemoDeed, ...] = ()


@dataclass(slots=True)
class DemoData:
    """All records of the demo, per Object in the order in which they were made."""

    departments: list[DemoRecord] = field(default_factory=list)
    heads: dict[UUID, UUID] = field(default_factory=dict)
    """Person by department; set apart, because departments are there before people are."""
    people: list[DemoPerson] = field(default_factory=list)
    products: list[DemoRecord] = field(default_factory=list)
    accounts: list[DemoRecord] = field(default_factory=list)
    contacts: list[DemoRecord] = field(default_factory=list)
    leads: list[DemoRecord] = field(default_factory=list)
    opportunities: list[DemoOpportunity] = field(default_factory=list)
    opportunity_lines: list[DemoRecord] = field(default_factory=list)
    opportunity_contacts: list[DemoRecord] = field(default_factory=list)
    tasks: list[DemoRecord] = field(default_factory=list)
    events: list[DemoRecord] = field(default_factory=list)
    calls: list[DemoRecord] = field(default_factory=list)
    follow_ups: list[DemoRecord] = field(default_factory=list)
    papers: list[DemoPaper] = field(default_factory=list)
    approvals: list[DemoApproval] = field(default_factory=list)

    def groups(self) -> Iterator[tuple[str, list[DemoRecord]]]:
        """(Object key, records) in an order in which every required link points to an earlier group."""
        yield "department", self.departments
        yield "person", list(self.people)
        yield "product", self.products
        yield "account", self.accounts
        yield "contact", self.contacts
        yield "opportunity", list(self.opportunities)
        yield "opportunity_line", self.opportunity_lines
        yield "opportunity_contact", self.opportunity_contacts
        yield "lead", self.leads
        yield "task", self.tasks
        yield "event", self.events
        yield "call", self.calls
        yield "follow_up", self.follow_ups
