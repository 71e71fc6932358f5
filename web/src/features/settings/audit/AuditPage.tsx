import { useQuery } from '@tanstack/react-query'
import { Tabs } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMe } from '@/kernel/session'
import settings from '../settings.module.css'
import { AskedExports } from './AskedExports'
import { AuditLog } from './AuditLog'
import { AuditRules } from './AuditRules'
import { AuditVerify } from './AuditVerify'
import { askedExportsQuery } from './useAudit'

/** Who did what that concerns access, configuration and data leaving; for auditors and administrators. */
export function AuditPage() {
  const { t } = useTranslation()
  const { administrator } = useMe()
  const parts = [
    { key: 'log', label: t('audit.log'), children: <AuditLog /> },
    { key: 'verify', label: t('audit.verify.title'), children: <AuditVerify /> },
    ...(administrator
      ? [
          { key: 'exports', label: <AskedTitle />, children: <AskedExports /> },
          { key: 'rules', label: t('audit.rules.title'), children: <AuditRules /> },
        ]
      : []),
  ]
  return (
    <>
      <div className={settings.head}>
        <h2 className={settings.title}>{t('audit.title')}</h2>
        <p className={settings.lead}>{t('audit.lead')}</p>
      </div>
      <Tabs items={parts} destroyOnHidden />
    </>
  )
}

function AskedTitle() {
  const { t } = useTranslation()
  const { data } = useQuery(askedExportsQuery)
  const count = data?.length ?? 0
  return <>{count > 0 ? t('audit.exports.titleCount', { count }) : t('audit.exports.title')}</>
}
