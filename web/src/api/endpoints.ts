/** Every call that pages make, by name. Paths are written here and nowhere else. */
import { address, type CallOptions, get, patch, post, put, remove, upload } from './client'
import { at, withQuery } from './path'
import type * as T from './types'

export const api = {
  session: {
    options: () => get<T.SessionOptions>(at('/session/options'), { anonymous: true }),
    signIn: (body: { login: string; password: string; organisation?: string }) =>
      post<T.SignedIn | T.SecondStep>(at('/session'), body, { anonymous: true }),
    secondStep: (body: { ticket: string; code: string }) =>
      post<T.SignedIn>(at('/session/second-step'), body, { anonymous: true }),
    passkeyOptions: (body: { organisation?: string }) =>
      post<T.PasskeyChallenge>(at('/session/passkey/options'), body, { anonymous: true }),
    passkey: (body: { ticket: string; credential: unknown }) =>
      post<T.SignedIn>(at('/session/passkey'), body, { anonymous: true }),
    lookAtLink: (token: string) => post<T.LinkView>(at('/session/link/look'), { token }, { anonymous: true }),
    setPasswordByLink: (body: { token: string; password: string }) =>
      post<T.SignedIn | T.SecondStep>(at('/session/link'), body, { anonymous: true }),
    /** Where the browser goes for a single sign-on. */
    signOn: (organisation: string, provider: string, next: string) =>
      address(withQuery(at('/session/sso/{organisation}/{provider}', { organisation, provider }), { next })),
    signOut: () => remove<void>(at('/session'), { anonymous: true }),
  },
  me: {
    get: () => get<T.Me>(at('/me'), { anonymous: true }),
    change: (body: { language?: string; theme?: string; zone?: string }) => patch<T.Me>(at('/me'), body),
    password: (body: { old_password: string; new_password: string }) => post<void>(at('/me/password'), body),
    security: () => get<T.Security>(at('/me/security')),
    confirm: (body: { password: string } | { code: string }) => post<void>(at('/me/confirm'), body),
    beginTotp: () => post<T.TotpBegun>(at('/me/totp')),
    confirmTotp: (body: { ticket: string; code: string }) =>
      post<{ recovery_codes: string[] }>(at('/me/totp/confirm'), body),
    removeTotp: () => remove<void>(at('/me/totp')),
    beginPasskey: () => post<T.PasskeyChallenge>(at('/me/passkeys/options')),
    addPasskey: (body: { ticket: string; credential: unknown; label: string }) =>
      post<{ recovery_codes: string[] }>(at('/me/passkeys'), body),
    removePasskey: (id: string) => remove<void>(at('/me/passkeys/{id}', { id })),
    makeRecoveryCodes: () => post<{ recovery_codes: string[] }>(at('/me/recovery-codes')),
    sessions: () => get<T.MySession[]>(at('/me/sessions')),
    endSession: (id: string) => remove<void>(at('/me/sessions/{id}', { id })),
    endOtherSessions: () => remove<void>(at('/me/sessions')),
  },
  describe: {
    retired: () => get<T.Retired>(at('/retired')),
    objects: () => get<{ schema_version: number; objects: T.ObjectSummary[] }>(at('/objects')),
    object: (object: string) => get<T.ObjectDescription>(at('/objects/{object}', { object })),
    operators: () => get<T.Operator[]>(at('/operators')),
    regions: () => get<T.RegionNode[]>(at('/regions')),
    fieldTypes: () => get<T.FieldType[]>(at('/field-types')),
    functions: () => get<T.FormulaFunction[]>(at('/functions')),
  },
  records: {
    query: (object: string, body: T.QueryRequest, signal?: AbortSignal) =>
      post<T.QueryResult>(at('/records/{object}/query', { object }), body, { ...(signal && { signal }) }),
    aggregate: (object: string, body: T.AggregateRequest, signal?: AbortSignal) =>
      post<T.AggregateResult>(at('/records/{object}/aggregate', { object }), body, { ...(signal && { signal }) }),
    get: (object: string, id: string) => get<T.RecordData>(at('/records/{object}/{id}', { object, id })),
    create: (object: string, values: Record<string, unknown>, options?: CallOptions) =>
      post<T.RecordData>(at('/records/{object}', { object }), values, options),
    update: (object: string, id: string, values: Record<string, unknown>, options?: CallOptions) =>
      patch<T.RecordData>(at('/records/{object}/{id}', { object, id }), values, options),
    remove: (object: string, id: string, options?: CallOptions) =>
      remove<void>(at('/records/{object}/{id}', { object, id }), options),
    restore: (object: string, id: string) => post<T.RecordData>(at('/records/{object}/{id}/restore', { object, id })),
    merge: (object: string, body: { into: string; from: string[]; fields: Record<string, unknown> }) =>
      post<T.RecordData>(at('/records/{object}/merge', { object }), body),
    batch: (object: string, body: T.BatchRequest, options?: CallOptions) =>
      post<{ results: T.BatchOutcome[] }>(at('/records/{object}/batch', { object }), body, options),
    timeline: (object: string, id: string, asked: { kinds: T.TimelineEntry['type'] | null; cursor: string | null }) =>
      get<{ entries: T.TimelineEntry[]; next_cursor: string | null }>(
        withQuery(at('/records/{object}/{id}/timeline', { object, id }), asked),
      ),
    /** Gives a Field back what it held before a change. */
    restoreValue: (object: string, id: string, event: string, field: string, options?: CallOptions) =>
      post<T.RecordData>(
        at('/records/{object}/{id}/history/{event}/restore', { object, id, event }),
        { field },
        options,
      ),
    health: (object: string, id: string) => get<T.RecordHealth>(at('/records/{object}/{id}/health', { object, id })),
    standing: (object: string, id: string) => get<T.Standing>(at('/records/{object}/{id}/stage', { object, id })),
    standings: (object: string, ids: string[]) =>
      post<Record<string, T.CardStanding>>(at('/records/{object}/standing', { object }), { ids }),
    origin: (object: string, id: string) => get<T.TaskOrigin>(at('/records/{object}/{id}/origin', { object, id })),
    visits: (object: string, id: string) => get<T.Visit[]>(at('/records/{object}/{id}/visits', { object, id })),
    transitions: (object: string, id: string) =>
      get<T.OfferedTransition[]>(at('/records/{object}/{id}/transitions', { object, id })),
    move: (object: string, id: string, body: T.MoveBody, options?: CallOptions) =>
      post<T.RecordData | T.HandedOver>(at('/records/{object}/{id}/transitions', { object, id }), body, options),
    /** What would come of a move; nothing is written. */
    tryMove: (object: string, id: string, body: T.MoveBody) =>
      post<T.BatchOutcome>(at('/records/{object}/{id}/transitions', { object, id }), { ...body, dry_run: true }),
    moveMany: (object: string, body: T.MoveBody & { ids: string[] }, options?: CallOptions) =>
      post<{ results: T.BatchOutcome[] }>(at('/records/{object}/transitions', { object }), body, options),
  },
  board: (process: string, body: T.BoardRequest, signal?: AbortSignal) =>
    post<T.Board>(at('/processes/{process}/board', { process }), body, { ...(signal && { signal }) }),
  search: (q: string, limit: number, signal?: AbortSignal) =>
    get<T.SearchResult>(withQuery(at('/search'), { q, limit }), { ...(signal && { signal }) }),
  undo: {
    last: () => get<{ action: string; label: string; at: string } | null>(at('/undo')),
    run: (action?: string) => post<T.UndoAnswer>(at('/undo'), action ? { action } : {}),
    state: (action: string) => get<T.ActionState>(at('/undo/{id}', { id: action })),
  },
  views: {
    list: (object: string) => get<T.View[]>(withQuery(at('/views'), { object })),
    create: (body: Omit<T.View, 'id' | 'mine'>) => post<T.View>(at('/views'), body),
    change: (id: string, body: Partial<Omit<T.View, 'id'>>) => patch<T.View>(at('/views/{id}', { id }), body),
    remove: (id: string) => remove<void>(at('/views/{id}', { id })),
  },
  starts: {
    list: () => get<T.Start[]>(at('/starts')),
    set: (object: string, kind: T.View['kind'], body: Partial<Pick<T.Start, 'view' | 'process'>>) =>
      patch<T.Start>(at('/starts/{object}/{kind}', { object, kind }), body),
  },
  exports: {
    start: (body: Record<string, unknown>) => post<T.ExportJob>(at('/exports'), body),
    asked: () => get<T.AskedExport[]>(at('/exports/asked')),
    decide: (id: string, body: { approve: boolean; comment: string | null }) =>
      post<T.ExportJob>(at('/exports/{id}/decision', { id }), body),
    get: (id: string) => get<T.ExportJob>(at('/exports/{id}', { id })),
    cancel: (id: string) => post<void>(at('/exports/{id}/cancel', { id })),
    file: (id: string) => address(at('/exports/{id}/file', { id })),
  },
  audit: {
    list: (asked: T.AuditSearch & { cursor: string | null }, signal?: AbortSignal) =>
      get<{ entries: T.AuditEntry[]; next_cursor: string | null }>(withQuery(at('/audit'), { ...asked }), {
        ...(signal && { signal }),
      }),
    kinds: () => get<T.AuditGroup[]>(at('/audit/kinds')),
    mine: () => get<{ auditor: boolean; watermark: boolean }>(at('/audit/mine')),
    settings: () => get<T.AuditSettings>(at('/audit/settings')),
    change: (body: Partial<Omit<T.AuditSettings, 'least_days'>>) => patch<T.AuditSettings>(at('/audit/settings'), body),
    verify: (head: string | null) => post<T.AuditVerification>(at('/audit/verification'), { head }),
    file: (asked: T.AuditSearch & { format: 'csv' | 'xlsx' }) => address(withQuery(at('/audit/export'), { ...asked })),
  },
  privacy: {
    preview: (object: string, id: string) =>
      get<T.PersonData>(at('/records/{object}/{id}/person-data', { object, id })),
    report: (object: string, id: string) => address(at('/records/{object}/{id}/person-data/report', { object, id })),
    erase: (object: string, id: string, body: { reason: string; everywhere: boolean }) =>
      post<{ label: string; files: number; mentions: number }>(
        at('/records/{object}/{id}/person-data/erase', { object, id }),
        body,
      ),
  },
  workLog: {
    led: () => get<{ id: string; label: string | null }[]>(at('/people/led')),
    get: (id: string, days: { first: string; last: string }, signal?: AbortSignal) =>
      get<T.WorkLog>(withQuery(at('/people/{id}/work-log', { id }), days), { ...(signal && { signal }) }),
  },
  approvals: {
    list: (asked: { box: T.ApprovalBox; state: T.ApprovalState | null; cursor: string | null }, signal?: AbortSignal) =>
      get<T.ApprovalPage>(withQuery(at('/approvals'), asked), { ...(signal && { signal }) }),
    counts: () => get<T.ApprovalCounts>(at('/approvals/counts')),
    get: (approval: string) => get<T.ApprovalDetail>(at('/approvals/{approval}', { approval })),
    ofRecord: (object: string, id: string) =>
      get<T.RecordApprovals>(at('/records/{object}/{id}/approvals', { object, id })),
    start: (object: string, id: string, body: { approval: string; comment?: string }) =>
      post<T.ApprovalDetail>(at('/records/{object}/{id}/approvals', { object, id }), body),
    decide: (approval: string, body: T.Decide) =>
      post<T.ApprovalDetail>(at('/approvals/{approval}/decide', { approval }), body),
    delegate: (approval: string, body: { to: string; comment?: string; step?: string }) =>
      post<T.ApprovalDetail>(at('/approvals/{approval}/delegate', { approval }), body),
    addSign: (
      approval: string,
      body: { people: string[]; when: 'before' | 'after'; comment?: string; step?: string },
    ) => post<T.ApprovalDetail>(at('/approvals/{approval}/add-sign', { approval }), body),
    recall: (approval: string, body: { comment?: string }) =>
      post<T.ApprovalDetail>(at('/approvals/{approval}/recall', { approval }), body),
    remind: (approval: string) => post<{ people: string[] }>(at('/approvals/{approval}/remind', { approval }), {}),
  },
  files: {
    list: (object: string, id: string, removed: boolean) =>
      get<T.RecordFile[]>(
        withQuery(at('/records/{object}/{id}/files', { object, id }), removed ? { removed: 'true' } : {}),
      ),
    /** `file` makes it a new version of that file. */
    upload: (
      object: string,
      id: string,
      form: FormData,
      file: string | undefined,
      onProgress: Parameters<typeof upload>[2],
      signal?: AbortSignal,
    ) =>
      upload<T.RecordFile>(
        file
          ? at('/records/{object}/{id}/files/{file}/versions', { object, id, file })
          : at('/records/{object}/{id}/files', { object, id }),
        form,
        onProgress,
        signal,
      ),
    change: (object: string, id: string, file: string, body: { title?: string; document_type?: string | null }) =>
      patch<T.RecordFile>(at('/records/{object}/{id}/files/{file}', { object, id, file }), body),
    remove: (object: string, id: string, file: string) =>
      remove<void>(at('/records/{object}/{id}/files/{file}', { object, id, file })),
    restore: (object: string, id: string, file: string) =>
      post<T.RecordFile>(at('/records/{object}/{id}/files/{file}/restore', { object, id, file })),
    content: (object: string, id: string, file: string, version: number) =>
      address(
        at('/records/{object}/{id}/files/{file}/versions/{number}/content', {
          object,
          id,
          file,
          number: String(version),
        }),
      ),
    preview: (object: string, id: string, file: string, version: number) =>
      address(
        at('/records/{object}/{id}/files/{file}/versions/{number}/preview', {
          object,
          id,
          file,
          number: String(version),
        }),
      ),
    limits: () => get<T.FileLimits>(at('/file-limits')),
  },
  sharing: {
    get: (object: string, id: string) => get<T.Sharing>(at('/records/{object}/{id}/sharing', { object, id })),
    give: (object: string, id: string, body: T.NewShare) =>
      post<T.Share>(at('/records/{object}/{id}/shares', { object, id }), body),
    change: (object: string, id: string, share: string, body: T.ShareChange) =>
      patch<T.Share>(at('/records/{object}/{id}/shares/{share}', { object, id, share }), body),
    end: (object: string, id: string, share: string) =>
      remove<void>(at('/records/{object}/{id}/shares/{share}', { object, id, share })),
    /** Without `people`, whoever asks follows. */
    follow: (object: string, id: string, people?: string[]) =>
      post<void>(at('/records/{object}/{id}/followers', { object, id }), people ? { people } : {}),
    unfollow: (object: string, id: string, person: string) =>
      remove<void>(at('/records/{object}/{id}/followers/{person}', { object, id, person })),
  },
  sharingRules: {
    list: () => get<T.SharingRule[]>(at('/sharing-rules')),
    make: (body: T.SharingRuleBody) => post<T.SharingRule>(at('/sharing-rules'), body),
    change: (rule: string, body: Partial<Omit<T.SharingRuleBody, 'object'>>) =>
      patch<T.SharingRule>(at('/sharing-rules/{rule}', { rule }), body),
    remove: (rule: string) => remove<void>(at('/sharing-rules/{rule}', { rule })),
    count: (body: { object: string; where: T.Condition | null }, signal?: AbortSignal) =>
      post<{ records: number }>(at('/sharing-rules/count'), body, { ...(signal && { signal }) }),
  },
  handOvers: {
    holdings: (person: string) => get<T.Holdings>(at('/people/{id}/holdings', { id: person })),
    list: () => get<T.HandOver[]>(at('/hand-overs')),
    start: (plan: T.HandOverPlan) => post<T.HandOver>(at('/hand-overs'), plan),
    undo: (id: string) => post<T.HandOver>(at('/hand-overs/{hand_over}/undo', { hand_over: id })),
  },
  documentTypes: {
    list: () => get<T.DocumentType[]>(at('/document-types')),
    put: (types: { key?: string; label: T.Text; retired: boolean }[]) =>
      put<T.DocumentType[]>(at('/document-types'), types),
  },
  imports: {
    upload: <R>(form: FormData, onProgress: Parameters<typeof upload>[2], signal?: AbortSignal) =>
      upload<R>(at('/imports'), form, onProgress, signal),
    list: <R>() => get<R>(at('/imports')),
    get: <R>(id: string) => get<R>(at('/imports/{id}', { id })),
    plan: <R>(id: string, plan: unknown) => put<R>(at('/imports/{id}/plan', { id }), plan),
    run: <R>(id: string, step: 'dry-run' | 'start' | 'cancel' | 'undo') => post<R>(at(`/imports/{id}/${step}`, { id })),
    rejects: (id: string) => address(at('/imports/{id}/rejects', { id })),
  },
  schema: {
    addObject: (definition: Record<string, unknown>) => post<T.ObjectDescription>(at('/objects'), definition),
    changeObject: (object: string, body: Record<string, unknown>) =>
      patch<T.ObjectDescription>(at('/objects/{object}', { object }), body),
    retireObject: (object: string) => remove<void>(at('/objects/{object}', { object })),
    restoreObject: (object: string) => post<T.ObjectDescription>(at('/objects/{object}/restore', { object })),
    addField: (object: string, definition: Record<string, unknown>) =>
      post<T.Field>(at('/objects/{object}/fields', { object }), definition),
    changeField: (object: string, field: string, body: Record<string, unknown>) =>
      patch<T.Field>(at('/objects/{object}/fields/{field}', { object, field }), body),
    retireField: (object: string, field: string) =>
      remove<void>(at('/objects/{object}/fields/{field}', { object, field })),
    restoreField: (object: string, field: string) =>
      post<T.Field>(at('/objects/{object}/fields/{field}/restore', { object, field })),
    retype: <R>(object: string, field: string, body: Record<string, unknown> & { type: string; dry_run: boolean }) =>
      post<R>(at('/objects/{object}/fields/{field}/retype', { object, field }), body),
    retypes: (object: string) => get<T.Retype[]>(at('/objects/{object}/retypes', { object })),
    retypeRejects: (id: string) => get<T.RetypeReject[]>(withQuery(at('/retypes/{id}/rejects', { id }), { limit: 50 })),
    decideRetype: (id: string, goOn: boolean) => post<T.Retype>(at('/retypes/{id}', { id }), { go_on: goOn }),
    checkFormula: <R>(object: string, expression: string) => post<R>(at('/formulas/check'), { object, expression }),
  },
  roles: {
    definitions: () => get<T.RoleDefinition[]>(at('/roles/definitions')),
    make: (body: { key?: string; label: { zh: string; en: string }; grants: T.RoleGrants }) =>
      post<T.RoleDefinition>(at('/roles'), body),
    change: (key: string, body: { label?: { zh: string; en: string }; grants?: T.RoleGrants }) =>
      patch<T.RoleDefinition>(at('/roles/{key}', { key }), body),
    retire: (key: string, replacedBy: string | null) =>
      post<T.RoleDefinition>(at('/roles/{key}/retire', { key }), { replaced_by: replacedBy }),
    bringBack: (key: string) => post<T.RoleDefinition>(at('/roles/{key}/bring-back', { key })),
    preview: (body: { key: string; grants: T.RoleGrants | null }) => post<T.RolePreview>(at('/roles/preview'), body),
  },
  policies: {
    list: () => get<T.Policy[]>(at('/policies')),
    make: (body: T.PolicyBody & { key?: string; object: string }) => post<T.Policy>(at('/policies'), body),
    change: (key: string, body: Partial<T.PolicyBody>) => patch<T.Policy>(at('/policies/{key}', { key }), body),
    remove: (key: string) => remove<void>(at('/policies/{key}', { key })),
  },
  access: {
    ofRecord: (object: string, id: string, person?: string) =>
      get<{ people: T.ExplainedPerson[] }>(
        withQuery(at('/records/{object}/{id}/access', { object, id }), person ? { person } : {}),
      ),
    verbsOn: (object: string, id: string) =>
      get<{ verbs: T.ScopedVerb[] }>(at('/records/{object}/{id}/verbs', { object, id })),
    ofPerson: (id: string) => get<T.PersonAccess>(at('/people/{id}/access', { id })),
    reveal: (object: string, id: string, field: string, reason: string) =>
      post<{ value: string | null }>(at('/records/{object}/{id}/reveal', { object, id }), { field, reason }),
  },
  people: {
    roles: () => get<T.Role[]>(at('/roles')),
    logins: () => get<T.PersonLogin[]>(at('/people/logins')),
    login: (id: string) => get<T.Login>(at('/people/{id}/login', { id })),
    setLogin: (
      id: string,
      body: Partial<Omit<T.Login, 'has_password' | 'second_factor' | 'signed_in_at'>> & { password?: string },
    ) => post<T.Login>(at('/people/{id}/login', { id }), body),
    keys: (id: string) => get<T.PersonKeys>(at('/people/{id}/keys', { id })),
    makeLink: (id: string) => post<T.MadeLink>(at('/people/{id}/link', { id })),
    forgetFactors: (id: string) => remove<void>(at('/people/{id}/factors', { id })),
    endSessions: (id: string) => remove<void>(at('/people/{id}/sessions', { id })),
  },
  signIn: {
    get: () => get<T.SignInSettings>(at('/sign-in')),
    change: (body: Partial<Omit<T.SignInSettings, 'redirect_uri'>>) => patch<T.SignInSettings>(at('/sign-in'), body),
    providers: () => get<T.Provider[]>(at('/sign-in/providers')),
    addProvider: (body: T.ProviderChange) => post<T.Provider>(at('/sign-in/providers'), body),
    changeProvider: (id: string, body: T.ProviderChange) =>
      patch<T.Provider>(at('/sign-in/providers/{id}', { id }), body),
    removeProvider: (id: string) => remove<void>(at('/sign-in/providers/{id}', { id })),
    checkProvider: (id: string) => post<{ token_endpoint: string }>(at('/sign-in/providers/{id}/check', { id })),
  },
  designCheck: {
    run: (process: string, days: { from?: string; to?: string }, signal?: AbortSignal) =>
      get<T.DesignCheckResult>(withQuery(at('/processes/{process}/design-check', { process }), days), {
        ...(signal && { signal }),
      }),
    setThresholds: (process: string, settings: T.ThresholdSettings) =>
      put<T.DesignSignal[]>(at('/processes/{process}/design-check/settings', { process }), settings),
    /** A draft's definition with a proposed change made; keeps nothing. */
    apply: (process: string, body: { definition: Record<string, unknown>; patch: T.DefinitionChange[] }) =>
      post<{ definition: Record<string, unknown> }>(at('/processes/{process}/design-check/apply', { process }), body),
    compare: (process: string, sides: Record<string, string>, signal?: AbortSignal) =>
      get<T.Comparison>(withQuery(at('/processes/{process}/comparison', { process }), sides), {
        ...(signal && { signal }),
      }),
  },
  processes: {
    list: () => get<T.ProcessSummary[]>(at('/processes')),
    retire: (process: string) => remove<void>(at('/processes/{process}', { process })),
    evidence: () => get<T.EvidenceKind[]>(at('/processes/evidence')),
    begin: (definition: Record<string, unknown>) => post<T.ProcessDraft>(at('/processes/drafts'), { definition }),
    beginBare: (body: { object: string; label: T.Text; field?: string }) =>
      post<T.ProcessDraft>(at('/processes/drafts/bare'), body),
    draft: (process: string) => get<T.ProcessDraft>(at('/processes/{process}/draft', { process })),
    saveDraft: (process: string, body: { definition: T.Definition; revision: number }) =>
      put<T.ProcessDraft>(at('/processes/{process}/draft', { process }), body),
    discardDraft: (process: string) => remove<void>(at('/processes/{process}/draft', { process })),
    forecast: (process: string, mapping: Record<string, string>) =>
      post<T.ProcessForecast>(at('/processes/{process}/draft/forecast', { process }), { mapping }),
    simulate: (process: string, body: { records: string[]; mapping: Record<string, string> }) =>
      post<T.SimulatedRecord[]>(at('/processes/{process}/draft/simulate', { process }), body),
    publish: (process: string, body: { revision: number; mapping: Record<string, string>; note: string | null }) =>
      post<T.Process>(at('/processes/{process}/draft/publish', { process }), body),
    comments: (process: string) => get<T.ProcessComment[]>(at('/processes/{process}/comments', { process })),
    comment: (process: string, body: { place: string; text: string }) =>
      post<{ id: string }>(at('/processes/{process}/comments', { process }), body),
    resolve: (process: string, comment: string, resolved: boolean) =>
      patch<void>(at('/processes/{process}/comments/{comment}', { process, comment }), { resolved }),
    versions: (process: string) => get<T.ProcessVersion[]>(at('/processes/{process}/versions', { process })),
    version: (process: string, number: number) =>
      get<T.Definition>(at('/processes/{process}/versions/{number}', { process, number: String(number) })),
    differences: (process: string, from: number, to: number) =>
      get<T.DefinitionDifference[]>(
        withQuery(at('/processes/{process}/differences', { process }), { from: String(from), to: String(to) }),
      ),
    forecastBack: (process: string, number: number, mapping: Record<string, string>) =>
      post<T.ProcessForecast>(
        at('/processes/{process}/versions/{number}/forecast', { process, number: String(number) }),
        { mapping },
      ),
    rollBack: (process: string, number: number, body: { mapping: Record<string, string>; note: string | null }) =>
      post<T.Process>(at('/processes/{process}/versions/{number}/rollback', { process, number: String(number) }), body),
  },
  templates: {
    list: (industry: string | null) => get<T.ProcessTemplates>(withQuery(at('/process-templates'), { industry })),
    get: (key: string) => get<T.WholeTemplate>(at('/process-templates/{key}', { key })),
    use: (key: string, body: { key?: string; label?: T.Text; leave_out: string[]; publish: boolean }) =>
      post<T.NewDefinition>(at('/process-templates/{key}/use', { key }), body),
    copy: (process: string, body: { key?: string; label?: T.Text; publish: boolean }) =>
      post<T.NewDefinition>(at('/processes/{process}/copy', { process }), body),
  },
  tokens: {
    list: () => get<T.ApiToken[]>(at('/tokens')),
    create: (body: T.NewToken) => post<{ id: string; token: string }>(at('/tokens'), body),
    revoke: (id: string) => remove<void>(at('/tokens/{id}', { id })),
  },
  serviceTokens: {
    list: () => get<T.ServiceToken[]>(at('/service-tokens')),
    create: (body: T.NewToken & { person: string }) => post<{ id: string; token: string }>(at('/service-tokens'), body),
    revoke: (id: string) => remove<void>(at('/service-tokens/{id}', { id })),
  },
  events: () => address(at('/events')),
}
