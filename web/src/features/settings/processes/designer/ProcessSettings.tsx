import { Checkbox, Select } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Definition, MoveKind } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { LabelInputs } from '../../objects/LabelInputs'
import settings from '../../settings.module.css'
import { useDesigner } from './context'
import styles from './designer.module.css'
import { FieldsPicker } from './FieldsPicker'
import { placeOf } from './places'

const reasons: MoveKind[] = ['forward', 'skip', 'back', 'reopen', 'win', 'lose', 'close']
const forbidden: MoveKind[] = ['skip', 'back', 'reopen', 'win', 'lose', 'close']
const blank = { zh: '', en: '' }

/** What holds for the whole Process. */
export function ProcessSettings() {
  const { t } = useTranslation()
  const { definition, change, problem } = useDesigner()
  const put = (part: Partial<Definition>, touched?: string) => change({ ...definition, ...part }, touched)
  const at = problem && placeOf(definition, problem.at)
  const fault = (part: string) =>
    at?.kind === 'process' &&
    at.part === part && (
      <p className={styles.faultText} role="alert">
        {problem?.message}
      </p>
    )
  const toggle = (name: 'comment_on' | 'forbid', kind: MoveKind, wanted: boolean) => {
    const now = definition[name] ?? []
    put({ [name]: wanted ? [...now, kind] : now.filter((one) => one !== kind) })
  }
  return (
    <div className={styles.settings}>
      <section className={`${settings.section} ${settings.form}`}>
        <LabelInputs
          required
          label={t('design.processName')}
          value={definition.label}
          onChange={(label) => put({ label }, 'process.label')}
        />
        {fault('label')}
        <LabelInputs
          long
          label={t('design.description')}
          value={definition.description ?? blank}
          onChange={(description) => put({ description }, 'process.description')}
        />
        <Checkbox
          checked={definition.is_default ?? false}
          onChange={(event) => put({ is_default: event.target.checked })}
        >
          {t('design.isDefault')}
        </Checkbox>
      </section>
      <section className={settings.section}>
        <h3 className={settings.sectionTitle}>{t('design.minimum')}</h3>
        <p className={settings.sectionLead}>{t('design.minimumHint')}</p>
        {fault('minimum')}
        <FieldsPicker
          label={t('design.addMinimum')}
          value={definition.minimum ?? []}
          onChange={(minimum) => put({ minimum })}
        />
      </section>
      <KeptFields onChange={put} />
      {fault('sum_field')}
      {fault('derived')}
      <section className={settings.section} aria-label={t('design.commentOn')}>
        <h3 className={settings.sectionTitle}>{t('design.commentOn')}</h3>
        <p className={settings.sectionLead}>{t('design.commentOnHint')}</p>
        <div className={settings.checks}>
          {reasons.map((kind) => (
            <Checkbox
              key={kind}
              checked={definition.comment_on?.includes(kind) ?? false}
              onChange={(event) => toggle('comment_on', kind, event.target.checked)}
            >
              {t(`design.moves.${kind}`)}
            </Checkbox>
          ))}
        </div>
      </section>
      <section className={settings.section} aria-label={t('design.forbid')}>
        <h3 className={settings.sectionTitle}>{t('design.forbid')}</h3>
        <p className={settings.sectionLead}>{t('design.forbidHint')}</p>
        <div className={settings.checks}>
          {forbidden.map((kind) => (
            <Checkbox
              key={kind}
              checked={definition.forbid?.includes(kind) ?? false}
              onChange={(event) => toggle('forbid', kind, event.target.checked)}
            >
              {t(`design.moves.${kind}`)}
            </Checkbox>
          ))}
        </div>
      </section>
    </div>
  )
}

const kept = [
  { name: 'probability', kinds: ['number'] },
  { name: 'forecast_category', kinds: ['choice', 'text'] },
  { name: 'closed_on', kinds: ['date'] },
] as const

/** The amount that boards add up, and the Fields that follow the stage by themselves. */
function KeptFields({ onChange }: { onChange: (part: Partial<Definition>) => void }) {
  const { t } = useTranslation()
  const text = useLabel()
  const id = useId()
  const { definition, object } = useDesigner()
  const { derived = {} } = definition
  const select = (
    name: string,
    label: string,
    kinds: readonly string[],
    value: unknown,
    write: (key: string | null) => void,
  ) => (
    <div key={name} className={settings.field}>
      <label htmlFor={`${id}-${name}`}>{label}</label>
      <Select
        id={`${id}-${name}`}
        allowClear
        placeholder={t('common.none')}
        value={typeof value === 'string' ? value : null}
        options={object.fields
          .filter((field) => !field.computed && kinds.includes(field.kind ?? ''))
          .map((field) => ({ value: field.key, label: text(field.label) }))}
        onChange={(key: string | undefined) => write(key ?? null)}
      />
    </div>
  )
  return (
    <section className={settings.section} aria-label={t('design.kept.title')}>
      <h3 className={settings.sectionTitle}>{t('design.kept.title')}</h3>
      <p className={settings.sectionLead}>{t('design.kept.hint')}</p>
      <div className={settings.two}>
        {select('sum_field', t('design.kept.sum_field'), ['number'], definition.sum_field, (sum_field) =>
          onChange({ sum_field }),
        )}
        {kept.map(({ name, kinds }) =>
          select(name, t(`design.kept.${name}`), kinds, derived[name], (key) => {
            const { [name]: _, ...rest } = derived
            onChange({ derived: key ? { ...rest, [name]: key } : rest })
          }),
        )}
      </div>
    </section>
  )
}
