import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { Eye } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { AccessReason, ExplainedPerson, LinkValue } from '@/api/types'
import { RecordPicker } from '@/controls/RecordPicker'
import { useLabel } from '@/kernel/language'
import { Bones } from '@/ui/Bones'
import { ProblemPanel } from '@/ui/ProblemView'
import { SideDrawer } from '@/ui/SideDrawer'
import styles from './access.module.css'

interface WhoSeesProps {
  object: string
  record: string
}

/** Opens who sees the record and why. */
export function WhoSees({ object, record }: WhoSeesProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button
        size="small"
        type="text"
        icon={<Eye size={14} aria-hidden />}
        aria-label={t('roles.who.open')}
        title={t('roles.who.open')}
        onClick={() => setOpen(true)}
      />
      {open && (
        <SideDrawer open title={t('roles.who.title')} onClose={() => setOpen(false)}>
          <Everybody object={object} record={record} />
          <WhyNot object={object} record={record} />
        </SideDrawer>
      )}
    </>
  )
}

function Everybody({ object, record }: WhoSeesProps) {
  const { data, error, refetch } = useQuery({
    queryKey: ['access', object, record],
    queryFn: () => api.access.ofRecord(object, record),
  })
  if (error && !data) return <ProblemPanel error={error} onRetry={() => void refetch()} />
  if (!data) return <Bones rows={4} />
  return (
    <ul className={styles.people}>
      {data.people.map((one) => (
        <Person key={one.person.id} one={one} />
      ))}
    </ul>
  )
}

function Person({ one }: { one: ExplainedPerson }) {
  const { t } = useTranslation()
  return (
    <li className={styles.person}>
      <span className={styles.name}>{one.person.label}</span>
      <span className={styles.level}>{t(one.edits ? 'roles.who.edits' : 'roles.who.sees')}</span>
      <Reasons reasons={one.reasons} />
    </li>
  )
}

function Reasons({ reasons }: { reasons: AccessReason[] }) {
  const label = useLabel()
  const texts = [...new Set(reasons.map((reason) => label(reason.text)))]
  return (
    <ul className={styles.reasons}>
      {texts.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  )
}

function WhyNot({ object, record }: WhoSeesProps) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<LinkValue | null>(null)
  const person = chosen?.id
  const { data, error } = useQuery({
    queryKey: ['access', object, record, person],
    queryFn: () => api.access.ofRecord(object, record, person),
    enabled: Boolean(person),
    retry: false,
  })
  const [one] = data?.people ?? []
  return (
    <section className={styles.ask} aria-label={t('roles.who.ask')}>
      <h3>{t('roles.who.ask')}</h3>
      <RecordPicker object="person" value={chosen} onChange={setChosen} placeholder={t('roles.who.nobody')} />
      {error && <ProblemPanel error={error} />}
      {one && (
        <>
          <p>{t(one.sees ? 'roles.who.may' : 'roles.who.mayNot', { name: one.person.label })}</p>
          <Reasons reasons={[...one.reasons, ...one.obstacles]} />
        </>
      )}
    </section>
  )
}
