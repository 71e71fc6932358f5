import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, Select } from 'antd'
import { Copy, KeyRound } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import { formatInstant } from '@/kernel/format'
import { useLocale } from '@/kernel/session'
import { ProblemNote } from '@/ui/ProblemView'
import { useNotify } from '@/ui/useNotify'
import settings from '../settings.module.css'
import styles from './account.module.css'

const key = ['tokens']
const spans = [30, 90, 365, null]

/** Tokens with which programs act for the person. */
export function Tokens() {
  const { t } = useTranslation()
  const { language, zone } = useLocale()
  const { modal } = App.useApp()
  const client = useQueryClient()
  const notify = useNotify()
  const { data: tokens = [] } = useQuery({ queryKey: key, queryFn: api.tokens.list })
  const askRevoke = (id: string, label: string) =>
    modal.confirm({
      title: t('settings.tokens.revokeTitle', { name: label }),
      content: t('settings.tokens.revokeHint'),
      okText: t('settings.tokens.revoke'),
      okButtonProps: { danger: true },
      cancelText: t('common.cancel'),
      onOk: () => api.tokens.revoke(id).then(() => client.invalidateQueries({ queryKey: key }), notify.failed),
    })
  const when = (instant: string | null) =>
    instant ? formatInstant(instant, zone, language) : t('settings.tokens.never')
  return (
    <section className={settings.section}>
      <h3 className={settings.sectionTitle}>{t('settings.tokens.title')}</h3>
      <p className={settings.sectionLead}>{t('settings.tokens.lead')}</p>
      <NewToken />
      {tokens.length > 0 && (
        <div className={settings.scroll}>
          <table className={settings.table}>
            <thead>
              <tr>
                <th>{t('common.name')}</th>
                <th>{t('settings.tokens.scope')}</th>
                <th>{t('settings.tokens.used')}</th>
                <th>{t('settings.tokens.expires')}</th>
                <th>
                  <span className="visually-hidden">{t('settings.tokens.revoke')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {tokens.map((token) => (
                <tr key={token.id}>
                  <td>{token.label}</td>
                  <td>
                    {token.scopes?.includes('write') || !token.scopes
                      ? t('settings.tokens.write')
                      : t('settings.tokens.read')}
                  </td>
                  <td>{when(token.used_at)}</td>
                  <td>{when(token.expires_at)}</td>
                  <td>
                    <Button size="small" type="text" danger onClick={() => askRevoke(token.id, token.label)}>
                      {t('settings.tokens.revoke')}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function NewToken() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const notify = useNotify()
  const [label, setLabel] = useState('')
  const [scope, setScope] = useState<'read' | 'all'>('read')
  const [days, setDays] = useState<number | null>(90)
  const make = useMutation({
    mutationFn: () => api.tokens.create({ label: label.trim(), scopes: scope === 'read' ? ['read'] : null, days }),
    onSuccess: () => {
      setLabel('')
      return client.invalidateQueries({ queryKey: key })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (label.trim()) make.mutate()
  }
  const copy = (token: string) => void navigator.clipboard.writeText(token).then(() => notify.done(t('common.copied')))
  return (
    <div className={styles.newToken}>
      <form className={styles.tokenForm} onSubmit={submit}>
        <Input
          aria-label={t('settings.tokens.name')}
          placeholder={t('settings.tokens.name')}
          maxLength={200}
          value={label}
          onChange={(event) => setLabel(event.target.value)}
        />
        <Select
          aria-label={t('settings.tokens.scope')}
          value={scope}
          popupMatchSelectWidth={false}
          options={[
            { value: 'read', label: t('settings.tokens.read') },
            { value: 'all', label: t('settings.tokens.write') },
          ]}
          onChange={setScope}
        />
        <Select
          aria-label={t('settings.tokens.expires')}
          value={days ?? 0}
          popupMatchSelectWidth={false}
          options={spans.map((span) => ({
            value: span ?? 0,
            label: span === null ? t('settings.tokens.forever') : t('settings.tokens.days', { count: span }),
          }))}
          onChange={(span) => setDays(span || null)}
        />
        <Button htmlType="submit" icon={<KeyRound size={15} />} loading={make.isPending} disabled={!label.trim()}>
          {t('settings.tokens.make')}
        </Button>
      </form>
      {make.error && <ProblemNote error={make.error} />}
      {make.data && (
        <div role="status">
          <p>{t('settings.tokens.once')}</p>
          <div className={styles.tokenForm}>
            <code className={settings.secret}>{make.data.token}</code>
            <Button icon={<Copy size={15} />} onClick={() => copy(make.data.token)}>
              {t('common.copy')}
            </Button>
          </div>
        </div>
      )}
    </div>
  )
}
