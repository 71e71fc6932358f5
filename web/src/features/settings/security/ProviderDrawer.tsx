import { useMutation } from '@tanstack/react-query'
import { Button, Input, Switch } from 'antd'
import { type FormEvent, type ReactNode, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { Provider } from '@/api/types'
import { useConfirmed } from '@/controls/security/useConfirmed'
import { useLabel } from '@/kernel/language'
import { ProblemNote } from '@/ui/ProblemView'
import { SideDrawer } from '@/ui/SideDrawer'
import settings from '../settings.module.css'

interface ProviderDrawerProps {
  /** `null` for a new one. */
  provider: Provider | null
  onClose: () => void
  onSaved: () => void
}

/** Where a provider of single sign-on is, and how we are known to it. */
export function ProviderDrawer({ provider, onClose, onSaved }: ProviderDrawerProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const form = useId()
  const { confirmed, dialog } = useConfirmed()
  const [zh, setZh] = useState(provider?.label.zh ?? '')
  const [en, setEn] = useState(provider?.label.en ?? '')
  const [issuer, setIssuer] = useState(provider?.issuer ?? '')
  const [clientId, setClientId] = useState(provider?.client_id ?? '')
  const [secret, setSecret] = useState('')
  const [claim, setClaim] = useState(provider?.login_claim ?? 'preferred_username')
  const [strong, setStrong] = useState(provider?.strong ?? false)
  const [active, setActive] = useState(provider?.active ?? true)
  const body = {
    label: { zh: zh.trim() || en.trim(), en: en.trim() || zh.trim() },
    issuer: issuer.trim(),
    client_id: clientId.trim(),
    login_claim: claim.trim(),
    strong,
    active,
    ...(secret && { client_secret: secret }),
  }
  const save = useMutation({
    mutationFn: () =>
      confirmed(() => (provider ? api.signIn.changeProvider(provider.id, body) : api.signIn.addProvider(body))),
    onSuccess: (saved) => saved && onSaved(),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  const line = (name: string, text: string, input: (id: string) => ReactNode, hint?: string) => (
    <div className={settings.field}>
      <label htmlFor={`${form}-${name}`}>{text}</label>
      {input(`${form}-${name}`)}
      {hint && <span className={settings.hint}>{hint}</span>}
    </div>
  )
  const text = (value: string, set: (value: string) => void) => (id: string) => (
    <Input id={id} autoComplete="off" value={value} onChange={(event) => set(event.target.value)} />
  )
  const complete = body.label.zh && body.issuer && body.client_id && body.login_claim
  return (
    <SideDrawer
      open
      title={provider ? t('security.providers.change', { name: label(provider.label) }) : t('security.providers.add')}
      onClose={onClose}
      footer={
        <div className={settings.buttons}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="primary" htmlType="submit" form={form} loading={save.isPending} disabled={!complete}>
            {t('common.save')}
          </Button>
        </div>
      }
    >
      {dialog}
      <form id={form} className={settings.form} onSubmit={submit} autoComplete="off">
        {line('zh', t('security.providers.labelZh'), text(zh, setZh))}
        {line('en', t('security.providers.labelEn'), text(en, setEn))}
        {line('issuer', t('security.providers.issuer'), text(issuer, setIssuer), t('security.providers.issuerHint'))}
        {line('client', t('security.providers.clientId'), text(clientId, setClientId))}
        {line('secret', t('security.providers.clientSecret'), (id) => (
          <Input.Password
            id={id}
            autoComplete="new-password"
            placeholder={provider?.has_secret ? t('security.providers.secretKept') : ''}
            value={secret}
            onChange={(event) => setSecret(event.target.value)}
          />
        ))}
        {line('claim', t('security.providers.claim'), text(claim, setClaim), t('security.providers.claimHint'))}
        <div className={settings.line}>
          <Switch id={`${form}-strong`} checked={strong} onChange={setStrong} />
          <label htmlFor={`${form}-strong`}>{t('security.providers.strong')}</label>
        </div>
        <span className={settings.hint}>{t('security.providers.strongHint')}</span>
        <div className={settings.line}>
          <Switch id={`${form}-active`} checked={active} onChange={setActive} />
          <label htmlFor={`${form}-active`}>{t('security.providers.active')}</label>
        </div>
        {save.error && <ProblemNote error={save.error} />}
      </form>
    </SideDrawer>
  )
}
