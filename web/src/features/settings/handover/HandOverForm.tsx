import { App, Button, Checkbox, Input, Segmented } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { HandOverExtent, HandOverPlan, HandOverSplit, Holdings, LinkValue } from '@/api/types'
import { RecordsPicker } from '@/controls/RecordsPicker'
import { readLink } from '@/controls/types/link'
import { EmptyState } from '@/ui/EmptyState'
import { ProblemNote } from '@/ui/ProblemView'
import settings from '../settings.module.css'
import { Division } from './Division'
import { HoldingsTable } from './HoldingsTable'
import styles from './handover.module.css'
import { useStartHandOver } from './useHandOvers'

const splits: HandOverSplit[] = ['one', 'object', 'department', 'evenly']

/** How much of each part goes unless one says otherwise: of tasks what is to be done, of all else everything. */
const usual = (holdings: Holdings): Record<string, HandOverExtent> => ({
  ...Object.fromEntries(holdings.parts.map((part) => [part.key, part.is_task ? 'open' : 'all'] as const)),
  ...Object.fromEntries(holdings.beside.map((one) => [one.key, 'all'] as const)),
})

/** How many things go by these choices. */
function countOf(holdings: Holdings, extents: Record<string, HandOverExtent>): number {
  const records = holdings.parts.map((part) => {
    const extent = extents[part.key]
    return extent === 'none' ? 0 : extent === 'open' ? (part.open ?? part.total) : part.total
  })
  const beside = holdings.beside.map((one) => (extents[one.key] === 'none' ? 0 : one.total))
  return [...records, ...beside].reduce((sum, count) => sum + count, 0)
}

interface HandOverFormProps {
  person: LinkValue
  holdings: Holdings
  onBegun: () => void
}

/** What somebody holds, and to whom it goes. */
export function HandOverForm({ person, holdings, onBegun }: HandOverFormProps) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const field = useId()
  const [extents, setExtents] = useState(() => usual(holdings))
  const [chosen, setChosen] = useState<unknown[]>([])
  const [split, setSplit] = useState<HandOverSplit>('one')
  const [byObject, setByObject] = useState<Record<string, string>>({})
  const [byDepartment, setByDepartment] = useState<Record<string, string>>({})
  const [leaves, setLeaves] = useState(false)
  const [reason, setReason] = useState('')
  const start = useStartHandOver(onBegun)
  const successors = chosen.flatMap((one) => readLink(one) ?? [])
  const known = new Set(successors.map((one) => one.id))
  const kept = (map: Record<string, string>) =>
    Object.fromEntries(Object.entries(map).filter(([, to]) => known.has(to)))
  const count = countOf(holdings, extents)
  const empty = holdings.parts.length === 0 && holdings.beside.length === 0
  const plan: HandOverPlan = {
    person: person.id,
    successors: successors.map((one) => one.id),
    split: successors.length > 1 ? split : 'one',
    by_object: kept(byObject),
    by_department: kept(byDepartment),
    parts: extents,
    leaves,
    reason: reason.trim(),
  }
  const confirm = () =>
    void modal.confirm({
      title: t('handOver.confirmTitle', {
        person: person.label,
        count,
        to: successors.map((one) => one.label).join('、'),
      }),
      content: t('handOver.confirmHint'),
      okText: t('handOver.confirm'),
      cancelText: t('common.cancel'),
      onOk: () => start.mutateAsync(plan).catch(() => undefined),
    })
  return (
    <div className={styles.form}>
      <h3 className={settings.sectionTitle}>{t('handOver.preview')}</h3>
      {empty ? (
        <EmptyState title={t('handOver.nothing')} hint={t('handOver.nothingHint')} />
      ) : (
        <HoldingsTable
          holdings={holdings}
          extents={extents}
          onChange={(part, extent) => setExtents({ ...extents, [part]: extent })}
        />
      )}
      <div className={settings.field}>
        <span className={settings.label}>{t('handOver.successors')}</span>
        <RecordsPicker plain object="person" value={chosen} onChange={setChosen} label={t('handOver.successors')} />
      </div>
      {successors.length > 1 && (
        <div className={settings.field}>
          <span className={settings.label} id={`${field}-split`}>
            {t('handOver.split')}
          </span>
          <Segmented
            aria-labelledby={`${field}-split`}
            className={styles.split ?? ''}
            value={split}
            options={splits.map((one) => ({ value: one, label: t(`handOver.splits.${one}`) }))}
            onChange={setSplit}
          />
          <span className={settings.hint}>{t(`handOver.splitHint.${split}`)}</span>
          <Division
            split={split}
            holdings={holdings}
            successors={successors}
            byObject={byObject}
            byDepartment={byDepartment}
            onObject={(key, to) => setByObject({ ...byObject, [key]: to })}
            onDepartment={(key, to) => setByDepartment({ ...byDepartment, [key]: to })}
          />
        </div>
      )}
      <div className={settings.field}>
        <label htmlFor={`${field}-reason`}>{t('handOver.reason')}</label>
        <Input
          id={`${field}-reason`}
          maxLength={500}
          placeholder={t('handOver.reasonPlaceholder')}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
      <Checkbox checked={leaves} onChange={(event) => setLeaves(event.target.checked)}>
        {t('handOver.leaves')}
      </Checkbox>
      {start.error && <ProblemNote error={start.error} />}
      <div>
        <Button
          type="primary"
          disabled={successors.length === 0 || !plan.reason || (count === 0 && !leaves)}
          loading={start.isPending}
          onClick={confirm}
        >
          {t('handOver.confirm')}
        </Button>
      </div>
    </div>
  )
}
