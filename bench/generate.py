"""Records of one scale, set-based in SQL: departments, people, products, accounts, opportunities."""

from __future__ import annotations

import psycopg

from bench.scales import Scale

RANDOM = "(hashint8extended({n}, {seed}) & 2147483647)"
"""A number that depends on the row and the seed only."""


def chance(seed: int, below: int, n: str = "s.n") -> str:
    """SQL for a repeatable number from 0 to ``below`` - 1."""
    return f"({RANDOM.format(n=n, seed=seed)} % {below})::int"


def one_of(options: str, seed: int) -> str:
    """SQL for one of the blank-separated options."""
    keys = options.split()
    return f"(ARRAY[{', '.join(repr(key) for key in keys)}])[1 + {chance(seed, len(keys))}]"


OPEN_STATES = "initial_contact needs proposal negotiation contract"
SOURCES = "referral website search advertising social exhibition cold_call visit partner tender existing other"
INDUSTRIES = (
    "manufacturing technology internet finance retail construction real_estate logistics energy healthcare education "
    "government business_services media hospitality agriculture other"
)
REGIONS = "east south north central southwest northwest northeast overseas"

DEPARTMENTS = """
INSERT INTO {schema}.r_department (id, version, created_at, updated_at, name, parent)
SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 1, now(), now(),
       CASE WHEN n = 0 THEN '总部' WHEN n <= 7 THEN '大区 ' || n ELSE '小组 ' || n END,
       CASE WHEN n = 0 THEN NULL WHEN n <= 7 THEN '00000000-0000-7000-8000-000000000000'
            ELSE '00000000-0000-7000-8000-' || lpad((1 + n % 7)::text, 12, '0') END::uuid
FROM generate_series(0, {departments} - 1) AS n
"""
PEOPLE = """
UPDATE {schema}.bench_people
SET department = ('00000000-0000-7000-8000-' || lpad((n % {departments})::text, 12, '0'))::uuid;
INSERT INTO {schema}.r_person
    (id, version, created_at, updated_at, name, name__pinyin, search__words, department, status)
SELECT id, 1, now(), now(), name, pinyin, words, department, 'active' FROM {schema}.bench_people
"""
PRODUCTS = """
INSERT INTO {schema}.r_product (id, version, created_at, updated_at, name, code, list_price, currency, status)
SELECT ('00000000-0000-7000-8001-' || lpad(n::text, 12, '0'))::uuid, 1, now(), now(), '产品 ' || n, 'P' || n,
       10000 * (n + 1), 'CNY', 'on_sale'
FROM generate_series(0, 19) AS n
"""
ACCOUNTS = f"""
INSERT INTO {{schema}}.r_account
    (id, version, created_at, created_by, updated_at, updated_by, name, name__pinyin, search__words, code, status,
     level, industry, source, owner, department, employees, currency)
SELECT s.id, 1, at, p.id, at, p.id, s.name, s.pinyin, s.words, 'KH-' || lpad(s.n::text, 6, '0'),
       {one_of("prospect customer customer dormant", 11)}, {one_of("key normal normal normal minor", 12)},
       {one_of(INDUSTRIES, 13)}, {one_of(SOURCES, 14)}, p.id, p.department, 10 + {chance(15, 3000)}, 'CNY'
FROM {{schema}}.bench_accounts s
JOIN {{schema}}.bench_people p ON p.n = {chance(16, 1_000_000)} % {{people}}
CROSS JOIN LATERAL (SELECT now() - interval '1 minute' * {chance(17, 1_500_000)} AS at) t
"""
OPPORTUNITIES = f"""
INSERT INTO {{schema}}.r_opportunity
    (id, version, created_at, created_by, updated_at, updated_by, name, name__pinyin, search__words, code, account,
     owner, department, product, pipeline, stage, status, probability, forecast_category, amount, currency,
     expected_close_on, closed_on, source, region, industry, tags, need_summary, budget, next_action, next_follow_up_at,
     last_activity_at, win_reason, loss_reason)
SELECT uuidv7(made - now()), 10, made, p.id, touched, p.id, s.name, s.pinyin, s.words || need.words || action.words,
       'SJ-' || lpad(s.n::text, 8, '0'), a.id, p.id, p.department,
       ('00000000-0000-7000-8001-' || lpad({chance(21, 20)}::text, 12, '0'))::uuid, 'sales',
       stage, CASE stage WHEN 'won' THEN 'won' WHEN 'lost' THEN 'lost' ELSE 'open' END,
       CASE stage WHEN 'won' THEN 100 WHEN 'lost' THEN 0 ELSE (ARRAY[10, 25, 50, 70, 90])[step] END,
       CASE stage WHEN 'won' THEN 'closed' WHEN 'lost' THEN 'omitted'
            ELSE (ARRAY['pipeline', 'pipeline', 'best_case', 'best_case', 'commit'])[step] END,
       amount, 'CNY', made::date + 30 + {chance(22, 120)},
       CASE WHEN stage IN ('won', 'lost') THEN touched::date END, {one_of(SOURCES, 23)}, {one_of(REGIONS, 24)},
       {one_of(INDUSTRIES, 25)}, CASE WHEN {chance(26, 10)} = 0 THEN ARRAY['key'] END, need.text,
       round(amount * 0.9, -4),
       CASE WHEN stage NOT IN ('won', 'lost') THEN action.text END,
       CASE WHEN stage NOT IN ('won', 'lost') THEN now() + interval '1 hour' * ({chance(27, 600)} - 200) END, touched,
       CASE stage WHEN 'won' THEN {one_of("fit price relationship reputation expertise service", 28)} END,
       CASE stage WHEN 'lost' THEN {one_of("price budget competitor_fit function_gap no_decision lost_contact", 29)} END
FROM {{schema}}.bench_names s
JOIN {{schema}}.bench_people p ON p.n = {chance(30, 1_000_000)} % {{people}}
JOIN {{schema}}.bench_accounts a ON a.n = s.n % {{accounts}}
JOIN {{schema}}.bench_phrases need ON need.kind = 'need' AND need.n = {chance(31, 4)}
JOIN {{schema}}.bench_phrases action ON action.kind = 'next_action' AND action.n = {chance(32, 6)}
CROSS JOIN LATERAL (SELECT 1 + {chance(33, 5)} AS step, {chance(34, 100)} AS fate) f
CROSS JOIN LATERAL (
    SELECT CASE WHEN fate < 25 THEN (string_to_array('{OPEN_STATES}', ' '))[step]
                WHEN fate < 50 THEN 'won' ELSE 'lost' END AS stage,
           round((20000 + exp(9.0 + {chance(35, 400)} / 100.0))::numeric, -3) AS amount
) g
CROSS JOIN LATERAL (
    SELECT now() - interval '1 minute'
        * (CASE WHEN fate < 25 THEN {chance(36, 260_000)} ELSE 130000 + {chance(36, 1_400_000)} END) AS made
) h
CROSS JOIN LATERAL (SELECT made + (now() - made) * ({chance(37, 1000)} / 1000.0)::double precision AS touched) t
"""


def generate_records(connection: psycopg.Connection[object], scale: Scale) -> None:
    """Fills the record tables of the scale's organisation; the staging tables must be there."""
    for statement in (DEPARTMENTS, PEOPLE, PRODUCTS, ACCOUNTS, OPPORTUNITIES):
        text = statement.format(
            schema=scale.schema, departments=scale.departments, people=scale.people, accounts=scale.accounts
        )
        connection.execute(text.encode())
