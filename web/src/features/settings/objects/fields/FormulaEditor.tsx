import { useQuery } from '@tanstack/react-query'
import { Input } from 'antd'
import type { TextAreaRef } from 'antd/es/input/TextArea'
import { useDeferredValue, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import { asProblem } from '@/api/problem'
import type { ObjectDescription, Text } from '@/api/types'
import { useLabel } from '@/kernel/language'
import settings from '../../settings.module.css'
import styles from '../objects.module.css'
import { functionsQuery } from '../useSchema'

interface FormulaEditorProps {
  object: ObjectDescription
  /** The Field that the formula belongs to; it cannot refer to itself. */
  own: string | null
  value: string
  onChange: (value: string) => void
}

interface Checked {
  result?: string
  kind?: string
  sentence?: Text
}

/** What the server says about an expression: what it results in, or where it goes wrong. */
function useCheck(object: string, expression: string) {
  const asked = useDeferredValue(expression.trim())
  return useQuery({
    queryKey: ['formula', object, asked],
    queryFn: () => api.schema.checkFormula<Checked>(object, asked),
    enabled: asked !== '',
    retry: false,
    staleTime: 60_000,
  })
}

/** An expression with the Fields and functions it can use; checked while it is typed. */
export function FormulaEditor({ object, own, value, onChange }: FormulaEditorProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const id = useId()
  const box = useRef<TextAreaRef>(null)
  const { data: functions = [] } = useQuery(functionsQuery)
  const check = useCheck(object.key, value)
  const insert = (text: string) => {
    const area = box.current?.resizableTextArea?.textArea
    const start = area?.selectionStart ?? value.length
    const end = area?.selectionEnd ?? value.length
    onChange(value.slice(0, start) + text + value.slice(end))
    requestAnimationFrame(() => {
      area?.focus()
      area?.setSelectionRange(start + text.length, start + text.length)
    })
  }
  const named = functions.filter((one) => /^[A-Z_]+$/.test(one.key))
  return (
    <div className={settings.field}>
      <label htmlFor={id}>{t('settings.formula.expression')}</label>
      <div className={styles.formula}>
        <Input.TextArea
          ref={box}
          id={id}
          spellCheck={false}
          autoSize={{ minRows: 2, maxRows: 8 }}
          placeholder={t('settings.formula.placeholder')}
          aria-describedby={`${id}-check`}
          status={check.error && asProblem(check.error).status === 400 && value.trim() ? 'error' : ''}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      </div>
      <div id={`${id}-check`} aria-live="polite">
        {value.trim() && check.data && <p className={styles.good}>{t('settings.formula.fine')}</p>}
        {value.trim() && check.error && asProblem(check.error).status === 400 && (
          <p className={styles.bad}>{asProblem(check.error).message}</p>
        )}
      </div>
      <div className={styles.formulaHelp}>
        <div className={styles.helpList}>
          <div className={styles.helpTitle}>{t('settings.formula.fields')}</div>
          {object.fields
            .filter((field) => field.key !== own)
            .map((field) => (
              <button key={field.key} type="button" className={styles.helpEntry} onClick={() => insert(field.key)}>
                <code>{field.key}</code>
                <span>{label(field.label)}</span>
              </button>
            ))}
        </div>
        <div className={styles.helpList}>
          <div className={styles.helpTitle}>{t('settings.formula.functions')}</div>
          {named.map((one) => (
            <button key={one.key} type="button" className={styles.helpEntry} onClick={() => insert(`${one.key}(`)}>
              <code>{`${one.key}(${one.arguments.map((argument) => label(argument.name)).join(', ')})`}</code>
              <span>{label(one.help)}</span>
            </button>
          ))}
        </div>
      </div>
    </div>
  )
}
