"""The bare SQL: what an experienced hand would write for exactly this question, rows and columns."""

from __future__ import annotations

LINK = "CASE WHEN {t}.id IS NOT NULL THEN json_build_object('id', {t}.id, 'label', {t}.name) END AS {name}"


def _columns(listing: str) -> list[str]:
    return listing.split()


LIST_COLUMNS = _columns(
    "name account stage amount expected_close_on owner next_action next_follow_up_at source updated_at"
)
CARD_COLUMNS = _columns("name account amount owner expected_close_on next_follow_up_at tags")
TARGETS = {"account": "r_account", "owner": "r_person", "department": "r_department", "product": "r_product"}
RECORD_COLUMNS = _columns(
    "name code account owner department product pipeline stage status probability forecast_category amount currency "
    "expected_close_on closed_on source region industry tags need_summary budget decision_maker timeline competitor "
    "differentiation next_action next_follow_up_at last_activity_at health win_reason loss_reason reason_note "
    "created_at updated_at"
)


def shown(columns: list[str]) -> str:
    """The select list of ``o`` joined with the tables of its links."""
    parts = [LINK.format(t=f"t_{name}", name=name) if name in TARGETS else f"o.{name}" for name in columns]
    return ", ".join(["o.id", "o.version", *parts])


def joins(schema: str, columns: list[str]) -> str:
    """The joins that ``shown`` needs."""
    return " ".join(
        f"LEFT JOIN {schema}.{TARGETS[name]} t_{name} ON t_{name}.id = o.{name}" for name in columns if name in TARGETS
    )


def page(schema: str, visible: str, where: str, order: str, *, join: str = "", count: bool = False) -> str:
    """One page of 50 of a list; ``order`` names columns of ``o``."""
    source = f"FROM {schema}.r_opportunity o {join} WHERE o.deleted_at IS NULL AND {visible} AND {where}"
    total = f", 'total', (SELECT count(*) {source})" if count else ""
    return (
        "SELECT json_build_object('records', (SELECT coalesce(json_agg(row_to_json(r)), '[]') FROM ("
        f"SELECT {shown(LIST_COLUMNS)} FROM (SELECT o.* {source} ORDER BY {order} LIMIT 50) o "
        f"{joins(schema, LIST_COLUMNS)} ORDER BY {order}) r){total})::text"
    )


def board(schema: str, visible: str, where: str | None) -> str:
    """Twenty cards per state, counts and sums: from the totals where nothing is filtered, else counted."""
    if where is None:
        figures = (
            "SELECT state, currency, sum(count) AS count, sum(sum) AS sum "
            f"FROM {schema}.state_totals o WHERE process = 'sales' AND {visible} GROUP BY 1, 2"
        )
    else:
        figures = counted(schema, visible, where)
    cards = (
        f"SELECT s.state, json_agg(row_to_json(r)) AS cards FROM (SELECT DISTINCT state FROM figures) s "
        f"CROSS JOIN LATERAL (SELECT {shown(CARD_COLUMNS)} FROM (SELECT o.* FROM {schema}.r_opportunity o "
        "WHERE o.deleted_at IS NULL AND o.pipeline = 'sales' AND o.stage = s.state "
        f"AND {visible} AND {where or 'true'} ORDER BY o.updated_at DESC, o.id LIMIT 20) o "
        f"{joins(schema, CARD_COLUMNS)} ORDER BY o.updated_at DESC, o.id) r GROUP BY s.state"
    )
    return (
        f"WITH figures AS ({figures}), cards AS ({cards}) SELECT json_build_object('states', (SELECT "
        "json_agg(json_build_object('key', f.state, 'currency', f.currency, 'count', f.count, 'sum', f.sum, "
        "'records', c.cards)) FROM figures f LEFT JOIN cards c USING (state)))::text"
    )


def counted(schema: str, visible: str, where: str = "true") -> str:
    """Counts and sums per state by counting, which is what maintained totals save (no JSON)."""
    return (
        "SELECT stage AS state, currency, count(*) AS count, sum(amount) AS sum "
        f"FROM {schema}.r_opportunity o WHERE o.deleted_at IS NULL AND o.pipeline = 'sales' AND {visible} AND {where} "
        "GROUP BY 1, 2"
    )


def record(schema: str, visible: str, position: int) -> str:
    """One record with everything on it; ``$position`` is its id."""
    return (
        f"SELECT row_to_json(r)::text FROM (SELECT {shown(RECORD_COLUMNS)} FROM {schema}.r_opportunity o "
        f"{joins(schema, RECORD_COLUMNS)} WHERE o.deleted_at IS NULL AND o.id = ${position}::uuid AND {visible}) r"
    )


def history(schema: str, visible: str, position: int) -> str:
    """The latest Events of a record that the actor sees, with the names of what links pointed to."""
    names, joined = [], []
    for place, side in ((0, "old"), (1, "new")):
        for key, table in TARGETS.items():
            target = f"CASE c.key WHEN '{key}' THEN (c.value ->> {place})::uuid END"
            joined.append(f"LEFT JOIN {schema}.{table} {key}_{side} ON {key}_{side}.id = {target}")
        labels = ", ".join(f"{key}_{side}.name" for key in TARGETS)
        names.append(f"'{side}', c.value -> {place}, '{side}_label', coalesce({labels})")
    changes = (
        f"SELECT json_agg(json_build_object('field', c.key, {', '.join(names)})) "
        f"FROM jsonb_each(e.changes) c {' '.join(joined)}"
    )
    return (
        "SELECT json_build_object('events', (SELECT coalesce(json_agg(json_build_object('id', e.id, 'at', e.at, "
        "'kind', e.kind, 'door', e.door, 'actor', json_build_object('kind', e.actor_kind, 'id', e.actor_id, "
        f"'label', e.actor_label), 'changes', ({changes}))), '[]') FROM (SELECT * FROM {schema}.events "
        f"WHERE record_id = ${position}::uuid ORDER BY at DESC, seq DESC LIMIT 50) e "
        f"WHERE EXISTS (SELECT FROM {schema}.r_opportunity o WHERE o.id = ${position}::uuid AND {visible})))::text"
    )


def figures_by_stage(schema: str, visible: str) -> str:
    """Counts and sums of amounts per stage and currency."""
    return (
        "SELECT json_build_object('rows', "
        "(SELECT coalesce(json_agg(json_build_array(stage, currency, count, sum)), '[]') "
        "FROM (SELECT stage, currency, count(*) AS count, sum(amount) AS sum "
        f"FROM {schema}.r_opportunity o WHERE o.deleted_at IS NULL AND {visible} GROUP BY 1, 2 ORDER BY 1, 2) r))::text"
    )


def figures_by_person_and_month(schema: str, visible: str) -> str:
    """The same per owner, in the order of their names, and month of closing."""
    return (
        "SELECT json_build_object('rows', (SELECT coalesce(json_agg(json_build_array("
        "json_build_object('id', owner, 'label', label), month, currency, count, sum)), '[]') "
        "FROM (SELECT f.*, p.name AS label FROM (SELECT owner, "
        "date_trunc('month', closed_on::timestamp)::date AS month, currency, "
        f"count(*) AS count, sum(amount) AS sum FROM {schema}.r_opportunity o "
        f"WHERE o.deleted_at IS NULL AND {visible} GROUP BY 1, 2, 3) f "
        f"LEFT JOIN {schema}.r_person p ON p.id = f.owner "
        "ORDER BY p.name__pinyin, month, currency LIMIT 1000) r))::text"
    )
