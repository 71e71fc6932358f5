// Serves believable answers of the API from memory, so that pages can be built without a server. Never shipped.
import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'

// biome-ignore-all lint/suspicious/noExplicitAny: a stand-in, not a model
type Any = any
const catalogue: Any = JSON.parse(readFileSync(new URL('./catalogue.json', import.meta.url), 'utf8'))
const kinds: Any = { text: 'text', long_text: 'text', number: 'number', money: 'number', percent: 'number', currency: 'text', boolean: 'boolean', date: 'date', instant: 'instant', choice: 'choice', choices: 'choices', link: 'link', person: 'link', department: 'link', email: 'text', phone: 'text', url: 'text', region: 'region', autonumber: 'text', formula: 'number', rollup: 'number' }
const operators: Any[] = [
  ['eq', '是', 'is', 'text number boolean date instant choice link region', 'one'], ['ne', '不是', 'is not', 'text number date choice link', 'one'],
  ['in', '是其中之一', 'is any of', 'text choice link', 'many'], ['not_in', '不是其中任何一个', 'is none of', 'choice link', 'many'],
  ['contains', '包含', 'contains', 'text', 'one'], ['not_contains', '不包含', 'does not contain', 'text', 'one'], ['starts_with', '开头是', 'starts with', 'text', 'one'],
  ['gt', '大于', 'more than', 'number', 'one'], ['gte', '不小于', 'at least', 'number date instant', 'one'], ['lt', '小于', 'less than', 'number', 'one'], ['lte', '不大于', 'at most', 'number date instant', 'one'], ['between', '介于', 'is between', 'number date', 'range'],
  ['has_any', '含有任一', 'has any of', 'choices', 'many'], ['has_all', '全部含有', 'has all of', 'choices', 'many'], ['is_me', '是我', 'is me', 'link', 'none'], ['under', '属于', 'lies in', 'region link', 'one'],
  ['today', '今天', 'is today', 'date instant', 'none'], ['this_week', '本周', 'is this week', 'date instant', 'none'], ['this_month', '本月', 'is this month', 'date instant', 'none'], ['this_quarter', '本季度', 'is this quarter', 'date instant', 'none'],
  ['last_days', '最近几天', 'in the last days', 'date instant', 'days'], ['next_days', '未来几天', 'in the next days', 'date instant', 'days'], ['before_today', '早于今天', 'is before today', 'date instant', 'none'],
  ['empty', '为空', 'is empty', 'text number date instant choice choices link region', 'none'], ['not_empty', '不为空', 'is not empty', 'text number date instant choice choices link region', 'none'],
].map(([key, zh, en, kind, argument]) => ({ key, label: { zh, en }, kinds: (kind as string).split(' '), argument }))

const objects = new Map<string, Any>()
for (const o of catalogue.objects) {
  const fields = [...o.fields,
    { key: 'created_at', type: 'instant', label: { zh: '创建时间', en: 'Created' }, readonly: true }, { key: 'updated_at', type: 'instant', label: { zh: '修改时间', en: 'Updated' }, readonly: true },
    { key: 'created_by', type: 'person', label: { zh: '创建人', en: 'Created by' }, readonly: true, options: { target: 'person' } }]
  objects.set(o.key, {
    ...o, origin: 'shipped', verbs: ['read', 'create', 'edit', 'delete', 'export', 'import', 'bulk'],
    fields: fields.map((f: Any) => ({ required: false, unique: false, readonly: false, hidden: false, default: null, options: {}, choices: [], help: null, origin: 'shipped', ...f, kind: f.options?.result === 'text' ? 'text' : kinds[f.type], computed: ['formula', 'rollup'].includes(f.type), operators: operators.filter((op) => op.kinds.includes(kinds[f.type])).map((op) => op.key), sortable: true, groupable: ['choice', 'person', 'department', 'link', 'boolean', 'date'].includes(f.type), target: f.options?.target ?? (['person', 'department'].includes(f.type) ? f.type : null), currency_field: f.options?.currency_field ?? null })),
    processes: catalogue.processes.filter((p: Any) => p.object === o.key).map((p: Any) => ({ version: 1, transitions: [], ...p })),
    related: catalogue.objects.flatMap((other: Any) => other.fields.filter((f: Any) => f.options?.target === o.key).map((f: Any) => ({ object: other.key, field: f.key, label: other.label_plural }))),
  })
}
const rows = new Map<string, Any[]>()
const history = new Map<string, Any[]>()
let seed = 7
const rnd = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648
const pick = (list: Any[]) => list[Math.floor(rnd() * list.length)]
const uid = () => '0199xxxx-xxxx-7xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, () => Math.floor(rnd() * 16).toString(16))
const people = ['王芳', '李伟', '张敏', '刘洋', '陈静', '杨磊', '赵婷', '黄志强', '周晓燕', '吴建国', '徐丽']
const cities = ['北京', '上海', '深圳', '杭州', '苏州', '成都', '武汉', '青岛', '宁波', '东莞']
const trades = ['印务', '机械', '电子', '食品', '物流', '医药', '新材料', '纺织', '汽配', '光电']
const matters = ['排产系统', '仓储改造', 'MES 一期', '质量追溯', '数据平台', '设备联网', '移动巡检', '年度维保', '会员系统', '能耗监测']
const day = (offset: number) => new Date(Date.now() + offset * 864e5).toISOString().slice(0, 10)
function value(o: Any, f: Any, r: Any): Any {
  const some = (v: Any) => (rnd() < 0.82 ? v : null)
  if (f.key === o.name_field) {
    if (o.key === 'person') return people[rows.get('person')!.length % people.length]
    if (o.key === 'department') return ['销售部', '华东大区', '华南大区', '西南大区'][rows.get('department')!.length % 4]
    if (o.key === 'account') return `${pick(cities)}${pick(['华盛', '鼎新', '恒达', '瑞丰', '中科', '联创', '远航'])}${pick(trades)}有限公司`
    if (o.key === 'opportunity') return `${r.account?.label?.slice(0, 6) ?? '某某公司'} ${pick(matters)}`
    return `${o.label.zh} ${rows.get(o.key)!.length + 1}`
  }
  switch (f.type) {
    case 'money': return some(Math.round(rnd() ** 3 * 4_000_000) + 3800)
    case 'currency': return rnd() < 0.93 ? 'CNY' : 'USD'
    case 'number': return some(Math.floor(rnd() * 500))
    case 'percent': return Math.floor(rnd() * 20) * 5
    case 'boolean': return rnd() < 0.5
    case 'date': return some(day(Math.floor(rnd() * 120) - 50))
    case 'instant': return some(new Date(Date.now() + (rnd() - 0.7) * 40 * 864e5).toISOString())
    case 'choice': { const p = o.processes.find((one: Any) => one.field === f.key); return p ? pick(p.states).key : f.choices.length ? some(pick(f.choices).key) : null }
    case 'choices': return some([pick(f.choices).key])
    case 'link': case 'person': case 'department': { const t = rows.get(f.target); const hit = t?.length ? pick(t) : null; return hit ? { id: hit.id, label: hit[objects.get(f.target).name_field] } : null }
    case 'email': return some('zhang.san@example.com'); case 'phone': return some('13912345678'); case 'url': return some('https://www.example.com')
    case 'region': return some({ code: '330106', label: '浙江省 杭州市 西湖区' })
    case 'autonumber': return `SJ-2026-${String(rows.get(o.key)!.length + 1).padStart(5, '0')}`
    case 'long_text': return some('客户希望年底前上线,先做两条产线试点,再全厂推广。预算已报批。')
    case 'formula': return f.options.result === 'number' ? Math.round(rnd() * 500000) : null
    default: return some(`${f.label.zh}示例`)
  }
}
for (const [key, n] of Object.entries({ department: 4, person: 11, product: 12, account: 220, contact: 300, opportunity: 1800, lead: 120, task: 90, event: 20, call: 20, follow_up: 60, opportunity_line: 80, opportunity_contact: 60 })) {
  const o = objects.get(key); rows.set(key, [])
  for (let i = 0; i < n; i++) { const r: Any = { id: uid(), version: 1 }
    for (const f of [...o.fields].sort((a: Any, b: Any) => Number(a.key === o.name_field) - Number(b.key === o.name_field))) r[f.key] = value(o, f, r)
    if (key === 'opportunity') { r.pipeline = o.processes[0]?.key; const s = o.processes[0]?.states.find((x: Any) => x.key === r.stage); r.status = s?.kind; r.probability = s?.probability }
    rows.get(key)!.push(r) } }
const raw = (v: Any) => (v && typeof v === 'object' && !Array.isArray(v) ? (v.id ?? v.code) : v)
function at(o: Any, r: Any, path: string): Any { const [head, ...rest] = path.split('.'); if (!rest.length) return r[head!]; const f = o.fields.find((x: Any) => x.key === head); const t = rows.get(f?.target)?.find((x) => x.id === r[head!]?.id); return t ? at(objects.get(f.target), t, rest.join('.')) : null }
function holds(c: Any, o: Any, r: Any): boolean {
  if (!c || !Object.keys(c).length) return true
  if (c.all) return c.all.every((x: Any) => holds(x, o, r)); if (c.any) return c.any.some((x: Any) => holds(x, o, r)); if (c.not) return !holds(c.not, o, r)
  const v = raw(at(o, r, c.field)); const a = c.value === '@me' ? rows.get('person')![0].id : c.value; const d = String(v ?? '').slice(0, 10)
  switch (c.op) {
    case 'eq': return v === a; case 'ne': return v !== a; case 'in': return a.includes(v); case 'not_in': return !a.includes(v); case 'contains': return String(v ?? '').includes(a); case 'not_contains': return !String(v ?? '').includes(a); case 'starts_with': return String(v ?? '').startsWith(a)
    case 'gt': return v > a; case 'gte': return v !== null && v >= a; case 'lt': return v < a; case 'lte': return v !== null && v <= a; case 'between': return v >= a[0] && v <= a[1]; case 'has_any': return (v ?? []).some((x: Any) => a.includes(x)); case 'has_all': return a.every((x: Any) => (v ?? []).includes(x))
    case 'is_me': return v === rows.get('person')![0].id; case 'empty': return v === null || v === undefined; case 'not_empty': return v !== null && v !== undefined
    case 'today': return d === day(0); case 'this_month': return d.slice(0, 7) === day(0).slice(0, 7); case 'before_today': return Boolean(v) && d < day(0); case 'last_days': return d >= day(-a) && d <= day(0); case 'next_days': return d >= day(0) && d <= day(a)
    default: return true }
}
function select(o: Any, body: Any): Any[] {
  let out = rows.get(o.key)!.filter((r) => Boolean(r.deleted_at) === Boolean(body.deleted) && holds(body.where, o, r) && (!body.q || String(r[o.name_field]).includes(body.q)))
  for (const s of [...(body.sort ?? [])].reverse()) out = [...out].sort((a, b) => { const x = at(o, a, s.field), y = at(o, b, s.field); const p = x?.label ?? x, q = y?.label ?? y; if (p == null || q == null) return p == null ? (q == null ? 0 : 1) : -1; const n = typeof p === 'number' ? p - q : String(p).localeCompare(String(q), 'zh'); return s.dir === 'desc' ? -n : n })
  return out
}
const sums = (list: Any[], field: string) => { const by: Any = {}; for (const r of list) if (r[field] != null) by[r.currency ?? 'CNY'] = (by[r.currency ?? 'CNY'] ?? 0) + r[field]; return by }
function write(o: Any, r: Any, body: Any) {
  const changes = []
  for (const [k, v] of Object.entries(body)) { const f = o.fields.find((x: Any) => x.key === k); if (!f) continue
    let next: Any = v; if (f.target && v) { const t = rows.get(f.target)!.find((x) => x.id === v); next = t ? { id: t.id, label: t[objects.get(f.target).name_field] } : null }
    changes.push({ field: k, label: f.label, old: r[k] ?? null, new: next }); r[k] = next }
  r.version++; r.updated_at = new Date().toISOString()
  history.set(r.id, [{ at: r.updated_at, actor: { kind: 'person', label: '王芳' }, kind: 'updated', door: 'form', changes }, ...(history.get(r.id) ?? [])])
}
let me: Any = null
const views: Any[] = []
const refuse = (status: number, code: string, detail: string, errors: Any[] = []) => ({ status, body: { code, detail, errors } })
function gate(o: Any, body: Any) {
  const p = o.processes[0]; if (!p) return null
  for (const t of p.transitions) if (t.to === body[p.field]) { const missing = (t.required ?? []).filter((k: string) => body[k] == null); if (missing.length) return refuse(422, 'refused', '还不能进入这个阶段', missing.map((k: string) => ({ field: k, code: 'required', message: `请填写${o.fields.find((f: Any) => f.key === k)?.label.zh ?? k}` }))) }
  return null
}
function answer(method: string, path: string, query: URLSearchParams, body: Any): Any {
  const p = path.split('/').slice(1).map(decodeURIComponent)
  if (path === '/session/options') return { organisations: [{ slug: 'demo', title: '演示', demo: true }], demo_accounts: [['admin', '王芳', '管理员', 'Administrator'], ['liwei', '李伟', '销售经理', 'Manager'], ['zhangmin', '张敏', '销售', 'Salesperson']].map(([login, name, zh, en]) => ({ login, password: 'demo', name, role: { zh, en } })), language: 'zh' }
  if (path === '/session' && method === 'POST') { if (body.password !== 'demo') return refuse(401, 'wrong_login', '账号或密码不对'); me = { person: { id: rows.get('person')![0].id, name: '王芳', login: body.login, department: '销售部' }, roles: [{ key: 'administrator', label: { zh: '管理员', en: 'Administrator' } }], organisation: { slug: 'demo', title: '演示', demo: true, currency: 'CNY', zone: 'Asia/Shanghai', language: 'zh' }, language: 'zh', theme: 'system', zone: 'Asia/Shanghai', csrf: 'x', today: day(0), schema_version: 1, administrator: true }; return { csrf: 'x', me } }
  if (path === '/session') { me = null; return {} }
  if (path === '/me' && method === 'GET') return me ?? refuse(401, 'unauthenticated', '请先登录')
  if (path === '/me') return Object.assign(me, body)
  if (path === '/objects') return { schema_version: 1, objects: [...objects.values()].map(({ fields, layouts, related, processes, ...o }) => ({ ...o, processes: processes.map((x: Any) => x.key) })) }
  if (p[0] === 'objects') return objects.get(p[1]!) ?? refuse(404, 'not_found', '没有这个对象')
  if (path === '/operators') return operators
  if (path === '/regions') return [{ code: '330000', label: '浙江省', children: [{ code: '330100', label: '杭州市', children: [{ code: '330106', label: '西湖区' }] }] }]
  if (path === '/undo') return null
  if (path === '/search') { const q = query.get('q') ?? ''; return { groups: [...objects.values()].map((o) => ({ object: o.key, records: select(o, { q }).slice(0, 5).map((r) => ({ id: r.id, label: r[o.name_field], subtitle: r.account?.label ?? null })) })).filter((g) => g.records.length) } }
  if (p[0] === 'views') { if (method === 'GET') return views.filter((v) => v.object === query.get('object')); if (method === 'POST') { const v = { id: uid(), mine: true, ...body }; views.push(v); return v } const v = views.find((x) => x.id === p[1]); if (method === 'DELETE') return views.splice(views.indexOf(v), 1) && {}; return Object.assign(v, body) }
  if (p[0] === 'processes') { const o = [...objects.values()].find((x) => x.processes.some((y: Any) => y.key === p[1])); const pr = o.processes.find((y: Any) => y.key === p[1]); const n = body.per_state ?? 20; return { process: pr.key, states: pr.states.map((s: Any) => { const list = select(o, body).filter((r) => r[pr.field] === s.key); return { key: s.key, count: list.length, sums: pr.sum_field ? { [pr.sum_field]: sums(list, pr.sum_field) } : {}, records: list.slice(0, n), next_cursor: list.length > n ? String(n) : null } }) } }
  if (p[0] === 'records') {
    const o = objects.get(p[1]!); if (!o) return refuse(404, 'not_found', '没有这个对象')
    const list = rows.get(o.key)!
    if (p[2] === 'query') { const out = select(o, body); const from = Number(body.cursor ?? 0), to = from + (body.limit ?? 50); const paths = [...(body.select ?? []), ...o.fields.map((f: Any) => f.key)]; return { records: out.slice(from, to).map((r) => ({ id: r.id, version: r.version, deleted_at: r.deleted_at, ...Object.fromEntries(paths.map((x: string) => [x, at(o, r, x)])) })), next_cursor: to < out.length ? String(to) : null, ...(body.count && { total: out.length }) } }
    if (p[2] === 'aggregate') { const groups = (body.group_by ?? []).map((g: Any) => (g.field ? g : { field: g })); const measures = body.measures ?? [{ fn: 'count' }]; const money = measures.some((m: Any) => ['sum', 'avg'].includes(m.fn) && o.fields.find((f: Any) => f.key === m.field)?.type === 'money'); if (money && !groups.some((g: Any) => g.field === 'currency')) groups.push({ field: 'currency' }); const by = new Map<string, Any>(); for (const r of select(o, body)) { const key = groups.map((g: Any) => at(o, r, g.field)); const id = JSON.stringify(key); if (!by.has(id)) by.set(id, { key, list: [] }); by.get(id).list.push(r) } return { columns: [...groups.map((g: Any) => ({ key: g.bucket ? `${g.field}:${g.bucket}` : g.field, kind: 'group', field: g.field })), ...measures.map((m: Any) => ({ key: m.field ? `${m.fn}(${m.field})` : m.fn, kind: 'measure', field: m.field ?? null, fn: m.fn }))], rows: [...by.values()].map((g) => [...g.key, ...measures.map((m: Any) => { const vs = g.list.map((r: Any) => r[m.field]).filter((v: Any) => v != null); return m.fn === 'count' ? g.list.length : m.fn === 'sum' ? vs.reduce((a: number, b: number) => a + b, 0) : m.fn === 'avg' ? vs.reduce((a: number, b: number) => a + b, 0) / (vs.length || 1) : null })]) } }
    if (p[2] === 'batch') { const results: Any[] = []; for (const u of body.update ?? []) { const r = list.find((x) => x.id === u.id); const no = gate(o, { ...r, ...u }); if (no) results.push({ id: u.id, status: 'rejected', errors: no.body.errors }); else { const { id, version, ...v } = u; write(o, r, v); results.push({ id, version: r.version, status: 'updated' }) } } for (const d of body.delete ?? []) { const id = d.id ?? d; const r = list.find((x) => x.id === id); r.deleted_at = new Date().toISOString(); results.push({ id, status: 'deleted' }) } for (const id of body.restore ?? []) { list.find((x) => x.id === id).deleted_at = null; results.push({ id, status: 'restored' }) } return { results } }
    if (!p[2]) { const r: Any = { id: uid(), version: 0, created_at: new Date().toISOString() }; for (const f of o.fields) if (f.required && body[f.key] == null) return refuse(422, 'refused', '还不能保存', [{ field: f.key, code: 'required', message: `请填写${f.label.zh}` }]); write(o, r, body); list.unshift(r); return r }
    const r = list.find((x) => x.id === p[2]); if (!r) return refuse(404, 'not_found', '没有找到')
    if (p[3] === 'history') return { events: history.get(r.id) ?? [{ at: r.created_at ?? new Date().toISOString(), actor: { kind: 'person', label: '王芳' }, kind: 'created', door: 'form', changes: [] }], next_cursor: null }
    if (p[3] === 'visits') return (o.processes[0]?.states ?? []).slice(0, 3).map((s: Any, i: number) => ({ state: s.key, label: s.label, entered_at: `${day(-30 + i * 10)}T02:00:00Z`, left_at: i < 2 ? `${day(-20 + i * 10)}T02:00:00Z` : null, days: 10, by: '王芳' }))
    if (p[3] === 'transitions' && method === 'GET') return (o.processes[0]?.states ?? []).filter((s: Any) => s.key !== r.stage).map((s: Any) => ({ key: s.key, to: s.key, label: s.label, required: o.processes[0].transitions.find((t: Any) => t.to === s.key)?.required ?? [] }))
    if (p[3] === 'transitions') { const v = { [o.processes[0].field]: body.to_state ?? body.transition, ...body.fields }; const no = gate(o, { ...r, ...v }); if (no) return no; write(o, r, v); return r }
    if (p[3] === 'restore') { r.deleted_at = null; return r }
    if (method === 'GET') return r
    if (method === 'DELETE') { r.deleted_at = new Date().toISOString(); return {} }
    if (method === 'PATCH') { const { version, ...v } = body; const no = gate(o, { ...r, ...v }); if (no) return no; write(o, r, v); return r }
  }
  return refuse(404, 'not_found', '没有这个地址')
}
export const mock = () => ({
  name: 'mock-api',
  configureServer(server: Any) {
    server.middlewares.use('/api/v1', (request: IncomingMessage, response: ServerResponse) => {
      const url = new URL(request.url ?? '/', 'http://localhost')
      if (url.pathname === '/events') { response.writeHead(200, { 'Content-Type': 'text/event-stream' }); response.write(': hello\n\n'); return }
      let text = ''
      request.on('data', (chunk) => { text += chunk })
      request.on('end', () => {
        const out = answer(request.method ?? 'GET', url.pathname, url.searchParams, text && !text.startsWith('--') ? JSON.parse(text) : {})
        const refused = out && typeof out === 'object' && 'status' in out && 'body' in out
        response.writeHead(refused ? out.status : 200, { 'Content-Type': refused ? 'application/problem+json' : 'application/json' })
        response.end(JSON.stringify(refused ? out.body : out))
      })
    })
  },
})
