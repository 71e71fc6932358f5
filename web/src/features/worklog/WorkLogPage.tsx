import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Segmented, Select } from 'antd'
import { ChevronLeft, ChevronRight, NotebookPen } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { WorkEntry, WorkFigure } from '@/api/types'
import { formatDay, formatTime } from '@/kernel/format'
import { useLabel } from '@/kernel/language'
import { useLocale, useMe } from '@/kernel/session'
import { Bones } from '@/ui/Bones'
import { EmptyState } from '@/ui/EmptyState'
import { Page } from '@/ui/Page'
import { ProblemPanel } from '@/ui/ProblemView'
import styles from './worklog.module.css'

const figures: WorkFigure[] = [
  'activities',
  'tasks_done',
  'moved',
  'created',
  'changed',
  'files',
  'approvals',
  'deleted',
  'restored',
  'merged',
]
const spans = { day: 1, week: 7 } as const
type Span = keyof typeof spans

/** A day some days before or after another one, both as `2026-03-01`. */
function dayFrom(day: string, by: number): string {
  const moment = new Date(`${day}T12:00:00Z`)
  moment.setUTCDate(moment.getUTCDate() + by)
  return moment.toISOString().slice(0, 10)
}

/** What somebody did on a day or in a week: one's own, and that of the people one leads. */
export function WorkLogPage() {
  const { t } = useTranslation()
  const me = useMe()
  const { today, language } = useLocale()
  const [person, setPerson] = useState(me.person.id)
  const [span, setSpan] = useState<Span>('day')
  const [last, setLast] = useState(today)
  const { data: led = [] } = useQuery({ queryKey: ['work-log', 'led'], queryFn: api.workLog.led, staleTime: 60_000 })
  const first = dayFrom(last, 1 - spans[span])
  const { data, error, refetch } = useQuery({
    queryKey: ['work-log', person, first, last],
    queryFn: ({ signal }) => api.workLog.get(person, { first, last }, signal),
    staleTime: 30_000,
    placeholderData: (previous) => previous,
  })
  const step = (by: 1 | -1) => setLast((day) => dayFrom(day, by * spans[span]))
  return (
    <Page icon={<NotebookPen size={18} aria-hidden />} title={t('workLog.title')}>
      <div className={styles.bar}>
        {led.length > 0 && (
          <Select
            className={styles.person ?? ''}
            aria-label={t('workLog.person')}
            value={person}
            onChange={setPerson}
            showSearch={{ optionFilterProp: 'label' }}
            options={[
              { value: me.person.id, label: t('workLog.mine') },
              ...led.map((one) => ({ value: one.id, label: one.label ?? one.id })),
            ]}
          />
        )}
        <Segmented<Span>
          aria-label={t('workLog.span')}
          value={span}
          onChange={setSpan}
          options={(['day', 'week'] as const).map((value) => ({ value, label: t(`workLog.${value}`) }))}
        />
        <Button
          icon={<ChevronLeft size={15} aria-hidden />}
          aria-label={t('workLog.before')}
          onClick={() => step(-1)}
        />
        <strong>
          {span === 'day'
            ? formatDay(last, today, language)
            : `${formatDay(first, today, language)} – ${formatDay(last, today, language)}`}
        </strong>
        <Button
          icon={<ChevronRight size={15} aria-hidden />}
          aria-label={t('workLog.after')}
          disabled={last >= today}
          onClick={() => step(1)}
        />
      </div>
      {!data && !error && <Bones rows={6} />}
      {error && !data && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {data && (
        <>
          <Figures counted={data.totals} />
          {data.days.map((day) => (
            <section key={day.on} className={styles.day} aria-label={formatDay(day.on, today, language)}>
              {span === 'week' && <h2 className={styles.dayTitle}>{formatDay(day.on, today, language)}</h2>}
              {day.entries.length === 0 && span === 'week' && <p className={styles.quiet}>{t('workLog.nothing')}</p>}
              {day.entries.length === 0 && span === 'day' && (
                <EmptyState
                  icon={<NotebookPen size={20} aria-hidden />}
                  title={t('workLog.nothing')}
                  hint={t('workLog.nothingHint')}
                />
              )}
              <ul className={styles.entries}>
                {day.entries.map((entry) => (
                  <Entry key={`${entry.object} ${entry.record}`} entry={entry} />
                ))}
              </ul>
            </section>
          ))}
        </>
      )}
    </Page>
  )
}

function Figures({ counted }: { counted: Record<WorkFigure, number> }) {
  const { t } = useTranslation()
  const shown = figures.filter((name) => counted[name] > 0)
  if (shown.length === 0) return null
  return (
    <dl className={styles.figures}>
      {shown.map((name) => (
        <div key={name} className={styles.figure}>
          <dt>{t(`workLog.figures.${name}`)}</dt>
          <dd>{counted[name]}</dd>
        </div>
      ))}
    </dl>
  )
}

function Entry({ entry }: { entry: WorkEntry }) {
  const { t } = useTranslation()
  const label = useLabel()
  const { language, zone } = useLocale()
  return (
    <li className={styles.entry}>
      <time className={styles.time} dateTime={entry.last_at}>
        {formatTime(entry.last_at, zone, language)}
      </time>
      <div className={styles.body}>
        <span className={styles.quiet}>{label(entry.object_label)}</span>{' '}
        <Link to="/o/$object/$id" params={{ object: entry.object, id: entry.record }}>
          {entry.label || entry.record.slice(-6)}
        </Link>{' '}
        {entry.what.map((one) => (
          <span key={one} className={styles.mark}>
            {one === 'moved' && entry.state
              ? t('workLog.movedTo', { state: label(entry.state) })
              : t(`workLog.what.${one as 'created'}`)}
          </span>
        ))}
        {entry.fields.length > 0 && <p className={styles.quiet}>{entry.fields.map(label).join(t('workLog.comma'))}</p>}
      </div>
    </li>
  )
}
