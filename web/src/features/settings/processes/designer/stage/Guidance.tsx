import { useTranslation } from 'react-i18next'
import type { GuidancePart } from '@/api/types'
import { FieldPathPicker } from '@/controls/FieldPathPicker'
import { LabelInputs } from '../../../objects/LabelInputs'
import { useDesigner } from '../context'
import styles from '../designer.module.css'
import type { StagePartProps } from './Basics'

const parts: GuidancePart[] = ['why', 'how', 'done', 'focus', 'difficulty', 'effect', 'script']
const empty = { zh: '', en: '' }

/** What a person reads on the record while it is in the stage; the script takes values of the record in. */
export function Guidance({ state, onChange }: StagePartProps) {
  const { t } = useTranslation()
  const { object, readOnly } = useDesigner()
  const said = state.guidance ?? {}
  const put = (part: GuidancePart, text: { zh: string; en: string }) => {
    const { [part]: _, ...rest } = said
    const kept = text.zh || text.en ? { ...rest, [part]: text } : rest
    onChange({ ...state, guidance: kept }, `guidance.${part}`)
  }
  const script = said.script ?? empty
  const insert = (path: string) => {
    const place = `{${path}}`
    put('script', { zh: script.zh + place, en: script.en + place })
  }
  return (
    <>
      {parts.map((part) => (
        <div key={part}>
          <LabelInputs
            long
            label={t(`design.guidance.${part}`)}
            value={said[part] ?? empty}
            onChange={(text) => put(part, text)}
          />
          {part === 'script' && !readOnly && (
            <div className={styles.under}>
              <FieldPathPicker
                object={object}
                value={null}
                label={t('design.insertField')}
                placeholder={t('design.insertField')}
                onChange={insert}
              />
              <p className={styles.hint}>{t('design.scriptHint')}</p>
            </div>
          )}
        </div>
      ))}
    </>
  )
}
