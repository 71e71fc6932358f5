"""The slow, obvious meaning of Conditions over plain Python values, written apart from the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


class Oracle:
    """Records by Object and id, in canonical values; ``today`` and ``me`` as the actor of the test sees them."""

    def __init__(
        self, records: Mapping[str, Mapping[str, dict[str, Any]]], links: Mapping[str, Mapping[str, str]]
    ) -> None:
        self.records, self.links = records, links
        self.today = date(2026, 3, 18)
        self.me = ""
        self.my_department = ""
        self.my_departments: list[str] = []
        self.computed: dict[str, Callable[[dict[str, Any]], Any]] = {}

    def value(self, object_key: str, record: dict[str, Any] | None, path: str) -> Any:
        """The value at the end of a path; None where a link leads nowhere."""
        head, _, rest = path.partition(".") if not path.startswith("count(") else (path, "", "")
        if record is None:
            return 0 if False else None
        if head.startswith("count("):
            linked, link = head[6:-1].split(".")
            return sum(one.get(link) == record["id"] for one in self.records[linked].values())
        if rest:
            target = self.links[object_key][head]
            return self.value(target, self.records[target].get(record.get(head) or ""), rest)
        if f"{object_key}.{head}" in self.computed:
            return self.computed[f"{object_key}.{head}"](record)
        return record.get(head)

    def holds(
        self, object_key: str, record: dict[str, Any], condition: Mapping[str, Any], kinds: Mapping[str, str]
    ) -> bool:
        """Whether the Condition holds for the record."""
        if "all" in condition:
            return all(self.holds(object_key, record, part, kinds) for part in condition["all"])
        if "any" in condition:
            return any(self.holds(object_key, record, part, kinds) for part in condition["any"])
        if "not" in condition:
            return not self.holds(object_key, record, condition["not"], kinds)
        if condition["op"] in ("has", "has_no"):
            there = any(
                self.holds(self._counted(condition["field"]), one, condition["value"] or {"all": []}, kinds)
                for one in self._linked(object_key, record, condition["field"])
            )
            return there is (condition["op"] == "has")
        found = self.value(object_key, record, condition["field"])
        return self.leaf(found, kinds[condition["field"]], condition["op"], condition.get("value"))

    def _counted(self, path: str) -> str:
        return path.partition("count(")[2].partition(".")[0]

    def _linked(self, object_key: str, record: dict[str, Any], path: str) -> list[dict[str, Any]]:
        before, _, counted = path.rpartition("count(")
        here: dict[str, Any] | None = record
        for step in before.split(".")[:-1]:
            object_key = self.links[object_key][step]
            here = self.records[object_key].get((here or {}).get(step) or "")
        linked, link = counted[:-1].split(".")
        return [one for one in self.records[linked].values() if here is not None and one.get(link) == here["id"]]

    def leaf(self, found: Any, kind: str, op: str, raw: Any) -> bool:
        """Whether one comparison holds."""
        opposite = {
            "ne": "eq", "not_in": "in", "not_contains": "contains", "not_empty": "empty", "is_false": "is_true",
            "has_none": "has_any",
        }  # fmt: skip
        if op in opposite:
            return not self.leaf(found, kind, opposite[op], raw)
        if op == "empty" or (op == "eq" and raw is None):
            return found is None
        if op == "is_true":
            return found is True
        if op == "in":
            return any(self.leaf(found, kind, "eq", one) for one in raw)
        if op == "eq" and kind == "boolean":
            return (found is True) == raw
        if found is None:
            return False
        if op in ("contains", "starts_with", "ends_with"):
            text, piece = found.lower(), raw.lower()
            return {
                "contains": piece in text,
                "starts_with": text.startswith(piece),
                "ends_with": text.endswith(piece),
            }[op]
        if op in ("has_any", "has_all"):
            return bool(set(found) & set(raw)) if op == "has_any" else set(raw) <= set(found)
        if op == "is_me":
            return bool(found == self.me)
        if op == "is_my_department":
            return bool(found == self.my_department)
        if op == "under":
            return self._under(found, kind, raw)
        if kind in ("date", "instant") and op not in ("eq", "gt", "gte", "lt", "lte", "between"):
            return self._in_period(found, kind, op, raw)
        return self._compared(found, kind, op, raw)

    def _compared(self, found: Any, kind: str, op: str, raw: Any) -> bool:
        if op == "between":
            low, high = raw
            return (low is None or self._compared(found, kind, "gte", low)) and (
                high is None or self._compared(found, kind, "lte", high)
            )
        if kind == "instant":
            moment = datetime.fromisoformat(found)
            if len(raw) == 10:
                day = date.fromisoformat(raw)
                own = moment.astimezone(SHANGHAI).date()
                return {"eq": own == day, "gt": own > day, "gte": own >= day, "lt": own < day, "lte": own <= day}[op]
            left: Any = moment
            right: Any = datetime.fromisoformat(raw)
        elif kind == "number":
            left, right = Decimal(str(found)), Decimal(str(raw))
        elif kind == "link":
            left, right = found, {"@me": self.me, "@my_department": self.my_department}.get(raw, raw)
        else:
            left, right = found, raw
        if op == "eq":
            return bool(left == right)
        return bool({"gt": left > right, "gte": left >= right, "lt": left < right, "lte": left <= right}[op])

    def _under(self, found: str, kind: str, raw: str) -> bool:
        if kind == "region":
            stem = raw
            while stem.endswith("00"):
                stem = stem[:-2]
            return found.startswith(stem)
        if raw == "@my_department":
            return found in self.my_departments
        seen: set[str] = set()
        here: str | None = found
        while here is not None and here not in seen:
            if here == raw:
                return True
            seen.add(here)
            here = self.records["department"].get(here, {}).get("parent")
        return False

    def _in_period(self, found: str, kind: str, op: str, raw: Any) -> bool:
        day = date.fromisoformat(found) if kind == "date" else datetime.fromisoformat(found).astimezone(SHANGHAI).date()
        today = self.today
        monday = today - DAY * today.weekday()
        quarter = (today.month - 1) // 3
        same = {
            "today": day == today,
            "yesterday": day == today - DAY,
            "tomorrow": day == today + DAY,
            "before_today": day < today,
            "after_today": day > today,
            "this_week": monday <= day < monday + 7 * DAY,
            "last_week": monday - 7 * DAY <= day < monday,
            "next_week": monday + 7 * DAY <= day < monday + 14 * DAY,
            "this_month": _months(day) == _months(today),
            "last_month": _months(day) == _months(today) - 1,
            "next_month": _months(day) == _months(today) + 1,
            "this_quarter": _months(day) // 3 == _months(today) // 3,
            "last_quarter": _months(day) // 3 == _months(today) // 3 - 1,
            "next_quarter": _months(day) // 3 == _months(today) // 3 + 1,
            "this_year": day.year == today.year,
            "last_year": day.year == today.year - 1,
            "next_year": day.year == today.year + 1,
        }
        assert 0 <= quarter < 4
        if op in same:
            return same[op]
        n = int(raw)
        if op == "last_days":
            return today - (n - 1) * DAY <= day <= today
        if op == "next_days":
            return today <= day <= today + (n - 1) * DAY
        if op == "older_than_days":
            return (today - day).days > n
        between = (
            [today + DAY * step for step in range(abs((day - today).days) + 1)]
            if day >= today
            else [today - DAY * step for step in range(abs((day - today).days) + 1)]
        )
        worked = sum(_works(one) for one in between)
        if op == "next_working_days":
            return day >= today and (worked < n or (worked == n and _works(day)))
        return day <= today and (worked < n or (worked == n and _works(day)))


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1


def _works(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day)) if 2004 <= day.year <= 2026 else day.weekday() < 5


def start_of(day: date) -> datetime:
    """The first moment of a day in Shanghai."""
    return datetime.combine(day, time.min, SHANGHAI)
