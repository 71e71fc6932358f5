import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { HandOverExtent, Holdings } from '@/api/types'
import { formatNumber } from '@/kernel/format'
import { useLabel, useLanguage } from '@/kernel/language'
import settings from '../settings.module.css'
import styles from './handover.module.css'

interface HoldingsTableProps {
  holdings: Holdings
  extents: Record<string, HandOverExtent>
  onChange: (part: string, extent: HandOverExtent) => void
}

/** What somebody holds, with how much there is and how much of it is to go. */
export function HoldingsTable({ holdings, extents, onChange }: HoldingsTableProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const language = useLanguage()
  const choice = (key: string, name: string, hasOpen: boolean) => (
    <Select<HandOverExtent>
      size="small"
      className={styles.extent ?? ''}
      aria-label={`${t('handOver.extent')}: ${name}`}
      value={extents[key] ?? 'all'}
      options={(hasOpen ? (['all', 'open', 'none'] as const) : (['all', 'none'] as const)).map((one) => ({
        value: one,
        label: t(`handOver.extents.${one}`),
      }))}
      onChange={(extent) => onChange(key, extent)}
    />
  )
  return (
    <div className={settings.scroll}>
      <table className={settings.table}>
        <thead>
          <tr>
            <th>{t('handOver.part')}</th>
            <th className={styles.figure}>{t('handOver.total')}</th>
            <th className={styles.figure}>{t('handOver.open')}</th>
            <th>{t('handOver.extent')}</th>
          </tr>
        </thead>
        <tbody>
          {holdings.parts.map((part) => {
            const name = `${label(part.label)} · ${label(part.field_label)}`
            return (
              <tr key={part.key}>
                <td>{name}</td>
                <td className={styles.figure}>{formatNumber(part.total, language)}</td>
                <td className={styles.figure}>{part.open === null ? '' : formatNumber(part.open, language)}</td>
                <td>{choice(part.key, name, part.open !== null)}</td>
              </tr>
            )
          })}
          {holdings.beside.map((one) => (
            <tr key={one.key}>
              <td>
                {label(one.label)}
                {one.key === 'processes' &&
                  holdings.processes.map((process) => (
                    <p key={process.key} className={settings.hint}>
                      {t('handOver.processParts', {
                        process: label(process.label),
                        parts: process.parts.map((part) => label(part)).join('、'),
                      })}
                    </p>
                  ))}
              </td>
              <td className={styles.figure}>{formatNumber(one.total, language)}</td>
              <td />
              <td>{choice(one.key, label(one.label), false)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
