import { Button } from 'antd'
import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/types'
import { RecordPicker } from '@/controls/RecordPicker'
import styles from './imports.module.css'
import type { ValueMatch } from './types'

interface ValueTargetProps {
  match: ValueMatch
  field: Field
  given: string | null | undefined
  onChange: (target: string | null | undefined) => void
}

/** Ways of finding a record that are worth telling; an exact match is not. */
const told = ['code', 'folded', 'pinyin', 'several', 'near', 'synonym'] as const

/** The record that a written name means: found, suggested with one click, or picked. */
export function ValueTarget({ match, field, given, onChange }: ValueTargetProps) {
  const { t } = useTranslation()
  const how = told.find((one) => one === match.how)
  if (given !== undefined) {
    return (
      <span className={styles.given}>
        {given === null ? t('imports.makeEmpty') : (match.match?.label ?? given)}
        <Button
          type="text"
          size="small"
          icon={<X size={14} aria-hidden />}
          aria-label={t('common.clear')}
          onClick={() => onChange(undefined)}
        />
      </span>
    )
  }
  if (match.match) {
    return (
      <span className={styles.given}>
        {match.match.label}
        {how && <span className={styles.quiet}>{t(`imports.how.${how}`)}</span>}
      </span>
    )
  }
  return (
    <span className={styles.suggested}>
      {match.suggestions.map((name) => (
        <Button key={name} size="small" onClick={() => onChange(name)}>
          {name}
        </Button>
      ))}
      {field.target && (
        <RecordPicker
          object={field.target}
          value={null}
          onChange={(record) => record && onChange(record.id)}
          placeholder={t('imports.pick')}
        />
      )}
    </span>
  )
}
