import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Input, Result } from 'antd'
import { CircleAlert, CircleCheck } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ProcessDraft } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { ProblemNote } from '@/ui/ProblemView'
import { SideDrawer } from '@/ui/SideDrawer'
import { useSchemaRefresh } from '../../objects/useSchema'
import settings from '../../settings.module.css'
import { useDesigner } from './context'
import { Differences } from './Differences'
import styles from './designer.module.css'
import { ForecastTable } from './ForecastTable'
import { Mapping } from './Mapping'

interface PublishDrawerProps {
  draft: ProcessDraft
  onClose: () => void
  onPublished: () => void
}

/** Before a draft takes effect: what changes, where records go, what that does to figures, and why. */
export function PublishDrawer({ draft, onClose, onPublished }: PublishDrawerProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const id = useId()
  const refresh = useSchemaRefresh()
  const client = useQueryClient()
  const { definition, object } = useDesigner()
  const [mapping, setMapping] = useState<Record<string, string>>({})
  const [note, setNote] = useState('')
  const mapped = draft.leaving.every((one) => mapping[one.state])
  const ready = draft.problem === null && mapped
  const forecast = useQuery({
    queryKey: ['process-forecast', draft.key, draft.revision, mapping],
    queryFn: () => api.processes.forecast(draft.key, mapping),
    enabled: ready && draft.revision > 0,
    retry: false,
  })
  const publish = useMutation({
    mutationFn: () =>
      api.processes.publish(draft.key, { revision: draft.revision, mapping, note: note.trim() || null }),
    onSuccess: () => Promise.all([refresh(), client.invalidateQueries({ queryKey: ['processes'] })]),
  })
  const names = new Map([
    ...draft.leaving.map((one) => [one.state, one.label] as const),
    ...definition.states.map((one) => [one.key, one.label] as const),
  ])
  if (publish.isSuccess)
    return (
      <SideDrawer open wide title={t('design.publish')} onClose={onPublished}>
        <Result
          icon={<CircleCheck size={40} className={styles.doneIcon} aria-hidden />}
          title={t('design.published', { name: label(definition.label), version: publish.data.version })}
          extra={
            <div className={styles.doneLinks}>
              <Link to="/o/$object/board" params={{ object: definition.object }} search={{ process: draft.key }}>
                <Button type="primary">{t('design.toBoard')}</Button>
              </Link>
              <Button onClick={onPublished}>{t('design.goOn')}</Button>
            </div>
          }
        />
      </SideDrawer>
    )
  return (
    <SideDrawer
      open
      wide
      title={t('design.publish')}
      onClose={onClose}
      footer={
        <div className={settings.buttons}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="primary" disabled={!ready} loading={publish.isPending} onClick={() => publish.mutate()}>
            {t('design.publishNow')}
          </Button>
        </div>
      }
    >
      <div className={settings.form}>
        {draft.problem && (
          <p className={styles.faultText} role="alert">
            <CircleAlert size={14} aria-hidden />
            {draft.problem.message}
          </p>
        )}
        {draft.newer && <p className={styles.warning}>{t('design.newer')}</p>}
        <section aria-label={t('design.whatChanges')}>
          <h3 className={settings.sectionTitle}>{t('design.whatChanges')}</h3>
          <Differences differences={draft.differences} object={object} />
        </section>
        <Mapping leaving={draft.leaving} states={definition.states} value={mapping} onChange={setMapping} />
        {forecast.error && <ProblemNote error={forecast.error} />}
        {forecast.data && <ForecastTable forecast={forecast.data} names={names} />}
        <div className={settings.field}>
          <label htmlFor={id}>{t('design.note')}</label>
          <Input.TextArea
            id={id}
            placeholder={t('design.noteHint')}
            maxLength={2000}
            autoSize={{ minRows: 2, maxRows: 6 }}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </div>
        {publish.error && <ProblemNote error={publish.error} />}
      </div>
    </SideDrawer>
  )
}
