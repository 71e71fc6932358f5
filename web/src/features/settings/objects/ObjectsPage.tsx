import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useObjects } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { ObjectIcon } from '@/ui/Icon'
import settings from '../settings.module.css'
import { ObjectDrawer } from './ObjectDrawer'
import { RetiredObjects } from './Retired'

/** All Objects of the organisation; new ones are added here. */
export function ObjectsPage() {
  const { t } = useTranslation()
  const label = useLabel()
  const objects = useObjects()
  const navigate = useNavigate()
  const [adding, setAdding] = useState(false)
  const open = (object: string) => void navigate({ to: '/settings/objects/$object', params: { object } })
  return (
    <>
      <div className={settings.head}>
        <h2 className={settings.title}>{t('settings.objects.title')}</h2>
        <div className={settings.headActions}>
          <Button type="primary" icon={<Plus size={16} />} onClick={() => setAdding(true)}>
            {t('settings.objects.add')}
          </Button>
        </div>
        <p className={settings.lead}>{t('settings.objects.lead')}</p>
      </div>
      <div className={settings.scroll}>
        <table className={settings.table}>
          <thead>
            <tr>
              <th>{t('settings.objects.object')}</th>
              <th className={settings.wideOnly}>{t('settings.objects.key')}</th>
              <th>{t('settings.objects.origin')}</th>
              <th className={settings.wideOnly}>{t('settings.objects.properties')}</th>
            </tr>
          </thead>
          <tbody>
            {objects.map((object) => (
              <tr key={object.key} data-pressable="" onClick={() => open(object.key)}>
                <td>
                  <span className={settings.named}>
                    <ObjectIcon name={object.icon} />
                    <button type="button" className={settings.strong} onClick={() => open(object.key)}>
                      {label(object.label)}
                    </button>
                  </span>
                </td>
                <td className={`${settings.key} ${settings.wideOnly}`}>{object.key}</td>
                <td>{t(`settings.origins.${object.origin}`)}</td>
                <td className={settings.wideOnly}>
                  <span className={settings.marks}>
                    {object.tracked && <span className={settings.mark}>{t('settings.objects.trackedMark')}</span>}
                    {object.processes.length > 0 && (
                      <span className={settings.mark}>{t('settings.objects.processMark')}</span>
                    )}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <RetiredObjects />
      {adding && <ObjectDrawer object={null} onClose={() => setAdding(false)} onSaved={open} />}
    </>
  )
}
