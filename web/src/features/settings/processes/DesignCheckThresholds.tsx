import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Collapse, InputNumber, Switch } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { DesignSignal, Threshold, ThresholdSettings } from '@/api/types'
import { formatNumber } from '@/kernel/format'
import { useLabel } from '@/kernel/language'
import { useLocale } from '@/kernel/session'
import { ProblemNote } from '@/ui/ProblemView'
import { useNotify } from '@/ui/useNotify'
import styles from './designCheck.module.css'

type Draft = Record<string, { on: boolean; values: Record<string, number> }>

const draftOf = (signals: DesignSignal[]): Draft =>
  Object.fromEntries(
    signals.map((signal) => [
      signal.key,
      { on: signal.on, values: Object.fromEntries(signal.thresholds.map((one) => [one.key, one.value])) },
    ]),
  )

const settingsOf = (draft: Draft): ThresholdSettings =>
  Object.fromEntries(Object.entries(draft).map(([key, one]) => [key, { on: one.on, ...one.values }]))

/** From which figure on each signal speaks, for administrators; folded away until somebody wants it. */
export function DesignCheckThresholds({ process, signals }: { process: string; signals: DesignSignal[] }) {
  const { t } = useTranslation()
  const known = JSON.stringify(signals)
  return (
    <Collapse
      ghost
      className={styles.fold}
      items={[
        {
          key: 'thresholds',
          label: <span className={styles.partTitle}>{t('designCheck.thresholds')}</span>,
          children: <ThresholdForm key={known} process={process} signals={signals} />,
        },
      ]}
    />
  )
}

function ThresholdForm({ process, signals }: { process: string; signals: DesignSignal[] }) {
  const { t } = useTranslation()
  const label = useLabel()
  const notify = useNotify()
  const client = useQueryClient()
  const [draft, setDraft] = useState(() => draftOf(signals))
  const save = useMutation({
    mutationFn: (settings: ThresholdSettings) => api.designCheck.setThresholds(process, settings),
    onSuccess: () => {
      notify.done(t('common.saved'))
      return client.invalidateQueries({ queryKey: ['design-check', process] })
    },
  })
  const put = (key: string, change: Partial<Draft[string]>) =>
    setDraft((before) => {
      const one = before[key]
      return one ? { ...before, [key]: { ...one, ...change } } : before
    })
  return (
    <div className={styles.form}>
      <p className={styles.lead}>{t('designCheck.thresholdsLead')}</p>
      {signals.map((signal) => {
        const one = draft[signal.key]
        if (!one) return null
        return (
          <section key={signal.key} className={styles.signalForm} aria-label={label(signal.label)}>
            <div className={styles.signalHead}>
              <h4 className={styles.signal}>{label(signal.label)}</h4>
              <Switch
                size="small"
                checked={one.on}
                aria-label={t('designCheck.on', { signal: label(signal.label) })}
                onChange={(on) => put(signal.key, { on })}
              />
            </div>
            <p className={styles.small}>{label(signal.about)}</p>
            {one.on &&
              signal.thresholds.map((threshold) => (
                <ThresholdInput
                  key={threshold.key}
                  threshold={threshold}
                  value={one.values[threshold.key] ?? threshold.default}
                  onChange={(value) => put(signal.key, { values: { ...one.values, [threshold.key]: value } })}
                />
              ))}
          </section>
        )
      })}
      {save.error && <ProblemNote error={save.error} />}
      <div className={styles.doings}>
        <Button type="primary" loading={save.isPending} onClick={() => save.mutate(settingsOf(draft))}>
          {t('common.save')}
        </Button>
        <Button onClick={() => save.mutate({})}>{t('designCheck.restore')}</Button>
      </div>
    </div>
  )
}

interface ThresholdInputProps {
  threshold: Threshold
  value: number
  onChange: (value: number) => void
}

/** Shares are typed as percent and kept as fractions. */
function ThresholdInput({ threshold, value, onChange }: ThresholdInputProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const { language } = useLocale()
  const id = useId()
  const factor = threshold.unit === 'share' ? 100 : 1
  const shown = (one: number) => Number((one * factor).toFixed(4))
  const unit = t(`designCheck.unit.${threshold.unit}`)
  return (
    <div className={styles.threshold}>
      <label htmlFor={id}>{label(threshold.label)}</label>
      <InputNumber
        id={id}
        value={shown(value)}
        min={shown(threshold.least)}
        max={shown(threshold.most)}
        suffix={unit}
        onChange={(typed) => typed !== null && onChange(typed / factor)}
      />
      <p className={styles.small}>
        {t('designCheck.defaultValue', { value: `${formatNumber(shown(threshold.default), language)} ${unit}` })} ·{' '}
        {label(threshold.reason)}
      </p>
    </div>
  )
}
