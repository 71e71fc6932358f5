import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { LinkValue, ServiceToken } from '@/api/types'
import { RecordPicker } from '@/controls/RecordPicker'
import { NewTokenForm } from '@/controls/security/NewTokenForm'
import { formatInstant } from '@/kernel/format'
import { useLocale } from '@/kernel/session'
import { Bones } from '@/ui/Bones'
import { ProblemPanel } from '@/ui/ProblemView'
import { useNotify } from '@/ui/useNotify'
import settings from '../settings.module.css'
import { serviceTokensQuery } from './useSignInSettings'

/** The tokens of the organisation's programs. */
export function ServiceTokens() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { data: tokens, error, refetch } = useQuery(serviceTokensQuery)
  const picker = useId()
  const [person, setPerson] = useState<LinkValue | null>(null)
  const again = () => client.invalidateQueries({ queryKey: serviceTokensQuery.queryKey })
  return (
    <section className={settings.section}>
      <h3 className={settings.sectionTitle}>{t('security.services.title')}</h3>
      <p className={settings.sectionLead}>{t('security.services.lead')}</p>
      <NewTokenForm
        limited
        ready={person !== null}
        make={(token) => api.serviceTokens.create({ ...token, person: person?.id ?? '' })}
        onMade={again}
        before={
          <>
            <label htmlFor={picker}>{t('security.services.person')}</label>
            <RecordPicker id={picker} object="person" value={person} onChange={setPerson} />
          </>
        }
      />
      {error && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {!tokens && !error && <Bones rows={2} />}
      {tokens?.length === 0 && <p className={settings.hint}>{t('security.services.none')}</p>}
      {tokens && tokens.length > 0 && <TokensTable tokens={tokens} onEnded={again} />}
    </section>
  )
}

function TokensTable({ tokens, onEnded }: { tokens: ServiceToken[]; onEnded: () => Promise<void> }) {
  const { t } = useTranslation()
  const { language, zone } = useLocale()
  const { modal } = App.useApp()
  const notify = useNotify()
  const when = (instant: string | null, none: string) => (instant ? formatInstant(instant, zone, language) : none)
  const end = (token: ServiceToken) =>
    modal.confirm({
      title: t('settings.tokens.revokeTitle', { name: token.label }),
      content: t('settings.tokens.revokeHint'),
      okText: t('settings.tokens.revoke'),
      okButtonProps: { danger: true },
      cancelText: t('common.cancel'),
      onOk: () => api.serviceTokens.revoke(token.id).then(onEnded, notify.failed),
    })
  return (
    <div className={settings.scroll}>
      <table className={settings.table}>
        <thead>
          <tr>
            <th>{t('common.name')}</th>
            <th>{t('security.services.person')}</th>
            <th className={settings.wideOnly}>{t('settings.tokens.scope')}</th>
            <th className={settings.wideOnly}>{t('security.services.perMinute')}</th>
            <th>{t('settings.tokens.used')}</th>
            <th className={settings.wideOnly}>{t('settings.tokens.expires')}</th>
            <th>
              <span className="visually-hidden">{t('settings.tokens.revoke')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <tr key={token.id} data-token={token.label}>
              <td>{token.label}</td>
              <td>{token.person.label}</td>
              <td className={settings.wideOnly}>
                {t(!token.scopes || token.scopes.includes('write') ? 'settings.tokens.write' : 'settings.tokens.read')}
              </td>
              <td className={settings.wideOnly}>{token.per_minute ?? t('security.services.unlimited')}</td>
              <td>{when(token.used_at, t('settings.tokens.never'))}</td>
              <td className={settings.wideOnly}>{when(token.expires_at, t('settings.tokens.forever'))}</td>
              <td>
                <Button size="small" type="text" danger onClick={() => end(token)}>
                  {t('settings.tokens.revoke')}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
