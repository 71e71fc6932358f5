import { InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '@/kernel/format'
import { useLocale } from '@/kernel/session'
import styles from './imports.module.css'
import { Problems } from './Problems'
import type { PartProps } from './Wizard'

const encodings = ['utf-8', 'utf-8-sig', 'gb18030', 'utf-16', 'big5', 'latin-1']
const delimiters = [',', ';', '\t', '|']

/** How the file is read: sheet, header row, encoding, delimiter; and what was noticed about it. */
export function FilePart({ analysis, plan, change }: PartProps) {
  const { t } = useTranslation()
  const { language } = useLocale()
  const { layout, sheets, notices, unread } = analysis
  const known = (list: string[], value: string | null) => (value && !list.includes(value) ? [value, ...list] : list)
  const visible = sheets.filter((sheet) => sheet.visible)
  return (
    <section className={styles.part}>
      <h2 className={styles.heading}>{t('imports.fileTitle')}</h2>
      <div className={styles.reading}>
        {visible.length > 1 && (
          <Labelled label={t('imports.sheet')} id="import-sheet">
            <Select
              id="import-sheet"
              popupMatchSelectWidth={false}
              value={layout.sheet}
              options={visible.map((sheet) => ({
                value: sheet.name,
                label: `${sheet.name} · ${t('imports.rowCount', { rows: formatNumber(sheet.rows, language) })}`,
              }))}
              onChange={(sheet) => change({ sheet, header_row: null, columns: {}, key: null })}
            />
          </Labelled>
        )}
        <Labelled label={t('imports.headerRow')} id="import-header">
          <InputNumber
            id="import-header"
            min={0}
            max={200}
            value={plan.header_row ?? layout.header_row}
            onChange={(row) => row !== null && change({ header_row: row, columns: {}, key: null })}
          />
        </Labelled>
        {layout.encoding && (
          <Labelled label={t('imports.encoding')} id="import-encoding">
            <Select
              id="import-encoding"
              popupMatchSelectWidth={false}
              value={plan.encoding ?? layout.encoding}
              options={known(encodings, layout.encoding).map((value) => ({ value, label: value.toUpperCase() }))}
              onChange={(encoding) => change({ encoding, columns: {}, key: null })}
            />
          </Labelled>
        )}
        {layout.delimiter && (
          <Labelled label={t('imports.delimiter')} id="import-delimiter">
            <Select
              id="import-delimiter"
              popupMatchSelectWidth={false}
              value={plan.delimiter ?? layout.delimiter}
              options={known(delimiters, layout.delimiter).map((value) => ({
                value,
                label: value === '\t' ? 'Tab' : value,
              }))}
              onChange={(delimiter) => change({ delimiter, columns: {}, key: null })}
            />
          </Labelled>
        )}
        <span className={styles.quiet}>{t('imports.rowCount', { rows: formatNumber(analysis.rows, language) })}</span>
      </div>
      {notices.length > 0 && (
        <ul className={styles.notices}>
          {notices.map((notice) => (
            <li key={`${notice.code}:${notice.line}`} data-severity={notice.severity}>
              {notice.message}
            </li>
          ))}
        </ul>
      )}
      <Problems problems={unread.first} total={unread.count} />
    </section>
  )
}

export function Labelled({ label, id, children }: { label: string; id: string; children: React.ReactNode }) {
  return (
    <div className={styles.labelled}>
      <label htmlFor={id}>{label}</label>
      {children}
    </div>
  )
}
