import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Segmented, Select, Switch } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { SharingRule, SharingRuleBody } from '@/api/types'
import { ConditionEditor } from '@/controls/conditions/ConditionEditor'
import { useMaybeObject, useObjects } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { ProblemNote } from '@/ui/ProblemView'
import { SideDrawer } from '@/ui/SideDrawer'
import { hasText, LabelInputs } from '../objects/LabelInputs'
import settings from '../settings.module.css'
import { ForWhom } from '../whom/ForWhom'
import styles from './rules.module.css'
import { bodyOf, useRuleActions } from './useRules'

const fresh: SharingRuleBody = {
  label: { zh: '', en: '' },
  object: '',
  where: null,
  people: [],
  departments: [],
  roles: [],
  level: 'read',
  active: true,
}

/** One rule: its name, the records it gives, with whom and how far; how many records that is at present. */
export function RuleDrawer({ rule, onClose }: { rule: SharingRule | null; onClose: () => void }) {
  const { t } = useTranslation()
  const label = useLabel()
  const field = useId()
  const objects = useObjects()
  const [body, setBody] = useState<SharingRuleBody>(rule ? bodyOf(rule) : fresh)
  const { save } = useRuleActions(onClose)
  const put = (change: Partial<SharingRuleBody>) => setBody((before) => ({ ...before, ...change }))
  const given = body.people.length > 0 || body.departments.length > 0 || body.roles.length > 0
  const ready = hasText(body.label) && given && body.object !== ''
  return (
    <SideDrawer
      open
      wide
      title={t(rule ? 'sharing.rules.change' : 'sharing.rules.add')}
      onClose={onClose}
      footer={
        <div className={settings.buttons}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            type="primary"
            disabled={!ready}
            loading={save.isPending}
            onClick={() => save.mutate({ before: rule, body })}
          >
            {t('common.save')}
          </Button>
        </div>
      }
    >
      <div className={settings.form}>
        <LabelInputs
          label={t('sharing.rules.name')}
          value={body.label}
          onChange={(name) => put({ label: name })}
          required
        />
        <div className={settings.field}>
          <label htmlFor={`${field}-object`}>{t('sharing.rules.object')}</label>
          <Select
            id={`${field}-object`}
            disabled={rule !== null}
            showSearch={{ optionFilterProp: 'label' }}
            value={body.object || null}
            options={objects.map((one) => ({ value: one.key, label: label(one.label_plural) }))}
            onChange={(object: string) => put({ object, where: null })}
          />
        </div>
        {body.object && <Where key={body.object} body={body} onChange={(where) => put({ where })} />}
        <ForWhom title={t('sharing.rules.for')} named={rule} roles={body.roles} onChange={put} />
        <div className={settings.line}>
          <span className={settings.label} id={`${field}-level`}>
            {t('sharing.rules.level')}
          </span>
          <Segmented
            aria-labelledby={`${field}-level`}
            value={body.level}
            options={(['read', 'edit'] as const).map((one) => ({ value: one, label: t(`sharing.level.${one}`) }))}
            onChange={(level) => put({ level })}
          />
        </div>
        <div className={settings.line}>
          <Switch id={`${field}-active`} checked={body.active} onChange={(active) => put({ active })} />
          <label htmlFor={`${field}-active`}>{t('sharing.rules.active')}</label>
        </div>
        {save.error && <ProblemNote error={save.error} />}
      </div>
    </SideDrawer>
  )
}

interface WhereProps {
  body: SharingRuleBody
  onChange: (where: SharingRuleBody['where']) => void
}

/** Which records, and how many there are of them. */
function Where({ body, onChange }: WhereProps) {
  const { t } = useTranslation()
  const object = useMaybeObject(body.object)
  const { data, error } = useQuery({
    queryKey: ['sharing-rules', 'count', body.object, body.where],
    queryFn: ({ signal }) => api.sharingRules.count({ object: body.object, where: body.where }, signal),
    placeholderData: keepPreviousData,
    retry: false,
  })
  if (!object) return null
  return (
    <div className={settings.field}>
      <span className={settings.label}>{t('sharing.rules.where')}</span>
      <div className={styles.condition}>
        <ConditionEditor object={object} value={body.where} onChange={onChange} />
      </div>
      {data && !error && <span className={settings.hint}>{t('sharing.rules.count', { count: data.records })}</span>}
      {error && <ProblemNote error={error} />}
    </div>
  )
}
