import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import { NewTokenForm } from '@/controls/security/NewTokenForm'
import { formatInstant } from '@/kernel/format'
import { useLocale } from '@/kernel/session'
import { useNotify } from '@/ui/useNotify'
import settings from '../settings.module.css'

const key = ['tokens']

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
      <NewTokenForm make={api.tokens.create} onMade={() => client.invalidateQueries({ queryKey: key })} />
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
