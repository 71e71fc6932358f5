"""The pipelines of the bench: the shipped one without gates and tasks, which the generated records follow, and the same
again with twenty conditions for every move, and with five tasks for every stage.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.scales import Scale
from liaoran.access.scope import system_scope
from liaoran.app import wire
from liaoran.infra.database import Database
from liaoran.infra.settings import Settings
from liaoran.packs import load_pack
from liaoran.packs.stages import OWNER, action, check, either, every, file_of, in_the_chain, leaf
from liaoran.process.publish import publish_process
from liaoran.schema.catalogue import load_snapshot

Definition = dict[str, Any]
PLAIN, GATED, TASKED = "sales", "bench_gated", "bench_tasked"
CONDITIONS, TASKS = 20, 5
_KEPT = ("key", "label", "kind", "probability", "forecast_category", "color", "guidance")
_REQUIRED = ("budget", "timeline", "region")
_LEAVING: Mapping[str, Definition] = {
    "amount": leaf("amount", "gte", 1000),
    "closing": leaf("expected_close_on", "not_empty"),
    "source": leaf("source", "in", ["referral", "website"]),
    "need": leaf("need_summary", "contains", "排产"),
    "next": leaf("next_action", "not_empty"),
    "decider": leaf("decision_maker", "not_empty"),
    "industry": leaf("account.status", "ne", "dormant"),
    "colleague": leaf("account.owner.status", "eq", "active"),
    "chain": in_the_chain("decider"),
    "contract": file_of("contract"),
    "tasks": leaf("evidence(tasks)", "has"),
}
_ENTERING: Mapping[str, Definition] = {
    "budget": leaf("budget", "gt", 0),
    "team": leaf("account.owner.department", "not_empty"),
    "home": leaf("department.name", "not_empty"),
    "proposal": file_of("proposal"),
    "people": leaf("count(opportunity_contact.opportunity)", "gte", 1),
    "worth": either(leaf("amount", "lt", 50), every(leaf("budget", "gt", 0), leaf("amount", "gt", 50))),
}


def pipelines() -> list[Definition]:
    """The definitions. All have the states of the shipped pipeline, and let every move through as far as their
    conditions go."""
    return [
        _pipeline(PLAIN, ("标准销售流程", "Standard sales pipeline"), {}),
        _pipeline(GATED, ("二十项条件", "Twenty conditions"), _gate()),
        _pipeline(TASKED, ("五个任务", "Five tasks"), {"actions": _actions(), "on_leave": "carry"}),
    ]


def publish_pipelines(data: Path, scale: Scale) -> None:
    """Publishes them in the scale's organisation."""
    asyncio.run(_publish(data, scale))


async def _publish(data: Path, scale: Scale) -> None:
    wire()
    async with Database(Settings(data_dir=data)) as database, database.transaction(scale.schema) as tx:
        for definition in pipelines():
            await publish_process(tx, system_scope(await load_snapshot(tx)), definition)


def _pipeline(key: str, label: tuple[str, str], asked: Mapping[str, Any]) -> Definition:
    """The shipped pipeline without its Conditions, tasks and approvals; its open states ask for this instead."""
    (shipped,) = load_pack("sales")["processes"]
    states = [{name: one[name] for name in _KEPT} for one in shipped["states"]]
    return {
        **shipped,
        "key": key,
        "label": {"zh": label[0], "en": label[1]},
        "is_default": key == PLAIN,
        "states": [{**one, **(asked if one["kind"] == "open" else {})} for one in states],
        "comment_on": [],
        "approvals": [],
    }


def _gate() -> Definition:
    leaving = [{**one, "always": True} for one in _checks(_LEAVING)]
    return {"required": list(_REQUIRED), "exit": leaving, "entry": _checks(_ENTERING)}


def _checks(conditions: Mapping[str, Definition]) -> Sequence[Definition]:
    return [check(key, (f"条件 {key}", f"Condition {key}"), one) for key, one in conditions.items()]


def _actions() -> Sequence[Definition]:
    return [action(f"step_{n}", (f"动作 {n}", f"Step {n}"), n, who=OWNER, note=True) for n in range(1, TASKS + 1)]
