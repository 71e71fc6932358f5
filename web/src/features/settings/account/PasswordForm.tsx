import { useQuery } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import { securityQuery } from '@/controls/security/useSecurity'
import { ProblemNote } from '@/ui/ProblemView'
import { useNotify } from '@/ui/useNotify'
import settings from '../settings.module.css'

/** Sets a new password; the old one proves who asks. */
export function PasswordForm() {
  const { t } = useTranslation()
  const notify = useNotify()
  const id = useId()
  const { data: security } = useQuery(securityQuery)
  const [old, setOld] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const differs = again !== '' && next !== again
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await api.me.password({ old_password: old, new_password: next })
      setOld('')
      setNext('')
      setAgain('')
      notify.done(t('settings.account.passwordDone'))
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  const line = (
    name: string,
    text: string,
    value: string,
    set: (value: string) => void,
    complete: string,
    invalid = false,
  ) => (
    <div className={settings.field}>
      <label htmlFor={`${id}-${name}`}>{text}</label>
      <Input.Password
        id={`${id}-${name}`}
        autoComplete={complete}
        status={invalid ? 'error' : ''}
        value={value}
        onChange={(event) => set(event.target.value)}
      />
    </div>
  )
  return (
    <form className={`${settings.form} ${settings.narrow}`} onSubmit={(event) => void submit(event)}>
      {line('old', t('settings.account.oldPassword'), old, setOld, 'current-password')}
      {line('new', t('settings.account.newPassword'), next, setNext, 'new-password')}
      {security && <p className={settings.hint}>{t('security.passwordHint', { least: security.password_length })}</p>}
      {line('again', t('settings.account.again'), again, setAgain, 'new-password', differs)}
      {differs && <p className={settings.hint}>{t('settings.account.differs')}</p>}
      {problem !== null && <ProblemNote error={problem} />}
      <div>
        <Button htmlType="submit" loading={busy} disabled={!old || !next || next !== again}>
          {t('settings.account.changePassword')}
        </Button>
      </div>
    </form>
  )
}
