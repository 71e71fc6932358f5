import { Input, Segmented, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { FieldInput, isEnterable } from '@/controls/FieldInput'
import { fieldOf } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { writable } from '@/kernel/records'
import { Labelled } from './FilePart'
import styles from './imports.module.css'
import type { PartProps } from './Wizard'

/** What happens to rows that exist already, to empty cells, and to Fields that no column fills. */
export function RulesPart({ object, analysis, plan, change }: PartProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const process = object.processes[0]
  const used = new Set(Object.values(plan.columns).map((one) => one.field))
  const free = object.fields.filter((field) => isEnterable(field) && !used.has(field.key))
  const nameField = fieldOf(object, object.name_field)
  const nameFree = nameField && isEnterable(nameField) && !used.has(nameField.key)
  const defaults = Object.keys(plan.defaults)
  return (
    <section className={styles.part}>
      <h2 className={styles.heading}>{t('imports.rulesTitle')}</h2>
      <div className={styles.rules}>
        <Labelled label={t('imports.key')} id="import-key">
          <Select
            id="import-key"
            showSearch={{ optionFilterProp: 'label' }}
            popupMatchSelectWidth={false}
            value={plan.key ?? ''}
            options={[
              { value: '', label: t('imports.noKey') },
              ...analysis.columns
                .filter((column) => plan.columns[column.name]?.field)
                .map((column) => ({ value: column.name, label: column.name })),
            ]}
            onChange={(key) => change({ key: key || null })}
          />
          <span className={styles.quiet}>{plan.key === analysis.key.column ? analysis.key.reason : ''}</span>
        </Labelled>
        {plan.key && (
          <Labelled label={t('imports.duplicates')} id="import-duplicates">
            <Segmented
              id="import-duplicates"
              value={plan.duplicates}
              options={(['update', 'skip', 'create'] as const).map((value) => ({
                value,
                label: t(`imports.onDuplicate.${value}`),
              }))}
              onChange={(duplicates) => change({ duplicates })}
            />
          </Labelled>
        )}
        {plan.key && plan.duplicates === 'update' && (
          <Labelled label={t('imports.emptyCells')} id="import-empty">
            <Segmented
              id="import-empty"
              value={plan.empty_cells}
              options={(['keep', 'clear'] as const).map((value) => ({ value, label: t(`imports.onEmpty.${value}`) }))}
              onChange={(empty) => change({ empty_cells: empty })}
            />
          </Labelled>
        )}
        {nameField && nameFree && (
          <Labelled label={t('imports.template', { field: label(nameField.label) })} id="import-template">
            <Input
              id="import-template"
              key={plan.template[nameField.key]}
              defaultValue={plan.template[nameField.key] ?? ''}
              placeholder="{客户} · {产品}"
              onBlur={({ target }) =>
                target.value !== (plan.template[nameField.key] ?? '') &&
                change({ template: { ...plan.template, [nameField.key]: target.value } })
              }
            />
            <span className={styles.quiet}>{t('imports.templateHint')}</span>
          </Labelled>
        )}
        {process && plan.pipeline.create && (
          <Labelled label={t('imports.pipelineName')} id="import-pipeline">
            <Input
              id="import-pipeline"
              key={plan.pipeline.name}
              defaultValue={plan.pipeline.name}
              onBlur={({ target }) =>
                target.value !== plan.pipeline.name && change({ pipeline: { ...plan.pipeline, name: target.value } })
              }
            />
            <span className={styles.quiet}>{t('imports.pipelineHint')}</span>
          </Labelled>
        )}
        {defaults.map((key) => {
          const field = fieldOf(object, key)
          return (
            field && (
              <Labelled
                key={key}
                label={t('imports.defaultFor', { field: label(field.label) })}
                id={`import-default-${key}`}
              >
                <FieldInput
                  id={`import-default-${key}`}
                  field={field}
                  object={object}
                  value={plan.defaults[key]}
                  onChange={(value) => change({ defaults: { ...plan.defaults, [key]: writable(value) } })}
                />
              </Labelled>
            )
          )
        })}
        <Select
          className={styles.addDefault ?? ''}
          showSearch={{ optionFilterProp: 'label' }}
          value={null}
          placeholder={t('imports.addDefault')}
          aria-label={t('imports.addDefault')}
          options={free
            .filter((field) => !defaults.includes(field.key))
            .map((field) => ({ value: field.key, label: label(field.label) }))}
          onChange={(key) => key && change({ defaults: { ...plan.defaults, [key]: null } })}
        />
      </div>
    </section>
  )
}
