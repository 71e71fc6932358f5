import { useQuery } from '@tanstack/react-query'
import { Segmented, Select } from 'antd'
import { ArrowDownRight, ArrowUpRight, CircleHelp, Equal } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ComparedMeasure, ComparedSide, ComparedValue, Comparison, Process } from '@/api/types'
import { dayIn, formatDayShort, formatNumber, formatPercent } from '@/kernel/format'
import { useLabel } from '@/kernel/language'
import { useLocale } from '@/kernel/session'
import { Bones } from '@/ui/Bones'
import { ProblemPanel } from '@/ui/ProblemView'
import settings from '../settings.module.css'
import styles from './designCheck.module.css'
import { comparisonQuery, type PeriodDays, periods, type Sides } from './useDesignCheck'
import { useDuration } from './useDuration'

const shapes = { better: ArrowUpRight, worse: ArrowDownRight, no_difference: Equal, too_few: CircleHelp }

/** Two periods or two versions side by side, with a verdict only where the counts carry one. */
export function DesignCheckComparison({ process }: { process: Process }) {
  const { t } = useTranslation()
  const { zone } = useLocale()
  const latest = process.version
  const [sides, setSides] = useState<Sides>({ by: 'period', days: 182 })
  const { data, error, refetch } = useQuery(comparisonQuery(process.key, sides, zone))
  return (
    <section className={styles.part}>
      <h3 className={styles.partTitle}>{t('designCheck.comparison')}</h3>
      <p className={styles.lead}>{t('designCheck.comparisonLead')}</p>
      <div className={styles.choices}>
        {latest > 1 && (
          <Segmented
            aria-label={t('designCheck.by')}
            value={sides.by}
            onChange={(by) => setSides(by === 'period' ? { by, days: 182 } : { by, before: latest - 1, after: latest })}
            options={[
              { value: 'period' as const, label: t('designCheck.byPeriod') },
              { value: 'version' as const, label: t('designCheck.byVersion') },
            ]}
          />
        )}
        <SidesChoice sides={sides} latest={latest} onChange={setSides} />
      </div>
      {!data && !error && <Bones rows={4} />}
      {error && !data && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {data && <ComparisonTable comparison={data} />}
    </section>
  )
}

interface SidesChoiceProps {
  sides: Sides
  latest: number
  onChange: (sides: Sides) => void
}

function SidesChoice({ sides, latest, onChange }: SidesChoiceProps) {
  const { t } = useTranslation()
  const first = useId()
  const second = useId()
  if (sides.by === 'period') {
    return (
      <div className={styles.choice}>
        <label htmlFor={first}>{t('designCheck.length')}</label>
        <Select<PeriodDays>
          id={first}
          value={sides.days}
          onChange={(days) => onChange({ by: 'period', days })}
          options={periods.map((value) => ({ value, label: t(`designCheck.days${value}`) }))}
        />
      </div>
    )
  }
  const versions = (fits: (version: number) => boolean) =>
    Array.from({ length: latest }, (_, index) => latest - index)
      .filter(fits)
      .map((value) => ({ value, label: t('designCheck.version', { version: value }) }))
  return (
    <>
      <div className={styles.choice}>
        <label htmlFor={first}>{t('designCheck.earlier')}</label>
        <Select<number>
          id={first}
          value={sides.before}
          onChange={(before) => onChange({ ...sides, before })}
          options={versions((version) => version < sides.after)}
        />
      </div>
      <div className={styles.choice}>
        <label htmlFor={second}>{t('designCheck.later')}</label>
        <Select<number>
          id={second}
          value={sides.after}
          onChange={(after) => onChange({ ...sides, after })}
          options={versions((version) => version > sides.before)}
        />
      </div>
    </>
  )
}

function ComparisonTable({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation()
  const label = useLabel()
  const measures = [...comparison.totals, ...comparison.stages.flatMap((stage) => stage.measures ?? [])]
  const alone = comparison.stages.filter((stage) => stage.only !== null)
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls sideways is scrolled by keyboard too */}
      <section className={settings.scroll} aria-label={t('designCheck.comparison')} tabIndex={0}>
        <table className={`${settings.table} ${styles.figures}`}>
          <thead>
            <tr>
              <th>{t('designCheck.figure')}</th>
              <th>
                <SideHead name={t('designCheck.before')} side={comparison.before} />
              </th>
              <th>
                <SideHead name={t('designCheck.after')} side={comparison.after} />
              </th>
              <th className={styles.verdictHead}>{t('designCheck.verdict')}</th>
            </tr>
          </thead>
          <tbody>
            {measures.map((measure) => (
              <MeasureRow key={label(measure.label)} measure={measure} />
            ))}
          </tbody>
        </table>
      </section>
      {alone.map((stage) => (
        <p key={stage.key} className={styles.lead}>
          {t(stage.only === 'before' ? 'designCheck.onlyBefore' : 'designCheck.onlyAfter', {
            stage: label(stage.label),
          })}
        </p>
      ))}
      <p className={styles.small}>{t('designCheck.needed', comparison.needed)}</p>
    </>
  )
}

function SideHead({ name, side }: { name: string; side: ComparedSide }) {
  const { t } = useTranslation()
  const { language, zone } = useLocale()
  const day = (instant: number | string) => formatDayShort(dayIn(instant, zone), dayIn(Date.now(), zone), language)
  // The end is the first moment that is no part of the side.
  const last = Date.parse(side.to) - 1
  return (
    <>
      {side.version === null ? name : t('designCheck.version', { version: side.version })}
      <br />
      <span className={styles.small}>
        {day(side.from)} – {day(last)}
      </span>
    </>
  )
}

function MeasureRow({ measure }: { measure: ComparedMeasure }) {
  const { t } = useTranslation()
  const label = useLabel()
  const Shape = shapes[measure.outcome]
  return (
    <tr data-measure={measure.key}>
      <th scope="row">{label(measure.label)}</th>
      <Figure value={measure.before} unit={measure.unit} />
      <Figure value={measure.after} unit={measure.unit} />
      <td className={styles.verdictCell}>
        <div className={styles.verdict}>
          <span className={styles.outcome} data-outcome={measure.outcome}>
            <Shape size={14} aria-hidden />
            {t(`designCheck.outcome.${measure.outcome}`)}
          </span>
          <span className={styles.small}>{label(measure.sentence)}</span>
        </div>
      </td>
    </tr>
  )
}

function Figure({ value, unit }: { value: ComparedValue; unit: ComparedMeasure['unit'] }) {
  const { t } = useTranslation()
  const { language } = useLocale()
  const duration = useDuration()
  const percent = (share: number) => formatPercent(Math.round(share * 100), language)
  const shown = unit === 'days' ? duration(value.value) : value.value === null ? '–' : percent(value.value)
  const interval =
    value.low === null || value.high === null
      ? undefined
      : t('designCheck.interval', { low: percent(value.low), high: percent(value.high) })
  return (
    <td title={interval}>
      {shown}
      <br />
      <span className={styles.small}>{t('designCheck.n', { n: formatNumber(value.n, language) })}</span>
    </td>
  )
}
