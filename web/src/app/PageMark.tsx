import { useQuery } from '@tanstack/react-query'
import { Watermark } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { auditMineQuery } from '@/kernel/audit'
import { formatInstantExact } from '@/kernel/format'
import { useLocale, useMe } from '@/kernel/session'

const minute = 60_000

/** Where the organisation wants it, name and time lie over the page, so that a photograph of it tells whose it is. */
export function PageMark({ children }: { children: ReactNode }) {
  const { data } = useQuery(auditMineQuery)
  if (!data?.watermark) return children
  return <Marked>{children}</Marked>
}

function Marked({ children }: { children: ReactNode }) {
  const { person } = useMe()
  const { language, zone } = useLocale()
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), minute)
    return () => clearInterval(timer)
  }, [])
  const time = formatInstantExact(new Date(now).toISOString(), zone, language)
  return (
    <Watermark content={[`${person.name} ${person.login}`, time]} gap={[160, 140]} style={{ display: 'contents' }}>
      {children}
    </Watermark>
  )
}
