"""How pipelines of opportunities end, and what they all have in common: won, lost, the Fields that follow from the
state, the reasons asked for at the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from liaoran.packs.definition import Definition, Pair, text
from liaoran.packs.stages import action, guidance, output, stage

WON = stage(
    "won",
    ("赢单", "Won"),
    kind="won",
    probability=100,
    forecast="closed",
    color="green",
    guidance=guidance(
        why=(
            "签下来只是开始：交接没说清，交付和回款就会出岔子。",
            "A signature is the beginning: what is not handed over clearly goes wrong in delivery and payment.",
        ),
        how=(
            "选出最主要的赢单原因，用一句话写下同事能照着做的那一点；随后把交付、回款和回访各定一个负责人。",
            "Choose the main reason and write the one thing that colleagues can repeat; then name a person each for "
            "delivery, payment and the return visit.",
        ),
        done=(
            "赢单原因已填，交付负责人知道客户在等什么。",
            "The reason is given, and delivery knows what they expect.",
        ),
        focus=("交接、首期回款、第一次回访", "Hand-over, the first payment, the first return visit"),
        difficulty=("签完就没人联系客户", "Nobody talks to the customer once it is signed"),
    ),
    outputs=[output(("赢单原因", "Win reason"), field="win_reason")],
    actions=[
        action("hand_over", ("向交付说明客户在意的事", "Tell delivery what matters to the customer"), 2, note=True),
        action("return_visit", ("签约满月回访客户", "Call on the customer a month after signing"), 22, must=False),
    ],
)

LOST = stage(
    "lost",
    ("输单", "Lost"),
    kind="lost",
    probability=0,
    forecast="omitted",
    color="red",
    guidance=guidance(
        why=(
            "写清为什么输，下一单才不会输在同一处。",
            "Say why it was lost, so that the next is not lost the same way.",
        ),
        how=(
            "选出最主要的输单原因，记下客户的原话；想一想早在哪一步就能看出来，并约定什么时候再联系。",
            "Choose the main reason and write down what the customer said; think at which step it could have been "
            "seen, and agree when to be in touch again.",
        ),
        done=("输单原因已填，能复盘的话写在说明里。", "The reason is given, and what can be learnt is in the note."),
        focus=("真实原因，而不是好听的原因", "The true reason, not the pleasant one"),
        difficulty=("一律选“价格高”", "Everything is put down to the price"),
    ),
    outputs=[output(("输单原因", "Loss reason"), field="loss_reason")],
)

REASON_BEFORE: Mapping[str, list[str]] = {"won": ["win_reason"], "lost": ["loss_reason"]}
"""What has to be said before a state of that kind is entered."""


def pipeline(
    key: str,
    label: Pair,
    description: Pair,
    states: Sequence[Definition],
    *,
    moves: Mapping[str, Mapping[str, Any]] | None = None,
    approvals: Sequence[Definition] = (),
    minimum: str = "",
) -> Definition:
    """A pipeline of opportunities over the ``states``. Every state may be entered from every other one, as far as its
    gate lets a record through; going back and reopening ask for a reason. ``moves`` adds to the transition into a state
    (``who``, ``conditions``, ``comment``, ``approval``, ``required``). ``minimum`` are blank-separated Fields that every
    open record has to hold.
    """
    extra = moves or {}
    definition: Definition = {
        "key": key,
        "object": "opportunity",
        "field": "stage",
        "process_field": "pipeline",
        "label": text(label),
        "description": text(description),
        "sum_field": "amount",
        "derived": {
            "status": {"open": "open", "won": "won", "lost": "lost"},
            "probability": "probability",
            "forecast_category": "forecast_category",
            "closed_on": "closed_on",
        },
        "comment_on": ["back", "reopen"],
        "states": [_with_own_stays(state, state["key"]) for state in states],
        "transitions": [
            {
                "key": f"to_{state['key']}",
                "from": None,
                "to": state["key"],
                "label": state["label"],
                "required": REASON_BEFORE.get(state["kind"], []),
                **extra.get(state["key"], {}),
            }
            for state in states
        ],
    }
    if minimum:
        definition["minimum"] = minimum.split()
    if approvals:
        definition["approvals"] = list(approvals)
    return definition


def _with_own_stays(part: Any, state: str) -> Any:
    """Evidence newer than the last stay means the last stay in this state: who comes back brings something new."""
    if isinstance(part, list):
        return [_with_own_stays(one, state) for one in part]
    if not isinstance(part, dict):
        return part
    found = {key: _with_own_stays(one, state) for key, one in part.items()}
    return {**found, "state": state} if found.get("since") == "left" else found
