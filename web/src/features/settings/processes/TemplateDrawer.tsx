import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, Checkbox } from 'antd'
import { Lightbulb } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { NewDefinition, ProcessTemplate, Text } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { Bones } from '@/ui/Bones'
import { ProblemNote, ProblemPanel } from '@/ui/ProblemView'
import { SideDrawer } from '@/ui/SideDrawer'
import { hasText, LabelInputs, trimmed } from '../objects/LabelInputs'
import { useSchemaRefresh } from '../objects/useSchema'
import settings from '../settings.module.css'
import { TemplateStages } from './TemplateStages'
import styles from './templates.module.css'
import { templateQuery } from './useTemplates'

interface TemplateDrawerProps {
  template: ProcessTemplate
  onClose: () => void
  onMade: (made: NewDefinition) => void
}

/** A template in full: what its stages say, ask and do; then one click to use it as it is, or as a start. */
export function TemplateDrawer({ template, onClose, onMade }: TemplateDrawerProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const refresh = useSchemaRefresh()
  const whole = useQuery(templateQuery(template.key))
  const [name, setName] = useState<Text>({ zh: '', en: '' })
  const [leftOut, setLeftOut] = useState<string[]>([])
  const use = useMutation({
    mutationFn: (publish: boolean) =>
      api.templates.use(template.key, {
        publish,
        leave_out: leftOut,
        ...(hasText(name) && { label: trimmed(name) }),
      }),
    onSuccess: async (made) => {
      if (made.published) await refresh()
      onClose()
      onMade(made)
    },
  })
  const optional = template.stages.filter((stage) => stage.optional)
  const toggle = (key: string, wanted: boolean) =>
    setLeftOut(wanted ? leftOut.filter((one) => one !== key) : [...leftOut, key])
  return (
    <SideDrawer
      open
      wide
      title={label(template.label)}
      onClose={onClose}
      footer={
        <div className={settings.buttons}>
          <Button disabled={use.isPending} onClick={() => use.mutate(false)}>
            {t('templates.adjust')}
          </Button>
          <Button
            type="primary"
            loading={use.isPending && use.variables}
            disabled={use.isPending}
            onClick={() => use.mutate(true)}
          >
            {t('templates.use')}
          </Button>
        </div>
      }
    >
      <div className={settings.form}>
        <p className={styles.whom}>{label(template.description)}</p>
        <p className={styles.advice}>
          <Lightbulb size={16} aria-hidden />
          <span>{label(template.advice)}</span>
        </p>
        <LabelInputs label={t('templates.name')} value={name} onChange={setName} />
        <p className={settings.hint}>{t('templates.nameHint', { name: label(template.label) })}</p>
        {optional.length > 0 && (
          <fieldset className={settings.pair}>
            <legend className={settings.label}>{t('templates.optional')}</legend>
            <div className={settings.checks}>
              {optional.map((stage) => (
                <Checkbox
                  key={stage.key}
                  checked={!leftOut.includes(stage.key)}
                  onChange={(event) => toggle(stage.key, event.target.checked)}
                >
                  {label(stage.label)}
                </Checkbox>
              ))}
            </div>
          </fieldset>
        )}
        {use.error && <ProblemNote error={use.error} />}
        {whole.error && <ProblemPanel error={whole.error} onRetry={() => void whole.refetch()} />}
        {whole.isPending && <Bones />}
        {whole.data && (
          <TemplateStages states={whole.data.definition.states.filter((state) => !leftOut.includes(state.key))} />
        )}
      </div>
    </SideDrawer>
  )
}
