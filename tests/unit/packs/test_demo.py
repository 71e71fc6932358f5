"""The demo repeats, hangs together, and looks like two years of real work."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from liaoran.packs import load_pack
from liaoran.packs.demo import DEMO_LOGINS
from liaoran.packs.demo.generator import generate
from liaoran.packs.demo.model import DemoData, DemoOpportunity
from liaoran.packs.demo.pages import pdf_page
from liaoran.packs.document_types import DOCUMENT_TYPES

TODAY = date(2026, 9, 30)
FIELDS = {one["key"]: {field["key"]: field for field in one["fields"]} for one in load_pack("sales")["objects"]}


@pytest.fixture(scope="module")
def demo() -> DemoData:
    return generate(TODAY)


def test_the_same_day_gives_the_same_demo(demo: DemoData) -> None:
    assert generate(TODAY) == demo


def test_the_demo_moves_with_the_day(demo: DemoData) -> None:
    later = generate(TODAY + timedelta(days=200))
    assert max(one.created_at for one in later.opportunities) > max(one.created_at for one in demo.opportunities)


def test_sizes_are_those_promised(demo: DemoData) -> None:
    roles = Counter(role for person in demo.people for role in person.roles)
    assert roles == {"administrator": 1, "manager": 2, "salesperson": 8, "presales": 1, "legal": 1, "finance": 1}
    assert tuple(person.login for person in demo.people) == DEMO_LOGINS
    assert len(demo.accounts) == 300
    assert len(demo.products) == 20
    assert len(demo.opportunities) == 2000


def test_ids_and_account_names_are_unique(demo: DemoData) -> None:
    ids = [record.id for _, records in demo.groups() for record in records]
    assert len(set(ids)) == len(ids)
    assert all(one.version == 7 for one in ids)
    names = [record.values["name"] for record in demo.accounts]
    assert len(set(names)) == len(names)


def test_values_fit_the_shipped_fields(demo: DemoData) -> None:
    for key, records in demo.groups():
        required = {field["key"] for field in FIELDS[key].values() if field.get("required")}
        for record in records:
            assert required <= set(record.values), key
            values = record.final if isinstance(record, DemoOpportunity) else record.values
            for name, value in values.items():
                check_value(FIELDS[key][name], value)


def check_value(field: dict[str, Any], value: Any) -> None:
    assert value not in (None, ""), field["key"]
    assert not field.get("readonly")
    if field["type"] == "choice":
        assert value in [entry["key"] for entry in field["choices"]], field["key"]
    elif field["type"] == "choices":
        assert set(value) <= {entry["key"] for entry in field["choices"]}
        assert len(set(value)) == len(value)
    elif field["type"] in {"text", "long_text"}:
        assert "{" not in value


def test_links_point_to_records_that_are_there_already(demo: DemoData) -> None:
    known: dict[str, set[UUID]] = {key: set() for key in FIELDS}
    targets = {"person": "person", "department": "department"}
    for key, records in demo.groups():
        known[key] |= {record.id for record in records}
        for record in records:
            for name, value in record.values.items():
                field = FIELDS[key][name]
                target = field["options"]["target"] if field["type"] == "link" else targets.get(field["type"])
                if target is not None:
                    assert UUID(value) in known[target], (key, name)


def test_nothing_is_made_in_the_future(demo: DemoData) -> None:
    evening = datetime(2026, 9, 29, 11, 0, tzinfo=UTC)
    made = [record.created_at for _, records in demo.groups() for record in records]
    entered = [visit.entered_at for one in demo.opportunities for visit in one.visits]
    assert max(made) <= evening
    assert max(entered) <= evening
    assert min(entered) > evening - timedelta(days=740)


def test_visits_follow_one_another_and_end_at_the_stage(demo: DemoData) -> None:
    for one in demo.opportunities:
        assert one.visits[0].entered_at == one.created_at
        assert one.visits[0].state == one.values["stage"]
        assert one.visits[-1].state == one.final["stage"]
        for earlier, later in itertools.pairwise(one.visits):
            assert earlier.entered_at < later.entered_at
            assert earlier.state != later.state
            assert earlier.state not in {"won", "lost"}


def test_closed_opportunities_say_why_and_when(demo: DemoData) -> None:
    for one in demo.opportunities:
        stage = one.final["stage"]
        assert ("win_reason" in one.final) == (stage == "won")
        assert ("loss_reason" in one.final) == (stage == "lost")
        assert ("closed_on" in one.final) == (stage in {"won", "lost"})


def test_the_figures_are_believable(demo: DemoData) -> None:
    stages = Counter(one.final["stage"] for one in demo.opportunities)
    still_open = [one for one in demo.opportunities if "closed_on" not in one.final]
    assert 0.2 < stages["won"] / (stages["won"] + stages["lost"]) < 0.45
    assert 150 < len(still_open) < 500
    assert all(stages[key] >= 8 for key in ("initial_contact", "needs", "proposal", "negotiation", "contract"))
    without_next = sum("next_action" not in one.final for one in still_open)
    overdue = sum(one.final.get("next_follow_up_at", "9999") < "2026-09-29" for one in still_open)
    assert without_next >= 10
    assert overdue >= 10
    order = ["initial_contact", "needs", "proposal", "negotiation", "contract", "won", "lost"]
    steps = [
        order.index(later.state) - order.index(earlier.state)
        for one in demo.opportunities
        for earlier, later in itertools.pairwise(one.visits)
        if later.state != "lost"
    ]
    assert sum(step < 0 for step in steps) > 20
    assert sum(step > 1 for step in steps) > 50


def test_lines_sum_up_to_the_amount(demo: DemoData) -> None:
    totals: Counter[str] = Counter()
    for line in demo.opportunity_lines:
        totals[line.values["opportunity"]] += line.values["quantity"] * line.values["unit_price"]
    amounts = {str(one.id): one.final["amount"] for one in demo.opportunities}
    assert totals
    assert all(amounts[key] == total for key, total in totals.items())


def test_what_is_learnt_is_written_down_along_the_way(demo: DemoData) -> None:
    filled = Counter(key for one in demo.opportunities for visit in one.visits[1:] for key in visit.values)
    assert {"need_summary", "budget", "decision_maker", "timeline", "amount", "competitor"} <= set(filled)
    assert not any("need_summary" in one.values for one in demo.opportunities)
    for one in demo.opportunities:
        assert (one.outlook is None) == (one.final["stage"] in {"won", "lost"})
        assert one.outlook is None or one.outlook.at >= one.visits[-1].entered_at


def holds(condition: dict[str, Any], values: dict[str, Any]) -> bool | None:
    """Whether a Condition of the standard pipeline holds; None where it asks for more than Fields."""
    if "any" in condition:
        parts = [holds(one, values) for one in condition["any"]]
        return True if True in parts else (None if None in parts else False)
    if "(" in condition["field"]:
        return None
    filled = values.get(condition["field"]) not in (None, "")
    return {"not_empty": filled, "empty": not filled, "is_true": values.get(condition["field"]) is True}[
        condition["op"]
    ]


def test_whoever_went_on_had_what_the_gate_asks_for(demo: DemoData) -> None:
    (process,) = load_pack("sales")["processes"]
    states = {state["key"]: state for state in process["states"]}
    order = [*states]
    asked = Counter[str]()
    for one in demo.opportunities:
        values = dict(one.values)
        for earlier, later in itertools.pairwise(one.visits):
            values |= later.values
            if later.state == "lost" or order.index(later.state) < order.index(earlier.state):
                continue
            for check in states[earlier.state]["exit"]:
                found = holds(check["condition"], values)
                assert found is not False, (check["key"], values)
                asked[check["key"]] += found is True
    assert all(asked[key] > 100 for key in ("account_filed", "meeting_agreed", "budget_range", "go_live", "quote_sent"))


def test_most_stays_keep_the_days_that_are_meant_and_one_stage_is_slow(demo: DemoData) -> None:
    (process,) = load_pack("sales")["processes"]
    meant = {state["key"]: state["target_days"] for state in process["states"] if state["kind"] == "open"}
    stays: dict[str, list[float]] = {key: [] for key in meant}
    for one in demo.opportunities:
        for earlier, later in itertools.pairwise(one.visits):
            stays[earlier.state].append((later.entered_at - earlier.entered_at) / timedelta(days=1))
    over = {key: sum(stay > meant[key] for stay in found) / len(found) for key, found in stays.items()}
    assert 0.35 < over.pop("negotiation") < 0.58
    assert all(0.1 < share < 0.29 for share in over.values()), over


def test_late_opportunities_have_the_files_of_their_stages(demo: DemoData) -> None:
    known = {one["key"] for one in DOCUMENT_TYPES}
    visits = {one.id: {visit.state: visit.entered_at for visit in reversed(one.visits)} for one in demo.opportunities}
    asked = {"quote": "proposal", "minutes": "negotiation", "contract": "contract"}
    for paper in demo.papers:
        assert paper.document_type in known
        assert visits[paper.record][asked[paper.document_type]] <= paper.at <= datetime(2026, 9, 29, 11, 0, tzinfo=UTC)
        assert paper.content.startswith(b"%PDF-" if paper.name.endswith(".pdf") else paper.title.encode())
    quoted = {paper.record for paper in demo.papers if paper.document_type == "quote"}
    still_open = [one for one in demo.opportunities if "closed_on" not in one.final]
    late = {one.id for one in still_open if "proposal" in visits[one.id]}
    assert late <= quoted
    assert 100 < len(demo.papers) < 500


def test_a_page_is_a_pdf_whose_table_points_to_its_objects() -> None:
    page = pdf_page("报价单", ["客户：甲", "", "合计（含税）：1,000 元"])
    start = int(page.rsplit(b"startxref", 1)[1].split()[0])
    assert page[start:].startswith(b"xref")
    places = [int(line[:10]) for line in page[start:].splitlines()[3:10]]
    assert [page[place:].split(b" ", 1)[0] for place in places] == [b"%d" % number for number in range(1, 8)]
    length = int(page.split(b"/Length ", 1)[1].split(b">", 1)[0])
    stream = page.split(b"stream\n", 1)[1].split(b"\nendstream", 1)[0]
    assert len(stream) == length
    assert "报价单".encode("utf-16-be").hex().encode() in stream


def test_contracts_are_approved_and_some_wait_for_somebody(demo: DemoData) -> None:
    states = {one.id: one.final["stage"] for one in demo.opportunities}
    visits = {
        one.id: [visit.entered_at for visit in one.visits if visit.state == "contract"] for one in demo.opportunities
    }
    for one in demo.approvals:
        assert one.at >= visits[one.record][0]
        moments = [one.at, *(deed.at for deed in one.deeds)]
        assert moments == sorted(moments)
        assert moments[-1] <= datetime(2026, 9, 29, 11, 0, tzinfo=UTC)
        assert all(deed.to != one.login for deed in one.deeds), "nobody is asked about her own request"
    waiting = [one for one in demo.approvals if states[one.record] == "contract"]
    assert len(waiting) == sum(state == "contract" for state in states.values())
    ways = Counter(one.deeds[-1].kind if one.deeds else "" for one in waiting)
    assert {"", "approve", "ask", "delegate"} == set(ways)
    assert "chenjing" in {deed.to for one in waiting for deed in one.deeds}
    decided = [one for one in demo.approvals if states[one.record] == "won"]
    assert {deed.kind for one in decided for deed in one.deeds} == {"approve", "return"}
