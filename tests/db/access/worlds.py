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
class Share:
    deal: int
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
            if self.deals[share.deal] is deal and share.running and share.level in levels and mine:
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
            if not policy.active or not (nobody or self.named(person, policy)):
                continue
            if {verb, "read"} & set(policy.verbs) and self.holds(policy.where, person, deal, facts) is not False:
                return True
        return False

    def visible(self, person: int) -> list[Deal]:
        return [one for one in self.deals if not one.deleted and self.sees(person, one)]

    def visible_then(self, person: int) -> list[Deal]:
        return [one for one in self.deals if self.sees(person, one, facts=one.then)]

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
        Policy(_where(random), tuple(random.sample(SCOPED, random.choice([1, 1, 2]))), some(PEOPLE), some(DEPARTMENTS),
               tuple(random.sample(keys, random.choice([0, 1]))), random.random() < 0.8)
        for _ in range(random.choice([0, 0, 1, 2]))
    ]  # fmt: skip
    return World(
        parents=parents,
        managers=managers,
        homes=[maybe(range(DEPARTMENTS)) for _ in range(PEOPLE)],
        roles=roles,
        held=[sorted(random.sample(keys, random.randint(0, min(2, len(keys))))) for _ in range(PEOPLE)],
        companies=companies,
        deals=deals,
        shares=[_share(random, len(deals)) for _ in range(random.choice([0, 1, 3, 6]))],
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


def _share(random: Random, deals: int) -> Share:
    person = random.random() < 0.6
    return Share(
        random.randrange(deals),
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
    return objects


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
