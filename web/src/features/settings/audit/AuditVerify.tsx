import { useMutation } from '@tanstack/react-query'
import { Alert, Button, Input } from 'antd'
import { ShieldCheck } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { AuditVerification } from '@/api/types'
import { ProblemNote } from '@/ui/ProblemView'
import settings from '../settings.module.css'
import styles from './audit.module.css'

/** Checks that no entry was changed, removed or moved since it was sealed. */
export function AuditVerify() {
  const { t } = useTranslation()
  const field = useId()
  const [head, setHead] = useState('')
  const check = useMutation({ mutationFn: () => api.audit.verify(head.trim() || null) })
  return (
    <section className={settings.section}>
      <p className={settings.sectionLead}>{t('audit.verify.lead')}</p>
      <div className={settings.form}>
        <div className={settings.field}>
          <label htmlFor={field}>{t('audit.verify.head')}</label>
          <Input
            id={field}
            value={head}
            placeholder="120:9f86d081…"
            onChange={(event) => setHead(event.target.value)}
          />
          <span className={settings.hint}>{t('audit.verify.headHint')}</span>
        </div>
        <div>
          <Button
            type="primary"
            icon={<ShieldCheck size={15} aria-hidden />}
            loading={check.isPending}
            onClick={() => check.mutate()}
          >
            {t('audit.verify.run')}
          </Button>
        </div>
        {check.error && <ProblemNote error={check.error} />}
        {check.data && <Outcome found={check.data} />}
      </div>
    </section>
  )
}

function Outcome({ found }: { found: AuditVerification }) {
  const { t } = useTranslation()
  return (
    <div aria-live="polite">
      <Alert
        showIcon
        type={found.sound ? 'success' : 'error'}
        title={
          found.sound
            ? t('audit.verify.sound', { count: found.entries })
            : t('audit.verify.unsound', { count: found.findings.length })
        }
        description={
          <>
            <p>{t('audit.verify.headNow')}</p>
            <p className={settings.secret}>{found.head}</p>
            {found.since > 0 && <p>{t('audit.verify.since', { number: found.since })}</p>}
          </>
        }
      />
      {found.findings.length > 0 && (
        <ul className={styles.findings} aria-label={t('audit.verify.findings')}>
          {found.findings.slice(0, 200).map((one) => (
            <li key={`${one.what} ${one.number} ${one.entry}`}>{one.message}</li>
          ))}
        </ul>
      )}
    </div>
  )
}
