import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Input, Select } from 'antd'
import { RotateCcw } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ProcessVersion } from '@/api/types'
import { Bones } from '@/ui/Bones'
import { EmptyState } from '@/ui/EmptyState'
import { ProblemNote, ProblemPanel } from '@/ui/ProblemView'
import { SideDrawer } from '@/ui/SideDrawer'
import { useNotify } from '@/ui/useNotify'
import { useSchemaRefresh } from '../../objects/useSchema'
import settings from '../../settings.module.css'
import { useDesigner } from './context'
import { Differences } from './Differences'
import styles from './designer.module.css'
import { ForecastTable } from './ForecastTable'
import { When } from './When'

const versionsQuery = (process: string) => ({
  queryKey: ['processes', 'versions', process],
  queryFn: () => api.processes.versions(process),
})

/** The published versions: who, when, why; any two compared; back to an earlier one. */
export function Versions({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation()
  const { definition, readOnly } = useDesigner()
  const { data, error, refetch } = useQuery({ ...versionsQuery(definition.key), retry: false })
  const [back, setBack] = useState<number | null>(null)
  if (error) {
    if ((error as { status?: number }).status === 404)
      return <EmptyState title={t('design.noVersions')} hint={t('design.noVersionsHint')} />
    return <ProblemPanel error={error} onRetry={() => void refetch()} />
  }
  if (!data) return <Bones rows={4} />
  const latest = data[0]?.version ?? 0
  return (
    <div className={styles.versions}>
      <div className={settings.scroll}>
        <table className={settings.table} aria-label={t('design.versions')}>
          <thead>
            <tr>
              <th>{t('design.version')}</th>
              <th>{t('design.publishedBy')}</th>
              <th className={settings.wideOnly}>{t('design.note')}</th>
              <th>
                <span className="visually-hidden">{t('common.more')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.map((one) => (
              <tr key={one.version} data-version={one.version}>
                <td>
                  {t('design.versionNumber', { version: one.version })}
                  {one.version === latest && <span className={settings.mark}>{t('design.current')}</span>}
                </td>
                <td>
                  {one.published_by_label} <When at={one.published_at} />
                </td>
                <td className={settings.wideOnly}>{one.note}</td>
                <td className={styles.rowActions}>
                  <Link
                    to="/settings/processes/$process/chart"
                    params={{ process: definition.key }}
                    search={{ version: one.version }}
                  >
                    {t('design.view')}
                  </Link>
                  {one.version !== latest && !readOnly && (
                    <Button
                      type="text"
                      size="small"
                      icon={<RotateCcw size={14} />}
                      onClick={() => setBack(one.version)}
                    >
                      {t('design.rollBack')}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {data.length > 1 && <Compare versions={data} />}
      {back !== null && (
        <RollBackDrawer
          version={back}
          onClose={() => setBack(null)}
          onDone={() => {
            setBack(null)
            onBack()
          }}
        />
      )}
    </div>
  )
}

function Compare({ versions }: { versions: ProcessVersion[] }) {
  const { t } = useTranslation()
  const { definition, object } = useDesigner()
  const first = useId()
  const second = useId()
  const [from, setFrom] = useState(versions[1]?.version ?? 1)
  const [to, setTo] = useState(versions[0]?.version ?? 1)
  const { data, error } = useQuery({
    queryKey: ['processes', 'differences', definition.key, from, to],
    queryFn: () => api.processes.differences(definition.key, from, to),
  })
  const options = versions.map((one) => ({
    value: one.version,
    label: t('design.versionNumber', { version: one.version }),
  }))
  return (
    <section className={styles.section} aria-label={t('design.compare')}>
      <h3 className={settings.sectionTitle}>{t('design.compare')}</h3>
      <div className={styles.compare}>
        <label htmlFor={first}>{t('design.from')}</label>
        <Select id={first} value={from} options={options} onChange={setFrom} />
        <label htmlFor={second}>{t('design.to')}</label>
        <Select id={second} value={to} options={options} onChange={setTo} />
      </div>
      {error && <ProblemNote error={error} />}
      {data && <Differences differences={data} object={object} />}
    </section>
  )
}

interface RollBackDrawerProps {
  version: number
  onClose: () => void
  onDone: () => void
}

/** What going back would do, and doing it. */
function RollBackDrawer({ version, onClose, onDone }: RollBackDrawerProps) {
  const { t } = useTranslation()
  const id = useId()
  const notify = useNotify()
  const refresh = useSchemaRefresh()
  const client = useQueryClient()
  const { definition } = useDesigner()
  const [note, setNote] = useState('')
  const former = useQuery({
    queryKey: ['processes', 'version', definition.key, version],
    queryFn: () => api.processes.version(definition.key, version),
  })
  const forecast = useQuery({
    queryKey: ['process-forecast', definition.key, 'back', version],
    queryFn: () => api.processes.forecastBack(definition.key, version, {}),
    retry: false,
  })
  const run = useMutation({
    mutationFn: () => api.processes.rollBack(definition.key, version, { mapping: {}, note: note.trim() || null }),
    onSuccess: async () => {
      await Promise.all([refresh(), client.invalidateQueries({ queryKey: ['processes'] })])
      notify.done(t('design.rolledBack', { version }))
      onDone()
    },
  })
  const names = new Map([...definition.states, ...(former.data?.states ?? [])].map((one) => [one.key, one.label]))
  return (
    <SideDrawer
      open
      title={t('design.rollBackTitle', { version })}
      onClose={onClose}
      footer={
        <div className={settings.buttons}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="primary" disabled={!forecast.data} loading={run.isPending} onClick={() => run.mutate()}>
            {t('design.rollBack')}
          </Button>
        </div>
      }
    >
      <div className={settings.form}>
        <p>{t('design.rollBackHint')}</p>
        {forecast.isPending && <Bones rows={3} />}
        {forecast.error && <ProblemNote error={forecast.error} />}
        {forecast.data && <ForecastTable forecast={forecast.data} names={names} />}
        <div className={settings.field}>
          <label htmlFor={id}>{t('design.note')}</label>
          <Input.TextArea id={id} maxLength={2000} value={note} onChange={(event) => setNote(event.target.value)} />
        </div>
        {run.error && <ProblemNote error={run.error} />}
      </div>
    </SideDrawer>
  )
}
