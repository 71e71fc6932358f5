import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import { sessionsQuery } from '@/controls/security/useSecurity'
import { formatInstant } from '@/kernel/format'
import { useLocale } from '@/kernel/session'
import { Bones } from '@/ui/Bones'
import { ProblemPanel } from '@/ui/ProblemView'
import { useNotify } from '@/ui/useNotify'
import settings from '../settings.module.css'
import { deviceOf } from './agents'

const ways = ['password', 'totp', 'recovery', 'passkey', 'single_sign_on', 'link'] as const

/** Where one is signed in: device, address, last seen; each can be ended. */
export function Sessions() {
  const { t } = useTranslation()
  const { language, zone } = useLocale()
  const client = useQueryClient()
  const notify = useNotify()
  const { data: sessions, error, refetch } = useQuery(sessionsQuery)
  const end = (work: Promise<void>, text: string) =>
    void work
      .then(() => notify.done(text), notify.failed)
      .then(() => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }))
  const device = (agent: string | null) => {
    const found = deviceOf(agent)
    return found ? t('security.sessions.on', { ...found }) : agent?.slice(0, 60) || t('security.sessions.unknown')
  }
  const way = (key: string) => {
    const known = ways.find((one) => one === key)
    return known ? t(`security.ways.${known}`) : key
  }
  return (
    <section className={settings.section}>
      <h3 className={settings.sectionTitle}>{t('security.sessions.title')}</h3>
      <p className={settings.sectionLead}>{t('security.sessions.lead')}</p>
      {error && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {!sessions && !error && <Bones rows={2} />}
      {sessions && (
        <div className={settings.scroll}>
          <table className={settings.table}>
            <thead>
              <tr>
                <th>{t('security.sessions.device')}</th>
                <th className={settings.wideOnly}>{t('security.sessions.address')}</th>
                <th className={settings.wideOnly}>{t('security.sessions.way')}</th>
                <th>{t('security.sessions.seen')}</th>
                <th>
                  <span className="visually-hidden">{t('security.sessions.end')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {sessions.map((one) => (
                <tr key={one.id} data-session={one.current ? 'current' : 'other'}>
                  <td>
                    {device(one.agent)}{' '}
                    {one.current && <span className={settings.mark}>{t('security.sessions.current')}</span>}
                  </td>
                  <td className={settings.wideOnly}>{one.address || t('security.sessions.here')}</td>
                  <td className={settings.wideOnly}>{way(one.way)}</td>
                  <td>{formatInstant(one.seen_at, zone, language)}</td>
                  <td>
                    {!one.current && (
                      <Button
                        size="small"
                        type="text"
                        danger
                        onClick={() => end(api.me.endSession(one.id), t('security.sessions.ended'))}
                      >
                        {t('security.sessions.end')}
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {sessions && sessions.length > 1 && (
        <Button
          size="small"
          onClick={() => end(api.me.endOtherSessions(), t('security.sessions.othersEnded'))}
          style={{ marginTop: 12 }}
        >
          {t('security.sessions.endOthers')}
        </Button>
      )}
    </section>
  )
}
