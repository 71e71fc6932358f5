import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { Copy, LogOut, ShieldOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { Login } from '@/api/types'
import { useConfirmed } from '@/controls/security/useConfirmed'
import { formatInstantExact } from '@/kernel/format'
import { useLocale } from '@/kernel/session'
import { Bones } from '@/ui/Bones'
import { ProblemNote } from '@/ui/ProblemView'
import { useCopy } from '@/ui/useCopy'
import { useNotify } from '@/ui/useNotify'
import settings from '../settings.module.css'
import { keysQuery } from './useLogins'

interface PersonKeysProps {
  id: string
  name: string
  login: Login
}

/** What an administrator can do about somebody's sign-in: a one-time link, lost factors, open sessions. */
export function PersonKeys({ id, name, login }: PersonKeysProps) {
  const { t } = useTranslation()
  const { language, zone } = useLocale()
  const client = useQueryClient()
  const notify = useNotify()
  const { modal } = App.useApp()
  const { confirmed, dialog } = useConfirmed()
  const { data: keys, error } = useQuery(keysQuery(id))
  const link = useMutation({ mutationFn: () => confirmed(() => api.people.makeLink(id)) })
  const ask = (title: string, hint: string | undefined, text: string, work: () => Promise<void>, done: string) =>
    modal.confirm({
      title,
      content: hint,
      okText: text,
      okButtonProps: { danger: true },
      cancelText: t('common.cancel'),
      onOk: () =>
        void confirmed(() => work().then(() => notify.done(done)))
          .then(() => client.invalidateQueries({ queryKey: keysQuery(id).queryKey }))
          .catch(notify.failed),
    })
  const copy = useCopy()
  const factors = keys && [
    ...(keys.totp ? [t('security.person.totp')] : []),
    ...(keys.passkeys ? [t('security.person.passkeys', { count: keys.passkeys })] : []),
    ...(keys.codes_left ? [t('security.person.codes', { count: keys.codes_left })] : []),
  ]
  return (
    <section className={settings.form} style={{ marginTop: 24 }} data-person-keys="">
      {dialog}
      <h3 className={settings.sectionTitle}>{t('security.person.title')}</h3>
      {!login.disabled && (
        <div>
          <Button loading={link.isPending} onClick={() => link.mutate()}>
            {t(login.has_password ? 'security.person.reset' : 'security.person.invite')}
          </Button>
        </div>
      )}
      {link.error && <ProblemNote error={link.error} />}
      {link.data && (
        <div role="status" className={settings.field}>
          <span className={settings.hint}>
            {t('security.person.linkLead', { until: formatInstantExact(link.data.expires_at, zone, language) })}
          </span>
          <code className={settings.secret} data-link="">
            {link.data.url}
          </code>
          <div>
            <Button size="small" icon={<Copy size={15} />} onClick={() => copy(link.data?.url ?? '')}>
              {t('common.copy')}
            </Button>
          </div>
        </div>
      )}
      {error && <ProblemNote error={error} />}
      {!keys && !error && <Bones rows={2} />}
      {keys && factors && (
        <>
          <p>
            <span className={settings.label}>{t('security.person.factors')}</span>{' '}
            {factors.length > 0 ? factors.join(', ') : t('security.person.none')}
          </p>
          {factors.length > 0 && (
            <div>
              <Button
                size="small"
                danger
                icon={<ShieldOff size={15} />}
                onClick={() =>
                  ask(
                    t('security.person.forgetTitle', { name }),
                    t('security.person.forgetHint'),
                    t('security.person.forget'),
                    () => api.people.forgetFactors(id),
                    t('security.person.forgotten'),
                  )
                }
              >
                {t('security.person.forget')}
              </Button>
            </div>
          )}
          <p>
            {keys.sessions.length > 0
              ? t('security.person.sessions', { count: keys.sessions.length })
              : t('security.person.noSessions')}
          </p>
          {keys.sessions.length > 0 && (
            <div>
              <Button
                size="small"
                danger
                icon={<LogOut size={15} />}
                onClick={() =>
                  ask(
                    t('security.person.endTitle', { name }),
                    undefined,
                    t('security.person.endSessions'),
                    () => api.people.endSessions(id),
                    t('security.person.sessionsEnded'),
                  )
                }
              >
                {t('security.person.endSessions')}
              </Button>
            </div>
          )}
        </>
      )}
    </section>
  )
}
