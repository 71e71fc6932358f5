"""The stage-design check of one Process: all signals, their findings in order, the figures of each state."""

from __future__ import annotations

from datetime import date
from typing import Any

from liaoran.access.scope import Scope
from liaoran.infra.transaction import Transaction
from liaoran.process.carrying import heirs_of
from liaoran.process.design_check.behind import conditions_behind
from liaoran.process.design_check.demands import demands_of
from liaoran.process.design_check.findings import SEVERITIES, Finding
from liaoran.process.design_check.inquiry import Inquiry
from liaoran.process.design_check.period import period
from liaoran.process.design_check.signal import Signal
from liaoran.process.design_check.signals import SIGNALS
from liaoran.process.design_check.thresholds import Settings, read_settings


async def check_design(
    tx: Transaction, scope: Scope, process_key: str, since: date | None = None, until: date | None = None
) -> dict[str, Any]:
    """``{process, version, from, to, stages, findings, signals}``, over the records that the actor may see.

    A finding: ``{key, signal, label, severity, states, sentence, numbers, records, proposal}``; ``records`` is
    ``{count, where}`` or null, ``proposal`` is ``{text, patch}``. Raises NotFound for a Process that the actor may not
    see, Invalid for a period that ends before it begins.
    """
    process = scope.require_process(process_key)
    first, end = period(scope.params(), since, until)
    inquiry = Inquiry(tx, scope, process, first, end, await heirs_of(tx, process_key))
    settings = await read_settings(tx, process_key)
    found: list[tuple[Signal, Finding]] = []
    for signal in in_order():
        limits = settings.of(signal)
        if limits.on:
            found += [(signal, finding) for finding in await signal.find(inquiry, limits)]
    # Within one severity the signals keep their order, and states theirs.
    found.sort(key=lambda one: SEVERITIES.index(one[1].severity))
    conditions = await conditions_behind(inquiry, [finding for _, finding in found])
    return {
        "process": process.key,
        "object": process.object,
        "version": process.version,
        "from": first.isoformat(),
        "to": end.isoformat(),
        "stages": [
            {**stage.to_json(), **demands_of(process, stage.state).to_json()} for stage in await inquiry.stages()
        ],
        "findings": [_finding(*one, where) for one, where in zip(found, conditions, strict=True)],
        "signals": describe_signals(settings),
    }


def in_order() -> list[Signal]:
    """All signals in the order in which they are shown."""
    return sorted(SIGNALS.values(), key=lambda one: (one.order, one.key))


def describe_signals(settings: Settings) -> list[dict[str, Any]]:
    """Each signal with its thresholds as they are set and as they are shipped."""
    described = []
    for signal in in_order():
        limits = settings.of(signal)
        described.append(
            {
                "key": signal.key,
                "label": signal.label.to_json(),
                "about": signal.about.to_json(),
                "on": limits.on,
                "thresholds": [one.to_json(limits[one.key]) for one in signal.thresholds],
            }
        )
    return described


def _finding(signal: Signal, finding: Finding, where: dict[str, Any] | None) -> dict[str, Any]:
    proposal = finding.proposal
    return {
        "key": ".".join(part for part in (signal.key, finding.states[0], finding.about) if part),
        "signal": signal.key,
        "label": signal.label.to_json(),
        "severity": finding.severity,
        "states": list(finding.states),
        "sentence": finding.sentence.to_json(),
        "numbers": dict(finding.numbers),
        "records": {"count": finding.count, "where": where} if where is not None and finding.count else None,
        "proposal": {"text": proposal.text.to_json(), "patch": [dict(one) for one in proposal.patch]},
    }
