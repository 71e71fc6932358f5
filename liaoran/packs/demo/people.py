"""Who works at the demo organisation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from liaoran.packs.demo.chance import Chance
from liaoran.packs.demo.model import DemoPerson, DemoRecord


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person of the demo. ``skill`` raises or lowers what is won, ``pace`` is how long things take (1 is usual),
    ``care`` is the share of open opportunities with a next action, ``share`` how much is theirs (0 for those who do not
    sell)."""

    login: str
    name: str
    department: str
    position: str
    role: str
    skill: float = 1.0
    pace: float = 1.0
    care: float = 0.9
    share: float = 1.0


DEPARTMENTS: tuple[tuple[str, str | None, str | None], ...] = (
    ("销售部", None, None),
    ("销售运营部", None, "admin"),
    ("华东大区", "销售部", "chenjing"),
    ("上海组", "华东大区", "chenjing"),
    ("苏杭组", "华东大区", "chenjing"),
    ("华南大区", "销售部", "wangqiang"),
    ("广州组", "华南大区", "wangqiang"),
    ("深圳组", "华南大区", "wangqiang"),
    ("法务部", None, "fengxue"),
    ("财务部", None, "luoyan"),
)
"""(name, parent, login of the head)."""

COLLEAGUES: tuple[Colleague, ...] = (
    Colleague("admin", "周敏", "销售运营部", "销售运营经理", "administrator"),
    Colleague("chenjing", "陈静", "华东大区", "华东大区经理", "manager", 1.1, 0.95, 0.95, 0.25),
    Colleague("wangqiang", "王强", "华南大区", "华南大区经理", "manager", 1.05, 1.0, 0.95, 0.25),
    Colleague("lina", "李娜", "上海组", "高级客户经理", "salesperson", 1.25, 0.85, 0.97, 1.2),
    Colleague("zhangwei", "张伟", "上海组", "客户经理", "salesperson", 1.0, 1.0, 0.9, 1.1),
    Colleague("liuyang", "刘洋", "苏杭组", "客户经理", "salesperson", 0.95, 1.15, 0.82, 1.0),
    Colleague("zhaolei", "赵磊", "苏杭组", "客户经理", "salesperson", 0.8, 1.3, 0.7, 0.9),
    Colleague("sunli", "孙丽", "广州组", "高级客户经理", "salesperson", 1.15, 0.9, 0.95, 1.15),
    Colleague("hejun", "何俊", "广州组", "客户经理", "salesperson", 0.9, 1.05, 0.85, 1.0),
    Colleague("wuqian", "吴倩", "深圳组", "客户经理", "salesperson", 1.1, 0.8, 0.93, 1.1),
    Colleague("zhenglin", "郑琳", "深圳组", "客户代表", "salesperson", 0.75, 1.1, 0.88, 0.8),
    Colleague("tangbo", "唐博", "销售部", "售前顾问", "presales", share=0),
    Colleague("fengxue", "冯雪", "法务部", "法务专员", "legal", share=0),
    Colleague("luoyan", "罗燕", "财务部", "财务主管", "finance", share=0),
)
BY_LOGIN = {one.login: one for one in COLLEAGUES}
EAST = ("lina", "zhangwei", "liuyang", "zhaolei", "chenjing")
SOUTH = ("sunli", "hejun", "wuqian", "zhenglin", "wangqiang")


@dataclass(frozen=True, slots=True)
class Staff:
    """The ids that other records point to, by login and by department name."""

    person: dict[str, UUID]
    department: dict[str, UUID]

    def owned_by(self, login: str) -> dict[str, str]:
        """The values of ``owner`` and ``department`` for a record of this person."""
        return {
            "owner": str(self.person[login]),
            "department": str(self.department[BY_LOGIN[login].department]),
        }


def make_staff(chance: Chance, known: Mapping[str, UUID]) -> tuple[Staff, list[DemoRecord], list[DemoPerson]]:
    """Departments and people, all there since before the first opportunity. ``known`` are ids of people, by login,
    that the organisation has already."""
    start = chance.at_work(chance.today - timedelta(days=760))
    staff = Staff(
        {one.login: known.get(one.login) or chance.new_id(start) for one in COLLEAGUES},
        {name: chance.new_id(start) for name, _, _ in DEPARTMENTS},
    )
    departments = [
        DemoRecord(
            "department",
            staff.department[name],
            {
                "name": name,
                **({"parent": str(staff.department[parent])} if parent else {}),
            },
            start,
            "admin",
        )
        for name, parent, _ in DEPARTMENTS
    ]
    people = [_person(chance, staff, one, number) for number, one in enumerate(COLLEAGUES, start=1)]
    return staff, departments, people


def heads_of(staff: Staff) -> dict[UUID, UUID]:
    """Who leads which department."""
    return {staff.department[name]: staff.person[head] for name, _, head in DEPARTMENTS if head}


def _person(chance: Chance, staff: Staff, one: Colleague, number: int) -> DemoPerson:
    start = chance.at_work(chance.today - timedelta(days=760))
    values = {
        "name": one.name,
        "employee_no": f"LR{number:04d}",
        "email": f"{one.login}@yanshi.example",
        "mobile": f"199{chance.between(0, 99999999):08d}",
        "department": str(staff.department[one.department]),
        "position": one.position,
        "joined_on": _joined(chance).isoformat(),
        "status": "active",
    }
    if one.role == "salesperson":
        values["manager"] = str(staff.person["chenjing" if one.login in EAST else "wangqiang"])
    return DemoPerson("person", staff.person[one.login], values, start, "admin", one.login, (one.role,))


def _joined(chance: Chance) -> date:
    return chance.today - timedelta(days=chance.between(800, 2600))
