import { Input } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Text } from '@/api/types'
import settings from '../settings.module.css'

interface LabelInputsProps {
  label: string
  value: Text
  onChange: (value: Text) => void
  long?: boolean
  autoFocus?: boolean
  required?: boolean
}

/** One text in both languages, side by side; one that is left out takes over the other. */
export function LabelInputs({
  label,
  value,
  onChange,
  long = false,
  autoFocus = false,
  required = false,
}: LabelInputsProps) {
  const { t } = useTranslation()
  const id = useId()
  const Box = long ? Input.TextArea : Input
  return (
    <fieldset className={settings.pair}>
      <legend className={settings.label}>
        {label}
        {required && <span aria-hidden> *</span>}
      </legend>
      <div className={settings.two}>
        {(['zh', 'en'] as const).map((language) => (
          <div key={language} className={settings.field}>
            <label htmlFor={`${id}-${language}`} className="visually-hidden">
              {`${label} (${t(`common.languages.${language}`)})`}
            </label>
            <Box
              id={`${id}-${language}`}
              autoFocus={autoFocus && language === 'zh'}
              placeholder={t(`common.languages.${language}`)}
              value={value[language]}
              onChange={(event) => onChange({ ...value, [language]: event.target.value })}
            />
          </div>
        ))}
      </div>
    </fieldset>
  )
}

/** A text as it is sent: blanks trimmed, a missing language left to the other. */
export const trimmed = (text: Text): Text => ({
  zh: text.zh.trim() || text.en.trim(),
  en: text.en.trim() || text.zh.trim(),
})

export const hasText = (text: Text): boolean => Boolean(text.zh.trim() || text.en.trim())
