import { useTranslation } from 'react-i18next'
import type { ProcessForecast } from '@/api/types'
import { useLabel } from '@/kernel/language'
import settings from '../../settings.module.css'

interface ForecastTableProps {
  forecast: ProcessForecast
  /** Names of stages, old and new. */
  names: Map<string, Parameters<ReturnType<typeof useLabel>>[0]>
}

/** What becomes of records: how many are carried where, and how many ever reached each stage. */
export function ForecastTable({ forecast, names }: ForecastTableProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const name = (key: string) => label(names.get(key)) || key
  return (
    <section aria-label={t('design.forecast')}>
      <h3 className={settings.sectionTitle}>{t('design.forecast')}</h3>
      {forecast.carried.length === 0 ? (
        <p className={settings.sectionLead}>{t('design.nothingCarried')}</p>
      ) : (
        <ul>
          {forecast.carried.map((one) => (
            <li key={one.from}>{t('design.carried', { count: one.count, from: name(one.from), to: name(one.to) })}</li>
          ))}
        </ul>
      )}
      <table className={settings.table}>
        <thead>
          <tr>
            <th>{t('design.stage')}</th>
            <th>{t('design.reached')}</th>
          </tr>
        </thead>
        <tbody>
          {forecast.reached.map((one) => (
            <tr key={one.state}>
              <td>{name(one.state)}</td>
              <td>{one.records}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
