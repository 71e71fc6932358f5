import { Button } from 'antd'
import { Plus, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { StageOutput, Text } from '@/api/types'
import { LabelInputs } from '../../../objects/LabelInputs'
import { useDesigner } from '../context'
import styles from '../designer.module.css'
import { OutputEditor } from '../OutputEditor'
import type { StagePartProps } from './Basics'

const blank: Text = { zh: '', en: '' }

function replaced<T>(items: T[], index: number, next: T | null): T[] {
  return items.flatMap((one, place) => (place === index ? (next === null ? [] : [next]) : [one]))
}

/** What has to be there when the stage begins, and what it leaves behind: the flow chart is drawn from them. */
export function InputsOutputs({ state, onChange }: StagePartProps) {
  const { t } = useTranslation()
  const { readOnly } = useDesigner()
  const inputs = state.inputs ?? []
  const outputs = state.outputs ?? []
  const setInputs = (next: Text[], touched?: string) => onChange({ ...state, inputs: next }, touched)
  const setOutputs = (next: StageOutput[], touched?: string) => onChange({ ...state, outputs: next }, touched)
  const drop = (label: string, run: () => void) =>
    !readOnly && <Button type="text" size="small" icon={<Trash2 size={14} />} aria-label={label} onClick={run} />
  return (
    <>
      {inputs.map((input, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an input is nothing but its text
        <div key={index} className={styles.cardHead}>
          <LabelInputs
            label={t('design.input', { number: index + 1 })}
            value={input}
            onChange={(next) => setInputs(replaced(inputs, index, next), `inputs.${index}`)}
          />
          {drop(t('design.dropInput', { number: index + 1 }), () => setInputs(replaced(inputs, index, null)))}
        </div>
      ))}
      {!readOnly && (
        <Button type="dashed" block icon={<Plus size={14} />} onClick={() => setInputs([...inputs, blank])}>
          {t('design.addInput')}
        </Button>
      )}
      {outputs.map((output, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an output has no key of its own
        <div key={index} className={styles.card}>
          <div className={styles.cardHead}>
            <LabelInputs
              label={t('design.outputName', { number: index + 1 })}
              value={output.label ?? blank}
              onChange={(label) => setOutputs(replaced(outputs, index, { ...output, label }), `outputs.${index}`)}
            />
            {drop(t('design.dropOutput', { number: index + 1 }), () => setOutputs(replaced(outputs, index, null)))}
          </div>
          <OutputEditor value={output} onChange={(next) => next && setOutputs(replaced(outputs, index, next))} />
        </div>
      ))}
      {!readOnly && (
        <Button
          type="dashed"
          block
          icon={<Plus size={14} />}
          onClick={() => setOutputs([...outputs, { kind: 'note', label: blank }])}
        >
          {t('design.addOutput')}
        </Button>
      )}
    </>
  )
}
