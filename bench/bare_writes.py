"""The floor of a write: one hand-written statement that leaves behind the same rows as a change through Liaoran does
(record, version, Event, visit, totals), with no rights, no rules and no values checked.
"""

from __future__ import annotations

EVENT = """
INSERT INTO {schema}.events (at, actor_kind, actor_id, actor_label, object, record_id, record_label, version, kind,
                             changes, door, action, schema_version)
SELECT now(), 'person', $2::uuid, '', 'opportunity', u.id, u.name, u.version, '{kind}', {changes}, 'api', u.id, 1 FROM u
"""
ENDED = """
UPDATE {schema}.v_opportunity v SET valid_to = now() FROM u WHERE v.id = u.id AND v.valid_to IS NULL RETURNING v.id
"""
VERSION = "INSERT INTO {schema}.v_opportunity ({columns}, valid_from) SELECT {selected}, now() FROM u{after}"
TOTALS = """
INSERT INTO {schema}.state_totals AS t (process, state, owner, department, currency, count, sum)
SELECT 'sales', state, owner, department, currency, sum(n), sum(n * amount) FROM ({moved}) d GROUP BY 1, 2, 3, 4, 5
ON CONFLICT (process, state, owner, department, currency)
DO UPDATE SET count = t.count + excluded.count, sum = t.sum + excluded.sum
"""
VISIT = """
INSERT INTO {schema}.visits (process, object, record_id, ordinal, state, entered_at, entered_by, entered_by_label,
                             from_state, amount, currency, process_version)
SELECT 'sales', 'opportunity', u.id, {ordinal}, u.stage, now(), $2::uuid, '', {source}, u.amount, u.currency, 1 FROM u
"""
MOVE = """
WITH o AS MATERIALIZED (SELECT * FROM {schema}.r_opportunity WHERE id = $1::uuid AND owner = $2::uuid FOR UPDATE),
u AS (UPDATE {schema}.r_opportunity r
      SET stage = $3, probability = 50, version = r.version + 1, updated_at = now(), updated_by = $2::uuid
      FROM o WHERE r.id = o.id RETURNING r.*),
ended AS ({ended}), version AS ({version}), event AS ({event}),
visited AS (UPDATE {schema}.visits v SET left_at = now() FROM u WHERE v.record_id = u.id AND v.left_at IS NULL
            RETURNING v.ordinal),
visit AS ({visit}), totals AS ({totals})
SELECT row_to_json(u)::text FROM u
"""
EDIT = """
WITH o AS MATERIALIZED (SELECT * FROM {schema}.r_opportunity WHERE id = $1::uuid AND owner = $2::uuid FOR UPDATE),
u AS (UPDATE {schema}.r_opportunity r
      SET next_action = $3, version = r.version + 1, updated_at = now(), updated_by = $2::uuid
      FROM o WHERE r.id = o.id RETURNING r.*),
ended AS ({ended}), version AS ({version}), event AS ({event})
SELECT row_to_json(u)::text FROM u
"""
CREATE = """
WITH u AS (INSERT INTO {schema}.r_opportunity
               (id, version, created_at, created_by, updated_at, updated_by, name, owner, department, account, pipeline,
                stage, status, probability, forecast_category, amount, currency)
           SELECT uuidv7(), 1, now(), $2::uuid, now(), $2::uuid, $3, p.id, p.department, $1::uuid, 'sales',
                  'initial_contact', 'open', 10, 'pipeline', 120000, 'CNY'
           FROM {schema}.r_person p WHERE p.id = $2::uuid RETURNING *),
version AS ({version}), event AS ({event}), visit AS ({visit}), totals AS ({totals})
SELECT row_to_json(u)::text FROM u
"""


def bare_move(schema: str, columns: list[str]) -> str:
    """``$1`` record, ``$2`` person, ``$3`` state."""
    moved = (
        "SELECT stage AS state, owner, department, currency, amount, -1 AS n FROM o UNION ALL "
        "SELECT stage, owner, department, currency, amount, 1 FROM u"
    )
    return MOVE.format(
        schema=schema,
        ended=ENDED.format(schema=schema),
        version=_version(schema, columns, " LEFT JOIN ended ON ended.id = u.id"),
        event=_event(
            schema, "updated", "jsonb_build_object('stage', jsonb_build_array((SELECT stage FROM o), u.stage))"
        ),
        visit=VISIT.format(
            schema=schema, ordinal="coalesce((SELECT ordinal FROM visited), 0) + 1", source="(SELECT stage FROM o)"
        ),
        totals=TOTALS.format(schema=schema, moved=moved),
    )


def bare_edit(schema: str, columns: list[str]) -> str:
    """``$1`` record, ``$2`` person, ``$3`` the next action."""
    changes = "jsonb_build_object('next_action', jsonb_build_array((SELECT next_action FROM o), u.next_action))"
    return EDIT.format(
        schema=schema,
        ended=ENDED.format(schema=schema),
        version=_version(schema, columns, " LEFT JOIN ended ON ended.id = u.id"),
        event=_event(schema, "updated", changes),
    )


def bare_create(schema: str, columns: list[str]) -> str:
    """``$1`` account, ``$2`` person, ``$3`` name."""
    moved = "SELECT stage AS state, owner, department, currency, amount, 1 AS n FROM u"
    changes = "jsonb_build_object('name', jsonb_build_array(NULL, u.name), 'stage', jsonb_build_array(NULL, u.stage))"
    return CREATE.format(
        schema=schema,
        version=_version(schema, columns, ""),
        event=_event(schema, "created", changes),
        visit=VISIT.format(schema=schema, ordinal="1", source="NULL"),
        totals=TOTALS.format(schema=schema, moved=moved),
    )


def _version(schema: str, columns: list[str], after: str) -> str:
    selected = ", ".join(f'u."{name}"' for name in columns)
    named = ", ".join(f'"{name}"' for name in columns)
    return VERSION.format(schema=schema, columns=named, selected=selected, after=after)


def _event(schema: str, kind: str, changes: str) -> str:
    return EVENT.format(schema=schema, kind=kind, changes=changes)
