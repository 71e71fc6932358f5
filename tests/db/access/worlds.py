"""Random organisations, and a slow oracle in plain Python that says who sees and may do what in them.

The oracle follows the words of the how-to, one row and one person at a time; it shares no code with ``liaoran.access``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from liaoran.kernel.ids import new_id

PEOPLE, DEPARTMENTS = 6, 5
STATES = ("talk", "offer", "won", "lost")
REGIONS = ("east", "west", None)
CITIES = ("北京", "上海", None)
SCOPED = ("read", "edit", "delete", "export", "transfer", "share")
REACHES = ("none", "own", "reports", "department", "below", "all")
CARRIED = {("read", "read"), ("read", "edit"), ("edit", "edit"), ("delete", "edit")}
"""What is carried: the verb, and what the link says."""
ADMINISTRATOR = 0
"""One in three worlds has an administrator: this person."""


@dataclass(frozen=True)
class Company:
    id: UUID
    city: str | None
    owner: int | None
    department: int | None


@dataclass(frozen=True)
class Facts:
    """What a deal is like at one moment."""

    owner: int | None
    department: int | None
    amount: int
    stage: str
    region: str | None


@dataclass(frozen=True)
class Deal:
    id: UUID
    name: str
    phone: str
    mail: str
    company: int | None
    then: Facts
    now: Facts
    deleted: bool


@dataclass(frozen=True)
class Note:
    """What somebody wrote down about a deal: it goes with the deal, as far as the link of the world carries."""

    id: UUID
    points: int
    owner: int | None
    department: int | None
    then: int | None
    """The deal that it hung on at first."""
    deal: int | None
    deleted: bool


@dataclass(frozen=True)
class Share:
    object: str
    deal: int
    """The number of the deal, or of the note."""
    person: int | None
    department: int | None
    level: str
    running: bool


@dataclass(frozen=True)
class Rule:
    where: Mapping[str, Any]
    people: tuple[int, ...]
    departments: tuple[int, ...]
    roles: tuple[str, ...]
    level: str
    active: bool


@dataclass(frozen=True)
class Policy:
    object: str
    where: Mapping[str, Any]
    verbs: tuple[str, ...]
    people: tuple[int, ...]
    departments: tuple[int, ...]
    roles: tuple[str, ...]
    active: bool


@dataclass
class World:
    """``parents[d]`` is the department above d, ``managers[p]`` the person above p, ``homes[p]`` where p belongs."""

    parents: list[int | None]
    managers: list[int | None]
    homes: list[int | None]
    roles: dict[str, Mapping[str, Any]]
    held: list[list[str]]
    companies: list[Company]
    deals: list[Deal]
    carries: str
    """What the link from notes to deals carries: none, read or edit."""
    notes: list[Note]
    shares: list[Share]
    rules: list[Rule]
    policies: list[Policy]
    administrator: bool
    _below: dict[int, set[int]] = field(default_factory=dict)

    # the organisation

    def below(self, department: int | None) -> set[int]:
        if department is None:
            return set()
        found = {department}
        for child, parent in enumerate(self.parents):
            if parent == department:
                found |= self.below(child)
        return found

    def above(self, department: int | None) -> set[int]:
        found: set[int] = set()
        while department is not None:
            found.add(department)
            department = self.parents[department]
        return found

    def line(self, person: int) -> set[int]:
        found = {person}
        for one, manager in enumerate(self.managers):
            if manager == person:
                found |= self.line(one)
        return found

    def is_administrator(self, person: int) -> bool:
        return self.administrator and person == ADMINISTRATOR

    def named(self, person: int, one: Rule | Policy) -> bool:
        return (
            person in one.people
            or bool(self.above(self.homes[person]) & set(one.departments))
            or bool(set(self.held[person]) & set(one.roles))
        )

    # Conditions

    def holds(self, where: Mapping[str, Any] | None, person: int, deal: Deal, facts: Facts) -> bool | None:
        """Whether it holds; None where it cannot be read."""
        if not where:
            return True
        if "all" in where or "any" in where:
            parts = [self.holds(one, person, deal, facts) for one in where.get("all", where.get("any"))]
            if None in parts:
                return None
            return all(parts) if "all" in where else any(parts)
        if "not" in where:
            inside = self.holds(where["not"], person, deal, facts)
            return None if inside is None else not inside
        return self._leaf(where, person, deal, facts)

    def _leaf(self, leaf: Mapping[str, Any], person: int, deal: Deal, facts: Facts) -> bool | None:
        value = leaf.get("value")
        match leaf["field"]:
            case "region":
                return facts.region == value if leaf["op"] == "eq" else facts.region != value
            case "amount":
                return facts.amount >= value
            case "stage":
                return facts.stage in value
            case "owner":
                return facts.owner == person
            case "phone":
                return value in deal.phone
            case "company.city":
                return deal.company is not None and self.companies[deal.company].city == value
            case "company.owner":
                return deal.company is not None and self.companies[deal.company].owner == person
            case _:
                return None

    # what the roles say

    def entry(self, role: str, object_key: str) -> Mapping[str, Any]:
        objects = self.roles[role]["objects"]
        return {**objects.get("*", {}), **objects.get(object_key, {})}

    def alternatives(self, person: int, object_key: str, verb: str) -> list[tuple[str, Mapping[str, Any] | None]]:
        found: list[tuple[str, Mapping[str, Any] | None]] = []
        for role in self.held[person]:
            given = self.entry(role, object_key).get(verb, "none")
            for one in given if isinstance(given, list) else [given]:
                reach, where = (one["reach"], one.get("where")) if isinstance(one, dict) else (one, None)
                if reach != "none":
                    found.append((reach, where))
        return found

    def may(self, person: int, object_key: str, verb: str) -> bool:
        if self.is_administrator(person):
            return True
        return all(self.alternatives(person, object_key, one) for one in {verb, "read"})

    def reaches(self, reach: str, person: int, owner: int | None, department: int | None) -> bool:
        if reach == "all" or (owner == person and reach != "none"):
            return True
        match reach:
            case "reports":
                return owner in self.line(person)
            case "department":
                return department is not None and department == self.homes[person]
            case "below":
                return department is not None and department in self.below(self.homes[person])
        return False

    # deals

    def sees(self, person: int, deal: Deal, verb: str = "read", facts: Facts | None = None) -> bool:
        facts = facts or deal.now
        if self.is_administrator(person):
            return True
        if not self.may(person, "deal", verb):
            return False
        if verb != "read" and not self.sees(person, deal, "read", facts):
            return False
        return self._is_given(person, deal, verb, facts) and not self._is_taken(person, deal, verb, facts)

    def _is_given(self, person: int, deal: Deal, verb: str, facts: Facts) -> bool:
        for reach, where in self.alternatives(person, "deal", verb):
            if self.reaches(reach, person, facts.owner, facts.department) and self.holds(where, person, deal, facts):
                return True
        if verb not in ("read", "edit"):
            return False
        levels = {"edit"} if verb == "edit" else {"read", "edit"}
        for share in self.shares:
            mine = share.person == person or share.department in self.above(self.homes[person])
            shared = share.object == "deal" and self.deals[share.deal] is deal
            if shared and share.running and share.level in levels and mine:
                return True
        return any(
            rule.active
            and rule.level in levels
            and self.named(person, rule)
            and self.holds(rule.where, person, deal, facts)
            for rule in self.rules
        )

    def _is_taken(self, person: int, deal: Deal, verb: str, facts: Facts) -> bool:
        for policy in self.policies:
            nobody = not (policy.people or policy.departments or policy.roles)
            if policy.object != "deal" or not policy.active or not (nobody or self.named(person, policy)):
                continue
            if {verb, "read"} & set(policy.verbs) and self.holds(policy.where, person, deal, facts) is not False:
                return True
        return False

    def visible(self, person: int) -> list[Deal]:
        return [one for one in self.deals if not one.deleted and self.sees(person, one)]

    def visible_then(self, person: int) -> list[Deal]:
        return [one for one in self.deals if self.sees(person, one, facts=one.then)]

    # notes

    def sees_note(self, person: int, note: Note, verb: str = "read", *, then: bool = False) -> bool:
        """``then``: as it was at first, seen by whoever owned note and deal then."""
        if self.is_administrator(person):
            return True
        if not self.may(person, "note", verb):
            return False
        if verb != "read" and not self.sees_note(person, note, "read", then=then):
            return False
        if self._is_note_taken(person, note, verb):
            return False
        return self._is_note_given(person, note, verb) or self.goes_along(person, note, verb, then=then)

    def _is_note_given(self, person: int, note: Note, verb: str) -> bool:
        for reach, where in self.alternatives(person, "note", verb):
            if self.reaches(reach, person, note.owner, note.department) and (
                not where or note.points >= where["value"]
            ):
                return True
        levels = {"read": {"read", "edit"}, "edit": {"edit"}}.get(verb, set())
        return any(
            share.object == "note"
            and self.notes[share.deal] is note
            and share.running
            and share.level in levels
            and (share.person == person or share.department in self.above(self.homes[person]))
            for share in self.shares
        )

    def _is_note_taken(self, person: int, note: Note, verb: str) -> bool:
        return any(
            policy.object == "note"
            and policy.active
            and (not (policy.people or policy.departments or policy.roles) or self.named(person, policy))
            and {verb, "read"} & set(policy.verbs)
            and note.points >= policy.where["value"]
            for policy in self.policies
        )

    def goes_along(self, person: int, note: Note, verb: str, *, then: bool = False) -> bool:
        """Whether the note is reached as its deal is."""
        number = note.then if then else note.deal
        if number is None or (verb, self.carries) not in CARRIED:
            return False
        deal, needed = self.deals[number], "read" if verb == "read" else "edit"
        if then:
            return self.sees(person, deal, needed, deal.then)
        return not deal.deleted and self.sees(person, deal, needed)

    def visible_notes(self, person: int) -> list[Note]:
        return [one for one in self.notes if not one.deleted and self.sees_note(person, one)]

    def visible_notes_then(self, person: int) -> list[Note]:
        return [one for one in self.notes if self.sees_note(person, one, then=True)]

    def sees_company(self, person: int, company: Company) -> bool:
        if self.is_administrator(person):
            return True
        return any(
            self.reaches(reach, person, company.owner, company.department) and where is None
            for reach, where in self.alternatives(person, "company", "read")
        )

    # Fields

    def mask(self, person: int, field_key: str) -> str:
        """open, readonly, masked or hidden."""
        if self.is_administrator(person):
            return "open"
        steps = ("open", "readonly", "masked", "hidden")
        given = []
        for role in self.held[person]:
            entry = self.entry(role, "deal")
            scope = entry.get("read", "none")
            words = [
                one["reach"] if isinstance(one, dict) else one
                for one in (scope if isinstance(scope, list) else [scope])
            ]
            if set(words) - {"none"}:
                given.append(entry.get("fields", {}).get(field_key, "open"))
        found = min(given, key=steps.index, default="open")
        return "hidden" if found == "masked" and field_key not in ("phone", "mail") else found

    def shown(self, person: int, field_key: str, value: str) -> str:
        if self.mask(person, field_key) != "masked":
            return value
        if field_key == "phone":
            return f"{value[:3]}****{value[-4:]}"
        return f"{value[0]}***@{value.split('@')[1]}"


def make_world(seed: int) -> World:
    """The world of a number; equal numbers make equal worlds, ids aside."""
    random = Random(seed)
    maybe = lambda several: random.choice([None, *several])  # noqa: E731
    parents = [random.choice([None, *range(number)]) for number in range(DEPARTMENTS)]
    managers = [random.choice([None, *range(number)]) for number in range(PEOPLE)]
    companies = [
        Company(new_id(), random.choice(CITIES), maybe(range(PEOPLE)), maybe(range(DEPARTMENTS))) for _ in range(3)
    ]
    roles = {f"role_{number}": {"objects": _role(random)} for number in range(random.randint(1, 4))}
    deals = [_deal(random, number) for number in range(random.randint(1, 10))]
    some = lambda most: tuple(sorted(random.sample(range(most), random.choice([0, 0, 1, 2]))))  # noqa: E731
    keys = list(roles)
    rules = [
        Rule(_where(random), some(PEOPLE), some(DEPARTMENTS), tuple(random.sample(keys, random.choice([0, 1]))),
             random.choice(["read", "edit"]), random.random() < 0.8)
        for _ in range(random.choice([0, 0, 1, 2]))
    ]  # fmt: skip
    policies = [
        Policy("deal", _where(random), tuple(random.sample(SCOPED, random.choice([1, 1, 2]))), some(PEOPLE), some(DEPARTMENTS),
               tuple(random.sample(keys, random.choice([0, 1]))), random.random() < 0.8)
        for _ in range(random.choice([0, 0, 1, 2]))
    ]  # fmt: skip
    notes = [_note(random, len(deals)) for _ in range(random.randint(0, 12))]
    policies += [
        Policy("note", random.choice(_NOTE_LEAVES), tuple(random.sample(SCOPED, random.choice([1, 2]))), some(PEOPLE),
               some(DEPARTMENTS), (), random.random() < 0.8)
        for _ in range(random.choice([0, 0, 0, 1]))
    ]  # fmt: skip
    shares = [_share(random, "deal", len(deals)) for _ in range(random.choice([0, 1, 3, 6]))]
    shares += [_share(random, "note", len(notes)) for _ in range(random.choice([0, 0, 1, 2])) if notes]
    return World(
        parents=parents,
        managers=managers,
        homes=[maybe(range(DEPARTMENTS)) for _ in range(PEOPLE)],
        roles=roles,
        held=[sorted(random.sample(keys, random.randint(0, min(2, len(keys))))) for _ in range(PEOPLE)],
        companies=companies,
        deals=deals,
        carries=random.choice(["none", "read", "read", "edit", "edit"]),
        notes=notes,
        shares=shares,
        rules=rules,
        policies=policies,
        administrator=random.random() < 0.33,
    )


def _deal(random: Random, number: int) -> Deal:
    def facts() -> Facts:
        return Facts(
            random.choice([None, *range(PEOPLE)]),
            random.choice([None, *range(DEPARTMENTS)]),
            random.randint(0, 5) * 1000,
            random.choice(STATES),
            random.choice(REGIONS),
        )

    then = facts()
    return Deal(
        id=new_id(),
        name=f"华为云项目{number}",
        phone=f"138{random.randint(0, 9)}2345{random.randint(100, 999)}",
        mail=f"{random.choice(['zhang', 'li'])}{number}@x.com",
        company=random.choice([None, 0, 1, 2]),
        then=then,
        now=then if random.random() < 0.3 else facts(),
        deleted=random.random() < 0.2,
    )


def _note(random: Random, deals: int) -> Note:
    then = random.choice([None, *range(deals)])
    return Note(
        id=new_id(),
        points=random.randint(0, 5),
        owner=random.choice([None, *range(PEOPLE)]),
        department=random.choice([None, *range(DEPARTMENTS)]),
        then=then,
        deal=then if random.random() < 0.7 else random.choice([None, *range(deals)]),
        deleted=random.random() < 0.2,
    )


def _share(random: Random, object_key: str, records: int) -> Share:
    person = random.random() < 0.6
    return Share(
        object_key,
        random.randrange(records),
        random.randrange(PEOPLE) if person else None,
        None if person else random.randrange(DEPARTMENTS),
        random.choice(["read", "edit"]),
        random.random() < 0.75,
    )


def _role(random: Random) -> dict[str, Any]:
    objects: dict[str, Any] = {"*": {"read": random.choice(REACHES), "create": True}}
    entry: dict[str, Any] = {"read": _scope(random)}
    entry |= {verb: _scope(random) for verb in SCOPED[1:] if random.random() < 0.7}
    fields = {
        "amount": random.choice([None, None, "hidden", "readonly", "masked"]),
        "phone": random.choice([None, "masked", "hidden", "readonly"]),
        "mail": random.choice([None, None, "masked"]),
        "region": random.choice([None, None, None, "hidden"]),
    }
    entry["fields"] = {key: word for key, word in fields.items() if word}
    if random.random() < 0.9:
        objects["deal"] = entry
    if random.random() < 0.8:
        objects["note"] = {verb: _note_scope(random) for verb in SCOPED if verb == "read" or random.random() < 0.7}
    return objects


def _note_scope(random: Random) -> Any:
    reach = random.choice(REACHES)
    return {"reach": reach, "where": random.choice(_NOTE_LEAVES)} if random.random() < 0.2 else reach


def _scope(random: Random) -> Any:
    found = [_alternative(random) for _ in range(random.choice([1, 1, 1, 2]))]
    return found[0] if len(found) == 1 else found


def _alternative(random: Random) -> Any:
    reach = random.choice(REACHES)
    return {"reach": reach, "where": _where(random)} if random.random() < 0.4 else reach


def _where(random: Random, depth: int = 0) -> dict[str, Any]:
    if depth < 2 and random.random() < 0.3:
        word = random.choice(["all", "any", "not"])
        if word == "not":
            return {"not": _where(random, depth + 1)}
        return {word: [_where(random, depth + 1) for _ in range(random.choice([1, 2]))]}
    return random.choice(_LEAVES)


_NOTE_LEAVES: Sequence[dict[str, Any]] = (
    {"field": "points", "op": "gte", "value": 2},
    {"field": "points", "op": "gte", "value": 4},
)
_LEAVES: Sequence[dict[str, Any]] = (
    {"field": "region", "op": "eq", "value": "east"},
    {"field": "region", "op": "ne", "value": "west"},
    {"field": "amount", "op": "gte", "value": 2000},
    {"field": "amount", "op": "gte", "value": 4000},
    {"field": "stage", "op": "in", "value": ["talk", "won"]},
    {"field": "owner", "op": "eq", "value": "@me"},
    {"field": "phone", "op": "contains", "value": "1380"},
    {"field": "company.city", "op": "eq", "value": "北京"},
    {"field": "company.owner", "op": "eq", "value": "@me"},
    {"field": "retired_long_ago", "op": "eq", "value": "x"},
)
