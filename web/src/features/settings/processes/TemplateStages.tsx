import { CircleCheck, SquareCheckBig } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { TemplateState } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { ChoiceTag } from '@/ui/ChoiceTag'
import styles from './templates.module.css'

const told = ['why', 'how', 'done', 'focus', 'difficulty'] as const

/** The stages of a template one below the other: what each tells, what it asks for, which tasks it makes. */
export function TemplateStages({ states }: { states: TemplateState[] }) {
  const { t } = useTranslation()
  const label = useLabel()
  return (
    <ol className={styles.stages}>
      {states.map((state) => (
        <li key={state.key} className={styles.stage}>
          <div className={styles.stageHead}>
            <ChoiceTag label={label(state.label)} color={state.color} kind={state.kind} />
            {state.target_days && state.maximum_days && (
              <span className={styles.days}>
                {t('templates.days', { target: state.target_days, maximum: state.maximum_days })}
              </span>
            )}
          </div>
          <dl className={styles.told}>
            {told.map((part) => {
              const text = state.guidance?.[part]
              return (
                text && (
                  <div key={part}>
                    <dt>{t(`templates.guidance.${part}`)}</dt>
                    <dd>{label(text)}</dd>
                  </div>
                )
              )
            })}
          </dl>
          {[...(state.entry ?? []), ...(state.exit ?? [])].length > 0 && (
            <>
              <h4>{t('templates.asks')}</h4>
              <ul className={styles.items}>
                {[...(state.entry ?? []), ...(state.exit ?? [])].map((check) => (
                  <li key={check.key}>
                    <CircleCheck size={14} aria-hidden />
                    {label(check.label)}
                  </li>
                ))}
              </ul>
            </>
          )}
          {(state.actions ?? []).length > 0 && (
            <>
              <h4>{t('templates.does')}</h4>
              <ul className={styles.items}>
                {(state.actions ?? []).map((action) => (
                  <li key={action.key}>
                    <SquareCheckBig size={14} aria-hidden />
                    {label(action.label)}
                    <span className={styles.days}>
                      {t(action.must ? 'templates.must' : 'templates.should')}
                      {' · '}
                      {t('templates.due', { count: action.due_days })}
                    </span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </li>
      ))}
    </ol>
  )
}
