import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { RecordPicker } from '@/controls/RecordPicker'
import { useRecordLabel } from '@/controls/who/useWhoWords'
import { Bones } from '@/ui/Bones'
import { ProblemPanel } from '@/ui/ProblemView'
import settings from '../settings.module.css'
import { HandOverForm } from './HandOverForm'
import { HandOverHistory } from './HandOverHistory'
import { holdingsQuery } from './useHandOvers'

const route = getRouteApi('/shell/settings/hand-over')

/** Gives what somebody holds to successors: who, what they hold, to whom and how; and the hand-overs so far. */
export function HandOverPage() {
  const { t } = useTranslation()
  const { person } = route.useSearch()
  const navigate = route.useNavigate()
  const name = useRecordLabel('person', person)
  const field = useId()
  const choose = (id: string | undefined) => void navigate({ search: id ? { person: id } : {} })
  return (
    <>
      <div className={settings.head}>
        <h2 className={settings.title}>{t('handOver.title')}</h2>
        <p className={settings.lead}>{t('handOver.lead')}</p>
      </div>
      <section className={settings.section} aria-label={t('handOver.start')}>
        <label className={settings.sectionTitle} htmlFor={field}>
          {t('handOver.who')}
        </label>
        <p className={settings.sectionLead}>{t('handOver.whoHint')}</p>
        <div className={settings.narrow}>
          <RecordPicker
            id={field}
            object="person"
            value={person ? { id: person, label: name ?? '' } : null}
            placeholder={t('handOver.person')}
            onChange={(next) => choose(next?.id)}
          />
        </div>
        {person && <Chosen key={person} person={person} name={name ?? ''} onBegun={() => choose(undefined)} />}
      </section>
      <HandOverHistory />
    </>
  )
}

function Chosen({ person, name, onBegun }: { person: string; name: string; onBegun: () => void }) {
  const { data, error, refetch } = useQuery(holdingsQuery(person))
  if (error) return <ProblemPanel error={error} onRetry={() => void refetch()} />
  if (!data) return <Bones rows={4} />
  return <HandOverForm person={{ id: person, label: name }} holdings={data} onBegun={onBegun} />
}
