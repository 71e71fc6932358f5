import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, InputNumber, Select } from 'antd'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { SignInSettings } from '@/api/types'
import { useConfirmed } from '@/controls/security/useConfirmed'
import { useLabel } from '@/kernel/language'
import { Bones } from '@/ui/Bones'
import { ProblemNote, ProblemPanel } from '@/ui/ProblemView'
import { useNotify } from '@/ui/useNotify'
import { rolesQuery } from '../people/useLogins'
import settings from '../settings.module.css'
import { signInQuery } from './useSignInSettings'

/** The least length of passwords, and whose sign-in takes a second factor. */
export function Rules() {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(signInQuery)
  return (
    <section className={settings.section}>
      <h3 className={settings.sectionTitle}>{t('security.rules.title')}</h3>
      <p className={settings.sectionLead}>{t('security.rules.lead')}</p>
      {error && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Bones rows={2} />}
      {data && <RulesForm key={JSON.stringify(data)} rules={data} />}
    </section>
  )
}

function RulesForm({ rules }: { rules: SignInSettings }) {
  const { t } = useTranslation()
  const label = useLabel()
  const client = useQueryClient()
  const notify = useNotify()
  const field = useId()
  const { confirmed, dialog } = useConfirmed()
  const { data: roles = [] } = useQuery(rolesQuery)
  const [length, setLength] = useState(rules.password_length)
  const [required, setRequired] = useState(rules.second_factor_roles)
  const save = useMutation({
    mutationFn: () => confirmed(() => api.signIn.change({ password_length: length, second_factor_roles: required })),
    onSuccess: (saved) => {
      if (!saved) return
      client.setQueryData(signInQuery.queryKey, saved)
      notify.done(t('common.saved'))
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <form className={settings.form} onSubmit={submit}>
      {dialog}
      <div className={settings.field}>
        <label htmlFor={`${field}-length`}>{t('security.rules.length')}</label>
        <InputNumber
          id={`${field}-length`}
          min={8}
          max={64}
          precision={0}
          value={length}
          onChange={(value) => setLength(value ?? rules.password_length)}
        />
        <span className={settings.hint}>{t('security.rules.lengthHint')}</span>
      </div>
      <div className={settings.field}>
        <label htmlFor={`${field}-roles`}>{t('security.rules.roles')}</label>
        <Select
          id={`${field}-roles`}
          mode="multiple"
          value={required}
          onChange={setRequired}
          showSearch={{ optionFilterProp: 'label' }}
          options={roles.map((role) => ({ value: role.key, label: label(role.label) }))}
        />
        <span className={settings.hint}>{t('security.rules.rolesHint')}</span>
      </div>
      {save.error && <ProblemNote error={save.error} />}
      <div>
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t('security.rules.save')}
        </Button>
      </div>
    </form>
  )
}
