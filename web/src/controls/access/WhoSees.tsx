import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { Eye } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { AccessReason, ExplainedPerson, LinkValue, ScopedVerb } from '@/api/types'
import { Avatar } from '@/controls/Avatar'
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
          <Ask object={object} record={record} />
          <Everybody object={object} record={record} />
        </SideDrawer>
      )}
    </>
  )
}

/** How many people are named before somebody asks for the others. */
const atFirst = 20

function Everybody({ object, record }: WhoSeesProps) {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery({
    queryKey: ['access', object, record],
    queryFn: () => api.access.ofRecord(object, record),
  })
  if (error && !data) return <ProblemPanel error={error} onRetry={() => void refetch()} />
  if (!data) return <Bones rows={4} />
  const editing = data.people.filter((one) => one.edits)
  const seeing = data.people.filter((one) => !one.edits)
  return (
    <>
      <People title={t('roles.who.editing', { count: editing.length })} people={editing} />
      <People title={t('roles.who.seeing', { count: seeing.length })} people={seeing} />
    </>
  )
}

function People({ title, people }: { title: string; people: ExplainedPerson[] }) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  if (people.length === 0) return null
  return (
    <section className={styles.group} aria-label={title}>
      <h3>{title}</h3>
      <ul className={styles.people}>
        {people.slice(0, all ? undefined : atFirst).map((one) => (
          <Person key={one.person.id} one={one} />
        ))}
      </ul>
      {!all && people.length > atFirst && (
        <Button type="text" size="small" onClick={() => setAll(true)}>
          {t('roles.who.more', { count: people.length - atFirst })}
        </Button>
      )}
    </section>
  )
}

function Person({ one }: { one: ExplainedPerson }) {
  const { t } = useTranslation()
  return (
    <li className={styles.person}>
      <Avatar name={one.person.label} size={24} />
      <div>
        <span className={styles.name}>{one.person.label}</span>
        <span className={styles.level}>{t(one.edits ? 'roles.who.edits' : 'roles.who.sees')}</span>
        <Reasons reasons={one.reasons} />
      </div>
    </li>
  )
}

function Reasons({ reasons }: { reasons: AccessReason[] }) {
  const { t } = useTranslation()
  const label = useLabel()
  const texts = [...new Set(reasons.map((reason) => label(reason.text)))]
  const several = new Set(reasons.map((reason) => reason.verb)).size > 1
  const verbsOf = (text: string) => {
    const given = reasons.filter((reason) => label(reason.text) === text)
    return [...new Set(given.map((one) => t(`roles.verbs.${one.verb as ScopedVerb}`)))].join(t('roles.who.and'))
  }
  return (
    <ul className={styles.reasons}>
      {texts.map((text) => (
        <li key={text}>
          {several && <span className={styles.verb}>{verbsOf(text)}</span>}
          {text}
        </li>
      ))}
    </ul>
  )
}

/** Whether one colleague sees it, and why or why not. */
function Ask({ object, record }: WhoSeesProps) {
  const { t } = useTranslation()
  const field = useId()
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
      <h3>
        <label htmlFor={field}>{t('roles.who.ask')}</label>
      </h3>
      <RecordPicker
        id={field}
        object="person"
        value={chosen}
        onChange={setChosen}
        placeholder={t('roles.who.nobody')}
      />
      {error && <ProblemPanel error={error} />}
      {one && (
        <div role="status" className={styles.answer} data-sees={one.sees}>
          <p>{t(one.sees ? 'roles.who.may' : 'roles.who.mayNot', { name: one.person.label })}</p>
          <Reasons reasons={[...one.reasons, ...one.obstacles]} />
        </div>
      )}
    </section>
  )
}
