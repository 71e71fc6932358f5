import { Checkbox, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Labelled } from './FilePart'
import styles from './imports.module.css'
import type { HistoryPlan } from './types'
import type { PartProps } from './Wizard'

const parts = ['record', 'state', 'time', 'person', 'amount'] as const
const optional = new Set<string>(['person', 'amount'])

/** The columns of a file with one row per entry into a stage, and whether a process is made of its stages. */
export function HistoryPart({ analysis, plan, change }: PartProps) {
  const { t } = useTranslation()
  const history = plan.history
  if (!history) return null
  const columns = analysis.columns.map((column) => ({
    value: column.name,
    label: `${column.name} · ${column.samples[0] ?? ''}`,
  }))
  const set = (part: keyof HistoryPlan, value: string | null) => change({ history: { ...history, [part]: value } })
  return (
    <section className={styles.part}>
      <h2 className={styles.heading}>{t('imports.historyTitle')}</h2>
      <div className={styles.rules}>
        {parts.map((part) => (
          <Labelled key={part} label={t(`imports.history.${part}`)} id={`import-history-${part}`}>
            <Select
              id={`import-history-${part}`}
              showSearch={{ optionFilterProp: 'label' }}
              allowClear={optional.has(part)}
              popupMatchSelectWidth={false}
              value={history[part]}
              options={columns}
              onChange={(value) => set(part, value ?? null)}
            />
          </Labelled>
        ))}
        <Checkbox
          checked={plan.pipeline.create}
          onChange={(event) => change({ pipeline: { ...plan.pipeline, create: event.target.checked } })}
        >
          {t('imports.missing.pipeline')}
        </Checkbox>
        {plan.pipeline.create && (
          <Labelled label={t('imports.pipelineName')} id="import-history-pipeline">
            <Input
              id="import-history-pipeline"
              key={plan.pipeline.name}
              defaultValue={plan.pipeline.name}
              onBlur={({ target }) =>
                target.value !== plan.pipeline.name && change({ pipeline: { ...plan.pipeline, name: target.value } })
              }
            />
          </Labelled>
        )}
      </div>
    </section>
  )
}
