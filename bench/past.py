"""What happened to the records of one scale: visits, Events, versions, and the totals that the board reads."""

from __future__ import annotations

import psycopg

from bench.generate import OPEN_STATES, chance
from bench.scales import Scale

VISITS = f"""
INSERT INTO {{schema}}.visits
    (process, object, record_id, ordinal, state, entered_at, left_at, entered_by, entered_by_label, from_state, amount,
     currency, process_version)
SELECT 'sales', 'opportunity', id, k, state,
       created_at + (updated_at - created_at) * ((k - 1.0) / n)::double precision,
       CASE WHEN k < n THEN created_at + (updated_at - created_at) * (k * 1.0 / n)::double precision END,
       owner, '', CASE WHEN k > 1 THEN lag(state) OVER (PARTITION BY id ORDER BY k) END, amount, currency, 1
FROM (
    SELECT s.*, k, CASE WHEN k = s.n THEN s.stage
                           ELSE (string_to_array('{OPEN_STATES}', ' '))[1 + (k - 1) * 5 / s.n] END AS state
    FROM (
        SELECT id, stage, created_at, updated_at, owner, amount, currency,
               4 + {chance(41, 5, "('x' || right(id::text, 8))::bit(32)::int8")} AS n
        FROM {{schema}}.r_opportunity
    ) s
    CROSS JOIN LATERAL generate_series(1, s.n) AS k
) v
"""
CREATED = """
INSERT INTO {schema}.events
    (at, actor_kind, actor_id, actor_label, object, record_id, record_label, version, kind, changes, door, action,
     schema_version)
SELECT created_at, 'person', owner, '', 'opportunity', id, name, 1, 'created',
       jsonb_build_object('name', jsonb_build_array(NULL, name), 'account', jsonb_build_array(NULL, account),
                          'owner', jsonb_build_array(NULL, owner), 'department', jsonb_build_array(NULL, department),
                          'amount', jsonb_build_array(NULL, amount), 'currency', jsonb_build_array(NULL, currency),
                          'source', jsonb_build_array(NULL, source), 'region', jsonb_build_array(NULL, region),
                          'industry', jsonb_build_array(NULL, industry), 'pipeline', jsonb_build_array(NULL, pipeline),
                          'stage', jsonb_build_array(NULL, 'initial_contact')),
       'import', id, 1
FROM {schema}.r_opportunity
"""
MOVED = """
INSERT INTO {schema}.events
    (at, actor_kind, actor_id, actor_label, object, record_id, record_label, version, kind, changes, door, action,
     schema_version)
SELECT v.entered_at, 'person', v.entered_by, '', 'opportunity', v.record_id, '', v.ordinal, 'updated',
       jsonb_build_object('stage', jsonb_build_array(v.from_state, v.state)), 'board', v.record_id, 1
FROM {schema}.visits v
WHERE v.ordinal > 1
"""
EDITED = """
INSERT INTO {schema}.events
    (at, actor_kind, actor_id, actor_label, object, record_id, record_label, version, kind, changes, door, action,
     schema_version)
SELECT created_at + (updated_at - created_at) * (k / 5.0)::double precision, 'person', owner, '', 'opportunity', id,
       name, 10 + k, 'updated',
       jsonb_build_object('next_action', jsonb_build_array('约需求会', next_action),
                          'amount', jsonb_build_array(amount - 1000 * k, amount)),
       'form', id, 1
FROM {schema}.r_opportunity CROSS JOIN generate_series(1, 4) AS k
"""
TOTALS = """
INSERT INTO {schema}.state_totals (process, state, owner, department, currency, count, sum)
SELECT pipeline, stage, owner, department, currency, count(*), coalesce(sum(amount), 0)
FROM {schema}.r_opportunity WHERE deleted_at IS NULL
GROUP BY 1, 2, 3, 4, 5
"""
VERSION_COLUMNS = """
SELECT string_agg(quote_ident(v.column_name), ', ' ORDER BY v.column_name)
FROM information_schema.columns v
JOIN information_schema.columns r USING (table_schema, column_name)
WHERE v.table_schema = %s AND v.table_name = 'v_opportunity' AND r.table_name = 'r_opportunity'
"""


def generate_past(connection: psycopg.Connection[tuple[object, ...]], scale: Scale) -> None:
    """Fills visits, Events, versions (three per opportunity) and totals; the records must be there."""
    for statement in (VISITS, CREATED, MOVED, EDITED, TOTALS):
        connection.execute(statement.format(schema=scale.schema).encode())
    row = connection.execute(VERSION_COLUMNS, (scale.schema,)).fetchone()
    columns = str(row[0]) if row else ""
    for version, begin, end in ((1, "0.0", "0.3"), (5, "0.3", "0.8"), (10, "0.8", None)):
        until = f"created_at + (updated_at - created_at) * {end}::double precision" if end else "NULL"
        selected = ", ".join(str(version) if name == "version" else name for name in columns.split(", "))
        connection.execute(
            f"INSERT INTO {scale.schema}.v_opportunity ({columns}, valid_from, valid_to) "
            f"SELECT {selected}, created_at + (updated_at - created_at) * {begin}::double precision, {until} "
            f"FROM {scale.schema}.r_opportunity".encode()
        )
