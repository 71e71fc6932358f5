import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocale } from '@/kernel/session'
import styles from './asof.module.css'
import { endOf, momentNames, momentWords } from './moments'

interface AsOfPanelProps {
  value: string | null
  onChange: (moment: string | null) => void
}

/** The moments people ask for most, and any other one. */
export function AsOfPanel({ value, onChange }: AsOfPanelProps) {
  const { t } = useTranslation()
  const locale = useLocale()
  const { zone, today } = locale
  const id = useId()
  const local = (moment: string) => dayjs(dayjs(moment).tz(zone).format('YYYY-MM-DDTHH:mm:ss'))
  return (
    <div className={styles.panel} role="dialog" aria-label={t('controls.asOf.title')}>
      <p className={styles.lead}>{t('controls.asOf.lead')}</p>
      <ul className={styles.moments}>
        {momentNames.map((name) => {
          const moment = endOf(name, today, zone)
          return (
            <li key={name}>
              <button
                type="button"
                className={styles.moment}
                aria-current={moment === value || undefined}
                onClick={() => onChange(moment)}
              >
                <span>{t(`controls.asOf.${name}`)}</span>
                <span className={styles.exact}>{momentWords(moment, locale)}</span>
              </button>
            </li>
          )
        })}
      </ul>
      <label htmlFor={id} className={styles.label}>
        {t('controls.asOf.other')}
      </label>
      <DatePicker
        id={id}
        className={styles.picker ?? ''}
        showTime={{ format: 'HH:mm', minuteStep: 5 }}
        format="YYYY-MM-DD HH:mm"
        maxDate={local(new Date().toISOString())}
        value={value ? local(value) : null}
        getPopupContainer={(input) => input.parentElement ?? document.body}
        onChange={(moment) =>
          onChange(moment ? dayjs.tz(moment.format('YYYY-MM-DDTHH:mm:ss'), zone).toISOString() : null)
        }
      />
    </div>
  )
}
