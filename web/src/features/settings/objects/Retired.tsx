import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { ChevronRight } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { Text } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { ObjectIcon } from '@/ui/Icon'
import { useNotify } from '@/ui/useNotify'
import settings from '../settings.module.css'
import { TypeIcon } from './fields/TypeIcon'
import styles from './objects.module.css'
import { retiredQuery, useSchemaRefresh } from './useSchema'

/** Objects that were taken out of use; nothing where there are none. */
export function RetiredObjects() {
  const { t } = useTranslation()
  const { data } = useQuery(retiredQuery)
  const lines = data?.objects.map((one) => ({
    key: one.key,
    label: one.label,
    icon: <ObjectIcon name={one.icon} />,
    restore: () => api.schema.restoreObject(one.key),
  }))
  return <Retired title={t('settings.objects.retiredTitle')} lines={lines ?? []} />
}

/** Fields of an Object that were taken out of use; nothing where there are none. */
export function RetiredFields({ object }: { object: string }) {
  const { t } = useTranslation()
  const { data } = useQuery(retiredQuery)
  const lines = data?.fields
    .filter((one) => one.object === object)
    .map((one) => ({
      key: one.key,
      label: one.label,
      icon: <TypeIcon type={one.type} />,
      restore: () => api.schema.restoreField(object, one.key),
    }))
  return <Retired title={t('settings.fields.retiredTitle')} lines={lines ?? []} />
}

interface Line {
  key: string
  label: Text
  icon: ReactNode
  restore: () => Promise<unknown>
}

function Retired({ title, lines }: { title: string; lines: Line[] }) {
  if (lines.length === 0) return null
  return (
    <details className={styles.retired}>
      <summary>
        <ChevronRight size={14} aria-hidden />
        {title}
        <span className={settings.hint}>{lines.length}</span>
      </summary>
      <ul>
        {lines.map((line) => (
          <RetiredLine key={line.key} line={line} />
        ))}
      </ul>
    </details>
  )
}

function RetiredLine({ line }: { line: Line }) {
  const { t } = useTranslation()
  const label = useLabel()
  const notify = useNotify()
  const refresh = useSchemaRefresh()
  const [busy, setBusy] = useState(false)
  const name = label(line.label)
  const restore = async () => {
    setBusy(true)
    try {
      await line.restore()
      await refresh()
      notify.done(t('settings.objects.restored', { name }))
    } catch (error) {
      setBusy(false)
      notify.failed(error)
    }
  }
  return (
    <li>
      <span className={settings.named}>
        {line.icon}
        {name}
      </span>
      <span className={settings.key}>{line.key}</span>
      <Button
        size="small"
        loading={busy}
        aria-label={t('settings.objects.restoreNamed', { name })}
        onClick={() => void restore()}
      >
        {t('settings.objects.restore')}
      </Button>
    </li>
  )
}
