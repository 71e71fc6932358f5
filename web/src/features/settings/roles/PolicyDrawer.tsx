import { useQuery } from '@tanstack/react-query'
import { Button, Input, Select, Switch } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Policy, ScopedVerb } from '@/api/types'
import { ConditionEditor } from '@/controls/conditions/ConditionEditor'
import { RecordsPicker } from '@/controls/RecordsPicker'
import { readLink } from '@/controls/types/link'
import { rolesQuery } from '@/controls/who/useWhoWords'
import { useMaybeObject, useObjects } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { ProblemNote } from '@/ui/ProblemView'
import { SideDrawer } from '@/ui/SideDrawer'
import settings from '../settings.module.css'
import { scopedVerbs } from './grants'
import styles from './roles.module.css'
import { draftOf, type PolicyDraft, usePolicyActions } from './usePolicies'

const fresh: PolicyDraft = {
  key: '',
  label: { zh: '', en: '' },
  object: '',
  verbs: ['read'],
  where: { all: [] },
  people: [],
  departments: [],
  roles: [],
  active: true,
}

const idsOf = (chosen: unknown[]): string[] => chosen.flatMap((one) => readLink(one)?.id ?? [])

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
  const named = draft.label.zh.trim() !== '' || draft.label.en.trim() !== ''
  const ready = named && /^[a-z][a-z0-9_]{0,62}$/.test(draft.key) && draft.object !== '' && draft.verbs.length > 0
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
            onClick={() => save.mutate({ draft, fresh: policy === null })}
          >
            {t('common.save')}
          </Button>
        </div>
      }
    >
      <div className={settings.form}>
        <div className={settings.two}>
          {(['zh', 'en'] as const).map((language) => (
            <div key={language} className={settings.field}>
              <label htmlFor={`${field}-${language}`}>
                {t('roles.name')} ({t(`common.languages.${language}`)})
              </label>
              <Input
                id={`${field}-${language}`}
                maxLength={100}
                value={draft.label[language]}
                onChange={(event) => put({ label: { ...draft.label, [language]: event.target.value } })}
              />
            </div>
          ))}
        </div>
        <div className={settings.two}>
          <div className={settings.field}>
            <label htmlFor={`${field}-key`}>{t('roles.key')}</label>
            <Input
              id={`${field}-key`}
              maxLength={63}
              disabled={policy !== null}
              value={draft.key}
              onChange={(event) => put({ key: event.target.value.trim().toLowerCase() })}
            />
          </div>
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
        <ForWhom policy={policy} draft={draft} onChange={put} />
        <div className={settings.line}>
          <Switch id={`${field}-active`} checked={draft.active} onChange={(active) => put({ active })} />
          <label htmlFor={`${field}-active`}>{t('roles.policies.active')}</label>
        </div>
        {save.error && <ProblemNote error={save.error} />}
      </div>
    </SideDrawer>
  )
}

interface ForWhomProps {
  policy: Policy | null
  draft: PolicyDraft
  onChange: (change: Partial<PolicyDraft>) => void
}

function ForWhom({ policy, draft, onChange }: ForWhomProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const { data: roles = [] } = useQuery(rolesQuery)
  const [people, setPeople] = useState<unknown[]>(policy?.people ?? [])
  const [departments, setDepartments] = useState<unknown[]>(policy?.departments ?? [])
  return (
    <fieldset className={settings.pair}>
      <legend className={settings.label}>{t('roles.policies.for')}</legend>
      <div className={styles.ways}>
        <RecordsPicker
          object="person"
          value={people}
          label={t('roles.policies.people')}
          onChange={(chosen) => {
            setPeople(chosen)
            onChange({ people: idsOf(chosen) })
          }}
        />
        <RecordsPicker
          object="department"
          value={departments}
          label={t('roles.policies.departments')}
          onChange={(chosen) => {
            setDepartments(chosen)
            onChange({ departments: idsOf(chosen) })
          }}
        />
        <Select
          mode="multiple"
          aria-label={t('roles.policies.roles')}
          placeholder={t('roles.policies.roles')}
          value={draft.roles}
          options={roles.map((role) => ({ value: role.key, label: label(role.label) }))}
          onChange={(chosen: string[]) => onChange({ roles: chosen })}
        />
        <span className={settings.hint}>{t('roles.policies.everybody')}</span>
      </div>
    </fieldset>
  )
}
