import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { Copy, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { Provider } from '@/api/types'
import { useConfirmed } from '@/controls/security/useConfirmed'
import { useLabel } from '@/kernel/language'
import { Bones } from '@/ui/Bones'
import { ProblemPanel } from '@/ui/ProblemView'
import { useCopy } from '@/ui/useCopy'
import { useNotify } from '@/ui/useNotify'
import settings from '../settings.module.css'
import { ProviderDrawer } from './ProviderDrawer'
import { providersQuery, signInQuery } from './useSignInSettings'

/** The providers of single sign-on. */
export function Providers() {
  const { t } = useTranslation()
  const label = useLabel()
  const client = useQueryClient()
  const notify = useNotify()
  const { modal } = App.useApp()
  const { confirmed, dialog } = useConfirmed()
  const { data: rules } = useQuery(signInQuery)
  const { data: providers, error, refetch } = useQuery(providersQuery)
  const [chosen, setChosen] = useState<Provider | 'new' | null>(null)
  const again = () => client.invalidateQueries({ queryKey: providersQuery.queryKey })
  const remove = (one: Provider) =>
    modal.confirm({
      title: t('security.providers.removeTitle', { name: label(one.label) }),
      content: t('security.providers.removeHint'),
      okText: t('security.providers.remove'),
      okButtonProps: { danger: true },
      cancelText: t('common.cancel'),
      onOk: () =>
        void confirmed(() => api.signIn.removeProvider(one.id).then(() => notify.done(t('security.providers.removed'))))
          .then(again)
          .catch(notify.failed),
    })
  const check = (one: Provider) =>
    void api.signIn.checkProvider(one.id).then(() => notify.done(t('security.providers.fine')), notify.failed)
  const copy = useCopy()
  return (
    <section className={settings.section}>
      {dialog}
      <h3 className={settings.sectionTitle}>{t('security.providers.title')}</h3>
      <p className={settings.sectionLead}>{t('security.providers.lead')}</p>
      {rules && (
        <div className={settings.field} style={{ marginBottom: 12 }}>
          <span className={settings.label}>{t('security.providers.redirect')}</span>
          <div className={settings.line}>
            <code className={settings.secret}>{rules.redirect_uri}</code>
            <Button icon={<Copy size={15} />} onClick={() => copy(rules.redirect_uri)}>
              {t('common.copy')}
            </Button>
          </div>
        </div>
      )}
      {error && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {!providers && !error && <Bones rows={2} />}
      {providers?.length === 0 && <p className={settings.hint}>{t('security.providers.none')}</p>}
      {providers && providers.length > 0 && (
        <div className={settings.scroll}>
          <table className={settings.table}>
            <tbody>
              {providers.map((one) => (
                <tr key={one.id} data-provider={one.issuer}>
                  <td>
                    <button type="button" className={settings.strong} onClick={() => setChosen(one)}>
                      {label(one.label)}
                    </button>{' '}
                    {!one.active && <span className={settings.mark}>{t('security.providers.inactive')}</span>}
                  </td>
                  <td className={settings.wideOnly}>
                    <span className={settings.key}>{one.issuer}</span>
                  </td>
                  <td className={settings.wideOnly}>{t('security.providers.people', { count: one.people })}</td>
                  <td>
                    <Button size="small" type="text" onClick={() => check(one)}>
                      {t('security.providers.check')}
                    </Button>
                    <Button size="small" type="text" danger onClick={() => remove(one)}>
                      {t('security.providers.remove')}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Button icon={<Plus size={15} />} style={{ marginTop: 12 }} onClick={() => setChosen('new')}>
        {t('security.providers.add')}
      </Button>
      {chosen && (
        <ProviderDrawer
          provider={chosen === 'new' ? null : chosen}
          onClose={() => setChosen(null)}
          onSaved={() => {
            setChosen(null)
            notify.done(t('security.providers.saved'))
            void again()
          }}
        />
      )}
    </section>
  )
}
