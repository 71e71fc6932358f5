import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { CircleCheck, Hourglass } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DefinitionChange, DesignCheckResult, Process } from '@/api/types'
import { formatNumber } from '@/kernel/format'
import { useLocale, useMe } from '@/kernel/session'
import { Bones } from '@/ui/Bones'
import { EmptyState } from '@/ui/EmptyState'
import { ProblemPanel } from '@/ui/ProblemView'
import { DesignCheckComparison } from './DesignCheckComparison'
import { DesignCheckFinding } from './DesignCheckFinding'
import { DesignCheckStages } from './DesignCheckStages'
import { DesignCheckThresholds } from './DesignCheckThresholds'
import styles from './designCheck.module.css'
import { designCheckQuery, type PeriodDays, periods } from './useDesignCheck'

interface DesignCheckProps {
  process: Process
  /** Takes a proposed change into the draft; left out where there is none to take it. */
  onTake?: (patch: DefinitionChange[]) => void
}

/** How well the stages of a Process are cut: findings, figures per stage, before and after, thresholds. */
export function DesignCheck({ process, onTake }: DesignCheckProps) {
  const { t } = useTranslation()
  const { zone } = useLocale()
  const { administrator } = useMe()
  const [days, setDays] = useState<PeriodDays>(365)
  const period = useId()
  const { data, error, refetch } = useQuery(designCheckQuery(process.key, days, zone))
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div>
          <h2 className={styles.title}>{t('designCheck.title')}</h2>
          <p className={styles.lead}>{t('designCheck.lead')}</p>
        </div>
        <div className={styles.choice}>
          <label htmlFor={period}>{t('designCheck.period')}</label>
          <Select
            id={period}
            value={days}
            onChange={setDays}
            options={periods.map((value) => ({ value, label: t(`designCheck.days${value}`) }))}
          />
        </div>
      </header>
      {!data && !error && <Bones rows={6} />}
      {error && !data && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {data && (
        <>
          <Findings result={data} process={process} onTake={onTake} />
          <DesignCheckStages stages={data.stages} process={process} />
          <DesignCheckComparison process={process} />
          {administrator && <DesignCheckThresholds process={process.key} signals={data.signals} />}
        </>
      )}
    </div>
  )
}

function Findings({ result, process, onTake }: DesignCheckProps & { result: DesignCheckResult }) {
  const { t } = useTranslation()
  const { language } = useLocale()
  const moves = result.stages.reduce((sum, stage) => sum + stage.entered, 0)
  const { findings } = result
  if (findings.length === 0) {
    return moves === 0 ? (
      <EmptyState
        icon={<Hourglass size={20} aria-hidden />}
        title={t('designCheck.nothing')}
        hint={t('designCheck.nothingHint')}
      />
    ) : (
      <EmptyState
        icon={<CircleCheck size={20} aria-hidden />}
        title={t('designCheck.clean')}
        hint={t('designCheck.cleanHint', {
          signals: result.signals.filter((one) => one.on).length,
          moves: formatNumber(moves, language),
        })}
      />
    )
  }
  return (
    <section aria-label={t('designCheck.findings')}>
      <p className={styles.count}>{t('designCheck.found', { count: findings.length })}</p>
      <ul className={styles.findings}>
        {findings.map((finding) => (
          <DesignCheckFinding
            key={finding.key}
            finding={finding}
            object={result.object}
            process={process}
            onTake={onTake}
          />
        ))}
      </ul>
    </section>
  )
}
