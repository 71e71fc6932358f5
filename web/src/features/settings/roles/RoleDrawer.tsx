import { useMutation } from '@tanstack/react-query'
import { Button, Input, Select } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ApiProblem } from '@/api/problem'
import type { RoleDefinition, RoleGrants, RolePreview } from '@/api/types'
import { useObjects } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { ProblemNote } from '@/ui/ProblemView'
import { SideDrawer } from '@/ui/SideDrawer'
import { hasText, LabelInputs } from '../objects/LabelInputs'
import { keyOf } from '../objects/useSchema'
import settings from '../settings.module.css'
import { EntryEditor } from './EntryEditor'
import { everyObject, freshGrants, withEntry } from './grants'
import { PreviewPanel } from './PreviewPanel'
import { type RoleDraft, useRoleActions } from './useRoles'

const draftOf = (role: RoleDefinition | null, like: RoleDefinition | null): RoleDraft =>
  role
    ? { key: role.key, label: { zh: role.label.zh ?? '', en: role.label.en ?? '' }, grants: role.grants }
    : { key: '', label: { zh: '', en: '' }, grants: like?.grants ?? freshGrants }

interface RoleDrawerProps {
  /** Null for a new one. */
  role: RoleDefinition | null
  /** What a new one begins with. */
  like: RoleDefinition | null
  onClose: () => void
}

/** One role: what it is called, what it allows, and what saving it would change for whom. */
export function RoleDrawer({ role, like, onClose }: RoleDrawerProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const [draft, setDraft] = useState(() => draftOf(role, like))
  const { save } = useRoleActions(onClose)
  const preview = useMutation<RolePreview, ApiProblem, RoleGrants>({
    mutationFn: (grants) => api.roles.preview({ key: draft.key, grants }),
  })
  const put = (change: Partial<RoleDraft>) => {
    preview.reset()
    setDraft((before) => ({ ...before, ...change }))
  }
  const keyed = draft.key === '' || /^[a-z][a-z0-9_]{0,62}$/.test(draft.key)
  return (
    <SideDrawer
      open
      wide
      title={role ? t('roles.change') : like ? t('roles.addLike', { name: label(like.label) }) : t('roles.add')}
      onClose={onClose}
      footer={
        <div className={settings.buttons}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          {role && (
            <Button loading={preview.isPending} onClick={() => preview.mutate(draft.grants)}>
              {t('roles.preview.show')}
            </Button>
          )}
          <Button
            type="primary"
            disabled={!hasText(draft.label) || !keyed}
            loading={save.isPending}
            onClick={() => save.mutate({ draft, former: role })}
          >
            {t('common.save')}
          </Button>
        </div>
      }
    >
      <div className={settings.form}>
        <Names draft={draft} fixed={role !== null} onChange={put} />
        <Grants grants={draft.grants} onChange={(grants) => put({ grants })} />
        {preview.data && <PreviewPanel preview={preview.data} />}
        {preview.error && <ProblemNote error={preview.error} />}
        {save.error && <ProblemNote error={save.error} />}
      </div>
    </SideDrawer>
  )
}

interface NamesProps {
  draft: RoleDraft
  fixed: boolean
  onChange: (change: Partial<RoleDraft>) => void
}

function Names({ draft, fixed, onChange }: NamesProps) {
  const { t } = useTranslation()
  const field = useId()
  return (
    <>
      <LabelInputs label={t('roles.name')} value={draft.label} onChange={(label) => onChange({ label })} required />
      <div className={settings.field}>
        <label htmlFor={`${field}-key`}>{t('roles.key')}</label>
        <Input
          id={`${field}-key`}
          maxLength={63}
          disabled={fixed}
          placeholder={keyOf(draft.label.en) || t('settings.objects.keyAuto')}
          value={draft.key}
          onChange={(event) => onChange({ key: event.target.value.trim().toLowerCase() })}
        />
        {!fixed && <span className={settings.hint}>{t('roles.keyHint')}</span>}
      </div>
    </>
  )
}

function Grants({ grants, onChange }: { grants: RoleGrants; onChange: (grants: RoleGrants) => void }) {
  const { t } = useTranslation()
  const label = useLabel()
  const objects = useObjects()
  const [added, setAdded] = useState<string[]>([])
  const own = objects.filter((one) => one.key in grants.objects)
  const others = objects.filter((one) => !(one.key in grants.objects))
  return (
    <>
      {[everyObject, ...own.map((one) => one.key)].map((key) => (
        <EntryEditor
          key={key}
          object={key}
          entry={grants.objects[key] ?? {}}
          open={key === everyObject || added.includes(key)}
          onChange={(entry) => onChange(withEntry(grants, key, entry))}
          onRemove={() => onChange(withEntry(grants, key, undefined))}
        />
      ))}
      <Select
        showSearch={{ optionFilterProp: 'label' }}
        value={null}
        placeholder={t('roles.addObject')}
        aria-label={t('roles.addObject')}
        options={others.map((one) => ({ value: one.key, label: label(one.label_plural) }))}
        onChange={(key: string | null) => {
          if (!key) return
          setAdded([...added, key])
          onChange(withEntry(grants, key, {}))
        }}
      />
    </>
  )
}
