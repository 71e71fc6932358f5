import { useTranslation } from 'react-i18next'
import type { Process, StageFigures } from '@/api/types'
import { formatNumber, formatPercent } from '@/kernel/format'
import { useLabel } from '@/kernel/language'
import { useLocale } from '@/kernel/session'
import settings from '../settings.module.css'
import styles from './designCheck.module.css'
import { useDuration } from './useDuration'

const counts = ['lost', 'back', 'skipped'] as const

/** The figures of every open stage, and what the definition asks for in it. */
export function DesignCheckStages({ stages, process }: { stages: StageFigures[]; process: Process }) {
  const { t } = useTranslation()
  const label = useLabel()
  const { language } = useLocale()
  const duration = useDuration()
  const number = (value: number) => formatNumber(value, language)
  const share = (value: number | null) => (value === null ? '–' : formatPercent(Math.round(value * 100), language))
  return (
    <section className={styles.part}>
      <h3 className={styles.partTitle}>{t('designCheck.stages')}</h3>
      <p className={styles.lead}>{t('designCheck.stagesLead')}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls sideways is scrolled by keyboard too */}
      <section className={settings.scroll} aria-label={t('designCheck.stages')} tabIndex={0}>
        <table className={`${settings.table} ${styles.figures}`}>
          <thead>
            <tr>
              <th>{t('designCheck.stage')}</th>
              <th>{t('designCheck.entered')}</th>
              <th title={t('designCheck.conversionHint')}>{t('designCheck.conversion')}</th>
              {counts.map((key) => (
                <th key={key}>{t(`designCheck.${key}`)}</th>
              ))}
              <th>{t('designCheck.median')}</th>
              <th>{t('designCheck.p90')}</th>
              <th>{t('designCheck.open')}</th>
              <th>{t('designCheck.fields')}</th>
              <th>{t('designCheck.must')}</th>
              <th>{t('designCheck.approvals')}</th>
              <th>{t('designCheck.clicks')}</th>
            </tr>
          </thead>
          <tbody>
            {stages.map((stage) => (
              <tr key={stage.key}>
                <th scope="row">{label(process.states.find((one) => one.key === stage.key)?.label)}</th>
                <td>{number(stage.entered)}</td>
                <td>{share(stage.conversion)}</td>
                {counts.map((key) => (
                  <td key={key}>{number(stage[key])}</td>
                ))}
                <td>{duration(stage.median_days)}</td>
                <td>{duration(stage.p90_days)}</td>
                <td>{number(stage.open)}</td>
                <td>{number(stage.fields)}</td>
                <td>{number(stage.must_actions)}</td>
                <td>{number(stage.approvals)}</td>
                <td>{number(stage.clicks)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  )
}
