import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { AskedExport } from '@/api/types'
import { useObjects } from '@/kernel/describe'
import { formatInstant, formatNumber } from '@/kernel/format'
import { useLabel } from '@/kernel/language'
import { useLocale } from '@/kernel/session'
import { Bones } from '@/ui/Bones'
import { ProblemPanel } from '@/ui/ProblemView'
import { useNotify } from '@/ui/useNotify'
import settings from '../settings.module.css'
import styles from './audit.module.css'
import { askedExportsQuery } from './useAudit'

/** The exports that have more rows than go without an administrator's word. */
export function AskedExports() {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(askedExportsQuery)
  return (
    <section className={settings.section}>
      <p className={settings.sectionLead}>{t('audit.exports.lead')}</p>
      {!data && !error && <Bones rows={3} />}
      {error && !data && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <p className={settings.hint}>{t('audit.exports.none')}</p>}
      <ul className={styles.asked}>
        {data?.map((one) => (
          <Asked key={one.id} one={one} />
        ))}
      </ul>
    </section>
  )
}

function Asked({ one }: { one: AskedExport }) {
  const { t } = useTranslation()
  const label = useLabel()
  const notify = useNotify()
  const client = useQueryClient()
  const { language, zone } = useLocale()
  const object = useObjects().find((known) => known.key === one.object)
  const [comment, setComment] = useState('')
  const decide = useMutation({
    mutationFn: (approve: boolean) => api.exports.decide(one.id, { approve, comment: comment.trim() || null }),
    onSuccess: (_, approve) => {
      void client.invalidateQueries({ queryKey: askedExportsQuery.queryKey })
      notify.done(t(approve ? 'audit.exports.approved' : 'audit.exports.refused'))
    },
    onError: notify.failed,
  })
  return (
    <li className={styles.askedOne}>
      <div className={styles.line}>
        <strong>{one.created_by_label}</strong>
        <span>
          {t('audit.exports.what', {
            object: object ? label(object.label_plural) : one.object,
            rows: formatNumber(one.total, language),
          })}
        </span>
        <span className={settings.mark}>{one.format.toUpperCase()}</span>
        <time className={styles.time} dateTime={one.created_at}>
          {formatInstant(one.created_at, zone, language)}
        </time>
      </div>
      <p>{t('audit.exports.reason', { reason: one.reason })}</p>
      {one.filter && <p className={settings.hint}>{t('audit.exports.filter', { filter: label(one.filter) })}</p>}
      <div className={settings.line}>
        <Input
          aria-label={t('audit.exports.comment')}
          placeholder={t('audit.exports.comment')}
          maxLength={500}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
        <Button loading={decide.isPending && decide.variables === false} onClick={() => decide.mutate(false)}>
          {t('audit.exports.refuse')}
        </Button>
        <Button
          type="primary"
          loading={decide.isPending && decide.variables === true}
          onClick={() => decide.mutate(true)}
        >
          {t('audit.exports.approve')}
        </Button>
      </div>
    </li>
  )
}
