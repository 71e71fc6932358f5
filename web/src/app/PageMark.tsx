import { useQuery } from '@tanstack/react-query'
import { Watermark } from 'antd'
import { useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import { auditMineQuery } from '@/kernel/audit'
import { formatInstantExact } from '@/kernel/format'
import { useLocale, useMe } from '@/kernel/session'

const minute = 60_000

/** Above drawers, dialogs, menus and messages alike. */
const above = 3000

/** Where the organisation wants it, name and time lie over everything, so that a photograph of it tells whose it is. */
export function PageMark() {
  const { data } = useQuery(auditMineQuery)
  return data?.watermark ? <Mark /> : null
}

function Mark() {
  const { person } = useMe()
  const { language, zone } = useLocale()
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), minute)
    return () => clearInterval(timer)
  }, [])
  const time = formatInstantExact(new Date(now).toISOString(), zone, language)
  return createPortal(
    <div aria-hidden data-watermark>
      <Watermark
        content={[`${person.name} ${person.login}`, time]}
        gap={[160, 140]}
        inherit={false}
        style={{ position: 'fixed', inset: 0, zIndex: above, pointerEvents: 'none' }}
      />
    </div>,
    document.body,
  )
}
