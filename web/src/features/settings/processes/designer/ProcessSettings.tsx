import { Checkbox } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Definition, MoveKind } from '@/api/types'
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
