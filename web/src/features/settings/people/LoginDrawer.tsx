import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Input, Switch } from 'antd'
import { Dices } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ApiProblem } from '@/api/problem'
import type { Login } from '@/api/types'
import { WhatTheySee } from '@/controls/access/WhatTheySee'
import { useLabel } from '@/kernel/language'
import { Bones } from '@/ui/Bones'
import { ProblemNote, ProblemPanel } from '@/ui/ProblemView'
import { SideDrawer } from '@/ui/SideDrawer'
import { useNotify } from '@/ui/useNotify'
import settings from '../settings.module.css'
import { PersonKeys } from './PersonKeys'
import styles from './people.module.css'
import { loginQuery, loginsQuery, rolesQuery } from './useLogins'

interface LoginDrawerProps {
  id: string
  name: string
  onClose: () => void
}

/** Login, password and roles of one person. */
export function LoginDrawer({ id, name, onClose }: LoginDrawerProps) {
  const { t } = useTranslation()
  const form = useId()
  const login = useQuery(loginQuery(id))
  const [busy, setBusy] = useState(false)
  return (
    <SideDrawer
      open
      title={name ? t('settings.people.loginOf', { name }) : t('settings.people.login')}
      onClose={onClose}
      footer={
        <div className={settings.buttons}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="primary" htmlType="submit" form={form} loading={busy} disabled={!login.data}>
            {t('common.save')}
          </Button>
        </div>
      }
    >
      {login.isPending && <Bones rows={4} />}
      {login.error && <ProblemPanel error={login.error} onRetry={() => void login.refetch()} />}
      {login.data && <LoginForm key={id} form={form} id={id} login={login.data} onBusy={setBusy} onClose={onClose} />}
      {login.data?.login && <PersonKeys id={id} name={name} login={login.data} />}
      <WhatTheySee person={id} />
    </SideDrawer>
  )
}

const alphabet = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789'

/** A password that is safe to hand over once: sixteen letters and digits that nobody mistakes. */
function makePassword(): string {
  const numbers = crypto.getRandomValues(new Uint32Array(16))
  return [...numbers].map((number) => alphabet[number % alphabet.length]).join('')
}

interface LoginFormProps {
  form: string
  id: string
  login: Login
  onBusy: (busy: boolean) => void
  onClose: () => void
}

function LoginForm({ form, id, login, onBusy, onClose }: LoginFormProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const notify = useNotify()
  const client = useQueryClient()
  const field = useId()
  const { data: roles = [] } = useQuery(rolesQuery)
  const [name, setName] = useState(login.login ?? '')
  const [password, setPassword] = useState('')
  const [chosen, setChosen] = useState<string[]>(login.roles)
  const [disabled, setDisabled] = useState(login.disabled)
  const save = useMutation<Login, ApiProblem>({
    mutationFn: () =>
      api.people.setLogin(id, {
        ...(name.trim() !== (login.login ?? '') && { login: name.trim() || null }),
        ...(password && { password }),
        ...(JSON.stringify(chosen) !== JSON.stringify(login.roles) && { roles: chosen }),
        ...(disabled !== login.disabled && { disabled }),
      }),
    onMutate: () => onBusy(true),
    onSettled: () => onBusy(false),
    onSuccess: (saved) => {
      client.setQueryData(loginQuery(id).queryKey, saved)
      void client.invalidateQueries({ queryKey: loginsQuery.queryKey, exact: true })
      notify.done(t('common.saved'))
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <form id={form} className={settings.form} onSubmit={submit} autoComplete="off">
      <div className={settings.field}>
        <label htmlFor={`${field}-login`}>{t('settings.people.login')}</label>
        <Input
          id={`${field}-login`}
          autoComplete="off"
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <span className={settings.hint}>{t('settings.people.loginHint')}</span>
      </div>
      <div className={settings.field}>
        <label htmlFor={`${field}-password`}>
          {t(login.has_password ? 'settings.people.newPassword' : 'settings.people.password')}
        </label>
        <div className={settings.line}>
          <Input
            id={`${field}-password`}
            autoComplete="new-password"
            placeholder={login.has_password ? t('settings.people.keepPassword') : ''}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          <Button icon={<Dices size={15} />} onClick={() => setPassword(makePassword())}>
            {t('settings.people.makePassword')}
          </Button>
        </div>
      </div>
      <fieldset className={settings.pair}>
        <legend className={settings.label}>{t('settings.people.roles')}</legend>
        <Checkbox.Group
          className={styles.roles ?? ''}
          value={chosen}
          onChange={setChosen}
          options={roles.map((role) => ({ value: role.key, label: label(role.label) }))}
        />
      </fieldset>
      <div className={settings.line}>
        <Switch id={`${field}-disabled`} checked={disabled} onChange={setDisabled} />
        <label htmlFor={`${field}-disabled`}>{t('settings.people.disable')}</label>
      </div>
      {save.error && <ProblemNote error={save.error} />}
    </form>
  )
}
