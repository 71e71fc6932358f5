import { Button, Select, Switch } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Policy, ScopedVerb } from '@/api/types'
import { ConditionEditor } from '@/controls/conditions/ConditionEditor'
import { useMaybeObject, useObjects } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { ProblemNote } from '@/ui/ProblemView'
import { SideDrawer } from '@/ui/SideDrawer'
import { hasText, LabelInputs } from '../objects/LabelInputs'
import settings from '../settings.module.css'
import { ForWhom } from '../whom/ForWhom'
import { scopedVerbs } from './grants'
import styles from './roles.module.css'
import { draftOf, type PolicyDraft, usePolicyActions } from './usePolicies'

const fresh: PolicyDraft = {
  label: { zh: '', en: '' },
  object: '',
  verbs: ['read'],
  where: { all: [] },
  people: [],
  departments: [],
  roles: [],
  active: true,
}

/** One restriction: which records, which verbs, for whom. */
export function PolicyDrawer({ policy, onClose }: { policy: Policy | null; onClose: () => void }) {
  const { t } = useTranslation()
  const label = useLabel()
  const field = useId()
  const objects = useObjects()
  const [draft, setDraft] = useState<PolicyDraft>(policy ? draftOf(policy) : fresh)
  const { save } = usePolicyActions(onClose)
  const object = useMaybeObject(draft.object)
  const put = (change: Partial<PolicyDraft>) => setDraft((before) => ({ ...before, ...change }))
  const ready = hasText(draft.label) && draft.object !== '' && draft.verbs.length > 0
  return (
    <SideDrawer
      open
      wide
      title={t(policy ? 'roles.policies.change' : 'roles.policies.add')}
      onClose={onClose}
      footer={
        <div className={settings.buttons}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            type="primary"
            disabled={!ready}
            loading={save.isPending}
            onClick={() => save.mutate({ draft, former: policy })}
          >
            {t('common.save')}
          </Button>
        </div>
      }
    >
      <div className={settings.form}>
        <LabelInputs label={t('roles.name')} value={draft.label} onChange={(name) => put({ label: name })} required />
        <div className={settings.field}>
          <label htmlFor={`${field}-object`}>{t('roles.policies.object')}</label>
          <Select
            id={`${field}-object`}
            disabled={policy !== null}
            showSearch={{ optionFilterProp: 'label' }}
            value={draft.object || null}
            options={objects.map((one) => ({ value: one.key, label: label(one.label_plural) }))}
            onChange={(key: string) => put({ object: key, where: { all: [] } })}
          />
        </div>
        <div className={settings.field}>
          <label htmlFor={`${field}-verbs`}>{t('roles.policies.verbs')}</label>
          <Select
            id={`${field}-verbs`}
            mode="multiple"
            value={draft.verbs}
            options={scopedVerbs.map((verb) => ({ value: verb, label: t(`roles.verbs.${verb}`) }))}
            onChange={(verbs: ScopedVerb[]) => put({ verbs })}
          />
        </div>
        {object && (
          <div key={object.key} className={settings.field}>
            <span className={settings.label}>{t('roles.policies.where')}</span>
            <div className={styles.condition}>
              <ConditionEditor
                object={object}
                value={draft.where}
                onChange={(where) => put({ where: where ?? { all: [] } })}
              />
            </div>
          </div>
        )}
        <ForWhom
          title={t('roles.policies.for')}
          named={policy}
          roles={draft.roles}
          onChange={put}
          hint={t('roles.policies.everybody')}
        />
        <div className={settings.line}>
          <Switch id={`${field}-active`} checked={draft.active} onChange={(active) => put({ active })} />
          <label htmlFor={`${field}-active`}>{t('roles.policies.active')}</label>
        </div>
        {save.error && <ProblemNote error={save.error} />}
      </div>
    </SideDrawer>
  )
}
