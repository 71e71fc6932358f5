import { useTranslation } from 'react-i18next'
import type { ProcessTemplate } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { ChoiceTag } from '@/ui/ChoiceTag'
import styles from './templates.module.css'

interface TemplateCardProps {
  template: ProcessTemplate
  onOpen: () => void
}

/** A template at a glance: name, for whom, its stages in order, how much each of them brings. */
export function TemplateCard({ template, onOpen }: TemplateCardProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const counts = [
    t('templates.stages', { count: template.stages.length }),
    t('templates.actions', { count: template.actions }),
    t('templates.conditions', { count: template.conditions }),
    ...(template.approvals.length > 0 ? [t('templates.approvals', { count: template.approvals.length })] : []),
  ]
  return (
    <li className={styles.card} data-template={template.key}>
      <div className={styles.cardHead}>
        <button type="button" className={styles.name} onClick={onOpen}>
          {label(template.label)}
        </button>
        {template.fits && <span className={styles.fits}>{t('templates.fits')}</span>}
      </div>
      <p className={styles.whom}>{label(template.description)}</p>
      <ol className={styles.way} aria-label={t('templates.way')}>
        {template.stages.map((stage) => (
          <li key={stage.key} data-optional={stage.optional || undefined}>
            <ChoiceTag label={label(stage.label)} color={stage.color} kind={stage.kind} />
          </li>
        ))}
      </ol>
      <p className={styles.counts}>{counts.join(' · ')}</p>
    </li>
  )
}
