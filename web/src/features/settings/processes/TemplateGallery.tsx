import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { NewDefinition, ProcessTemplate } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { Bones } from '@/ui/Bones'
import { ProblemPanel } from '@/ui/ProblemView'
import { TemplateCard } from './TemplateCard'
import { TemplateDrawer } from './TemplateDrawer'
import styles from './templates.module.css'
import { templatesQuery } from './useTemplates'

interface TemplateGalleryProps {
  /** Takes over the definition of a new Process: to be worked on, or in use already. */
  onMade: (made: NewDefinition) => void
}

/** The Processes to start from: for whom each is, its stages, and one click to use it. */
export function TemplateGallery({ onMade }: TemplateGalleryProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const id = useId()
  const [industry, setIndustry] = useState<string | null>(null)
  const [chosen, setChosen] = useState<ProcessTemplate | null>(null)
  const gallery = useQuery(templatesQuery(industry))
  if (gallery.error) return <ProblemPanel error={gallery.error} onRetry={() => void gallery.refetch()} />
  if (!gallery.data) return <Bones />
  return (
    <section className={styles.gallery} aria-label={t('templates.title')}>
      <div className={styles.bar}>
        <label htmlFor={id}>{t('templates.industry')}</label>
        <Select
          id={id}
          className={styles.industry ?? ''}
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={t('templates.anyIndustry')}
          value={industry}
          options={gallery.data.industries.map((one) => ({ value: one.key, label: label(one.label) }))}
          onChange={(key) => setIndustry(key ?? null)}
        />
      </div>
      <ul className={styles.cards}>
        {gallery.data.templates.map((template) => (
          <TemplateCard key={template.key} template={template} onOpen={() => setChosen(template)} />
        ))}
      </ul>
      {chosen && <TemplateDrawer template={chosen} onClose={() => setChosen(null)} onMade={onMade} />}
    </section>
  )
}
