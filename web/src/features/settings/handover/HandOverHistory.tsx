import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, Progress } from 'antd'
import { Undo2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { HandOver } from '@/api/types'
import { formatInstant } from '@/kernel/format'
import { useLabel } from '@/kernel/language'
import { useLocale } from '@/kernel/session'
import { Bones } from '@/ui/Bones'
import { ProblemPanel } from '@/ui/ProblemView'
import settings from '../settings.module.css'
import styles from './handover.module.css'
import { handOversQuery, underWay, useUndoHandOver } from './useHandOvers'

/** The hand-overs so far: how far, what came of each, and the way to take one back. */
export function HandOverHistory() {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(handOversQuery)
  return (
    <section className={settings.section} aria-label={t('handOver.history')}>
      <h3 className={settings.sectionTitle}>{t('handOver.history')}</h3>
      {!data && !error && <Bones rows={2} />}
      {error && !data && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <p className={settings.hint}>{t('handOver.none')}</p>}
      <ul className={styles.history}>
        {data?.map((one) => (
          <Entry key={one.id} one={one} />
        ))}
      </ul>
    </section>
  )
}

function Entry({ one }: { one: HandOver }) {
  const { t } = useTranslation()
  const label = useLabel()
  const { language, zone } = useLocale()
  const to = one.successors.map((each) => each.label).join('、')
  const given = one.done - one.kept_count
  return (
    <li className={styles.entry} data-state={one.state}>
      <div className={styles.entryHead}>
        <strong>{t('handOver.from', { person: one.person.label, to })}</strong>
        <span className={settings.mark}>{t(`handOver.state.${one.state}`)}</span>
        {(one.state === 'done' || one.state === 'stopped') && <UndoButton one={one} />}
      </div>
      <p className={settings.hint}>
        {one.reason} · {t('handOver.by', { who: one.started_by.label })} ·{' '}
        <time dateTime={one.started_at}>{formatInstant(one.started_at, zone, language)}</time>
        {one.undone_at && one.undone_by && ` · ${t('handOver.undoneBy', { who: one.undone_by })}`}
      </p>
      {underWay(one) && one.state !== 'undoing' && (
        <>
          <Progress
            percent={one.total > 0 ? Math.round((100 * one.done) / one.total) : 0}
            showInfo={false}
            size="small"
            aria-label={t('handOver.progress', { done: one.done, total: one.total })}
          />
          <p className={settings.hint}>{t('handOver.progress', { done: one.done, total: one.total })}</p>
        </>
      )}
      {(one.state === 'done' || one.state === 'stopped') && <p>{t('handOver.done', { count: given })}</p>}
      {one.state === 'undone' && <p>{t('handOver.takenBack', { count: one.taken_back })}</p>}
      {one.problem && <p role="alert">{label(one.problem)}</p>}
      {one.kept_count > 0 && <Kept one={one} />}
    </li>
  )
}

function Kept({ one }: { one: HandOver }) {
  const { t } = useTranslation()
  const label = useLabel()
  return (
    <details>
      <summary>{t('handOver.kept', { count: one.kept_count })}</summary>
      <ul aria-label={t('handOver.keptTitle')}>
        {one.kept.map((each, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list is told once and never rearranged
          <li key={place} className={settings.hint}>
            {label(each.message)}{' '}
            {each.object && each.record && (
              <Link to="/o/$object/$id" params={{ object: each.object, id: each.record }}>
                {t('handOver.record')}
              </Link>
            )}
          </li>
        ))}
      </ul>
    </details>
  )
}

function UndoButton({ one }: { one: HandOver }) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const undo = useUndoHandOver()
  const ask = () =>
    void modal.confirm({
      title: t('handOver.undoTitle', { person: one.person.label }),
      content: t('handOver.undoHint'),
      okText: t('handOver.undo'),
      cancelText: t('common.cancel'),
      onOk: () => undo.mutateAsync(one.id).catch(() => undefined),
    })
  return (
    <Button size="small" icon={<Undo2 size={14} aria-hidden />} loading={undo.isPending} onClick={ask}>
      {t('handOver.undo')}
    </Button>
  )
}
