"""When an opportunity is healthy, wants a look, or is in danger, and what is to be done then."""

from __future__ import annotations

from typing import Any

from liaoran.packs.definition import Definition, Pair, text
from liaoran.packs.stages import either, every, filled, in_the_chain, leaf

CONTACT_DAYS = 7
"""Effective communication lies at most that many days back."""


SILENT_DAYS = 14
"""Where no follow-up is planned, it counts as overdue after so many days without communication."""


def _level(key: str, label: Pair, color: str, meaning: Pair, action: Pair) -> Definition:
    return {"key": key, "label": text(label), "color": color, "meaning": text(meaning), "action": text(action)}


def _signal(key: str, level: str, label: Pair, condition: Definition, action: Pair | None = None) -> Definition:
    signal: dict[str, Any] = {"key": key, "level": level, "label": text(label), "condition": condition}
    return signal if action is None else {**signal, "action": text(action)}


_OVERDUE: Definition = either(
    leaf("next_follow_up_at", "before_today"),
    every(leaf("next_follow_up_at", "empty"), {"not": leaf("last_activity_at", "last_days", SILENT_DAYS)}),
)
_NO_CHAIN: Definition = every(leaf("decision_maker", "empty"), {"not": in_the_chain("decider")})
KNOWN_FROM = 20
"""From that probability on, in percent, budget, decision maker and timeline have to be known."""

HEALTH: Definition = {
    "applies": leaf("status", "eq", "open"),
    "levels": [
        _level(
            "red",
            ("告急", "At risk"),
            "red",
            ("跟进已超期，决策链或预算又不清楚", "Follow-up is overdue, and decision chain or budget are unclear"),
            ("启动挽救方案，或写明理由及时止损", "Start a rescue plan, or stop the loss and say why"),
        ),
        _level(
            "yellow",
            ("留意", "Watch"),
            "gold",
            ("停留过久、关键信息缺失或沟通变少", "It stays too long, key facts are missing, or contact is thin"),
            ("主管介入复盘，定出下一步", "The manager steps in, reviews it and settles the next step"),
        ),
        _level(
            "green",
            ("健康", "Healthy"),
            "green",
            ("7 天内有有效沟通，下一步已排期", "Spoken within 7 days, and the next step is scheduled"),
            ("按节奏推进", "Go on at this pace"),
        ),
    ],
    "signals": [
        _signal(
            "overdue_and_unclear",
            "red",
            ("跟进超期，且无明确决策链或预算", "Follow-up overdue, without a clear decision chain or budget"),
            every(_OVERDUE, either(leaf("budget", "empty"), _NO_CHAIN)),
        ),
        _signal(
            "stays_too_long",
            "yellow",
            ("阶段停留超过上限", "Longer in the stage than it allows"),
            leaf("evidence(dwell)", "has", {"over": "maximum"}),
        ),
        _signal(
            "key_field_missing",
            "yellow",
            ("预算、决策人或时间线为空", "Budget, decision maker or timeline is empty"),
            every(
                leaf("probability", "gte", KNOWN_FROM),
                either(leaf("budget", "empty"), _NO_CHAIN, leaf("timeline", "empty")),
            ),
            ("本周补齐缺少的信息，主管复盘一次", "Fill in what is missing this week, and review it with the manager"),
        ),
        _signal(
            "no_contact",
            "yellow",
            ("7 天没有有效沟通", "No effective communication for 7 days"),
            {"not": leaf("last_activity_at", "last_days", CONTACT_DAYS)},
        ),
        _signal(
            "no_next_step",
            "yellow",
            ("下一步没有排期", "No next step is scheduled"),
            either(leaf("next_action", "empty"), leaf("next_follow_up_at", "empty")),
            ("写下下一步和时间", "Write down the next step and its date"),
        ),
        _signal(
            "follow_up_overdue",
            "yellow",
            ("跟进超期", "Follow-up overdue"),
            _OVERDUE,
            ("今天联系客户，并改定下次时间", "Contact the customer today and set the next date"),
        ),
        _signal(
            "competitor_unanswered",
            "yellow",
            ("有竞争对手，没有差异化策略", "A competitor, and no answer to it"),
            every(filled("competitor"), leaf("differentiation", "empty")),
            ("写明靠什么赢", "Write down what makes us win"),
        ),
        _signal(
            "on_rhythm",
            "green",
            ("7 天内有有效沟通，下一步已排期", "Spoken within 7 days, and the next step is scheduled"),
            every(leaf("last_activity_at", "last_days", CONTACT_DAYS), filled("next_action", "next_follow_up_at")),
        ),
    ],
}
