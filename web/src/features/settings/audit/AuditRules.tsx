import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, InputNumber } from 'antd'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { AuditSettings } from '@/api/types'
import { auditMineQuery } from '@/kernel/audit'
import { Bones } from '@/ui/Bones'
import { ProblemNote, ProblemPanel } from '@/ui/ProblemView'
import { useNotify } from '@/ui/useNotify'
import settings from '../settings.module.css'
import { auditSettingsQuery } from './useAudit'

/** How long the log is kept, which exports need a word, where name and time are put on what people see and take. */
export function AuditRules() {
  const { data, error, refetch } = useQuery(auditSettingsQuery)
  if (data) return <RulesForm key={JSON.stringify(data)} rules={data} />
  return error ? <ProblemPanel error={error} onRetry={() => void refetch()} /> : <Bones rows={4} />
}

function RulesForm({ rules }: { rules: AuditSettings }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const notify = useNotify()
  const field = useId()
  const [draft, setDraft] = useState(rules)
  const put = (part: Partial<AuditSettings>) => setDraft((before) => ({ ...before, ...part }))
  const save = useMutation({
    mutationFn: () => {
      const { least_days: _, ...body } = draft
      return api.audit.change(body)
    },
    onSuccess: (saved) => {
      client.setQueryData(auditSettingsQuery.queryKey, saved)
      void client.invalidateQueries({ queryKey: auditMineQuery.queryKey })
      notify.done(t('common.saved'))
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <form className={`${settings.section} ${settings.form}`} onSubmit={submit}>
      <div className={settings.field}>
        <label htmlFor={`${field}-keep`}>{t('audit.rules.keep')}</label>
        <InputNumber
          id={`${field}-keep`}
          min={0}
          max={36_500}
          precision={0}
          value={draft.keep_days}
          onChange={(value) => put({ keep_days: value ?? 0 })}
        />
        <span className={settings.hint}>{t('audit.rules.keepHint', { least: rules.least_days })}</span>
      </div>
      <div className={settings.field}>
        <label htmlFor={`${field}-above`}>{t('audit.rules.above')}</label>
        <InputNumber
          id={`${field}-above`}
          min={0}
          max={100_000_000}
          precision={0}
          value={draft.approve_exports_above}
          onChange={(value) => put({ approve_exports_above: value })}
        />
        <span className={settings.hint}>{t('audit.rules.aboveHint')}</span>
      </div>
      <div className={settings.checks}>
        {(['watermark_pages', 'watermark_exports'] as const).map((part) => (
          <div key={part}>
            <Checkbox checked={draft[part]} onChange={(event) => put({ [part]: event.target.checked })}>
              {t(`audit.rules.${part}`)}
            </Checkbox>
            <span className={settings.hint}>{t(`audit.rules.${part}_hint`)}</span>
          </div>
        ))}
      </div>
      {save.error && <ProblemNote error={save.error} />}
      <div>
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  )
}
