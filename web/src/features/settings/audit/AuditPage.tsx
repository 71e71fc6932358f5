import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/kernel/session'
import { TabStrip } from '@/ui/TabStrip'
import settings from '../settings.module.css'
import { AskedExports } from './AskedExports'
import { AuditLog } from './AuditLog'
import { AuditRules } from './AuditRules'
import { AuditVerify } from './AuditVerify'
import { askedExportsQuery } from './useAudit'

type Part = 'log' | 'verify' | 'exports' | 'rules'

/** Who did what that concerns access, configuration and data leaving; for auditors and administrators. */
export function AuditPage() {
  const { t } = useTranslation()
  const { administrator } = useMe()
  const [part, setPart] = useState<Part>('log')
  const { data: asked = [] } = useQuery({ ...askedExportsQuery, enabled: administrator })
  const tabs: { key: Part; label: string }[] = [
    { key: 'log', label: t('audit.log') },
    { key: 'verify', label: t('audit.verify.title') },
  ]
  if (administrator) {
    const waiting = asked.length > 0
    tabs.push(
      {
        key: 'exports',
        label: waiting ? t('audit.exports.titleCount', { count: asked.length }) : t('audit.exports.title'),
      },
      { key: 'rules', label: t('audit.rules.title') },
    )
  }
  return (
    <>
      <div className={settings.head}>
        <h2 className={settings.title}>{t('audit.title')}</h2>
        <p className={settings.lead}>{t('audit.lead')}</p>
      </div>
      <TabStrip label={t('audit.title')} tabs={tabs} value={part} onChange={setPart}>
        {part === 'log' && <AuditLog />}
        {part === 'verify' && <AuditVerify />}
        {part === 'exports' && <AskedExports />}
        {part === 'rules' && <AuditRules />}
      </TabStrip>
    </>
  )
}
