import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Progress } from 'antd'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ApiProblem } from '@/api/problem'
import type { ObjectDescription, Retype } from '@/api/types'
import { fieldOf } from '@/kernel/describe'
import { formatNumber } from '@/kernel/format'
import { useLabel, useLanguage } from '@/kernel/language'
import { ProblemNote } from '@/ui/ProblemView'
import settings from '../../settings.module.css'
import styles from '../objects.module.css'
import { fieldTypesQuery, openRetypesQuery, useSchemaRefresh } from '../useSchema'

/** The Fields that are getting another type in the background, or wait for a decision. */
export function OpenRetypes({ object }: { object: ObjectDescription }) {
  const { data: open } = useQuery(openRetypesQuery(object.key))
  const refresh = useSchemaRefresh()
  const running = useRef(0)
  const count = open?.length ?? 0
  useEffect(() => {
    // one that is over has changed the Field, or left it as it was
    if (count < running.current) void refresh()
    running.current = count
  }, [count, refresh])
  return open?.map((one) => <OpenRetype key={one.id} object={object} retype={one} />)
}

function OpenRetype({ object, retype }: { object: ObjectDescription; retype: Retype }) {
  const { t } = useTranslation()
  const label = useLabel()
  const language = useLanguage()
  const client = useQueryClient()
  const { data: types = [] } = useQuery(fieldTypesQuery)
  const decide = useMutation<Retype, ApiProblem, boolean>({
    mutationFn: (goOn) => api.schema.decideRetype(retype.id, goOn),
    onSettled: () => client.invalidateQueries({ queryKey: openRetypesQuery(object.key).queryKey }),
  })
  const held = retype.state === 'held'
  const name = label(fieldOf(object, retype.field)?.label) || retype.field
  const type = label(types.find((one) => one.key === retype.new_type)?.label) || retype.new_type
  const percent = retype.total === 0 ? 0 : Math.floor((100 * retype.done) / retype.total)
  return (
    <section className={styles.retype} aria-label={t('settings.retype.title', { name })}>
      <div className={settings.line}>
        <strong>{t(held ? 'settings.retype.held' : 'settings.retype.under', { name, type })}</strong>
        <span className={settings.hint}>
          {formatNumber(retype.done, language)} / {formatNumber(retype.total, language)}
        </span>
        <span className={settings.headActions}>
          <Button size="small" loading={decide.isPending && !decide.variables} onClick={() => decide.mutate(false)}>
            {t('settings.retype.cancel')}
          </Button>
          {held && (
            <Button
              size="small"
              danger
              loading={decide.isPending && decide.variables}
              onClick={() => decide.mutate(true)}
            >
              {t('settings.retype.runAnyway', { count: retype.rejected })}
            </Button>
          )}
        </span>
      </div>
      {held ? (
        <Rejects id={retype.id} />
      ) : (
        <Progress percent={percent} size="small" aria-label={t('settings.retype.title', { name })} />
      )}
      {decide.error && <ProblemNote error={decide.error} />}
    </section>
  )
}

/** The values that do not convert, the first of them. */
function Rejects({ id }: { id: string }) {
  const { t } = useTranslation()
  const label = useLabel()
  const { data: rejects = [] } = useQuery({
    queryKey: ['retypes', 'rejects', id],
    queryFn: () => api.schema.retypeRejects(id),
  })
  return (
    <>
      <p className={settings.hint}>{t('settings.retype.heldLead')}</p>
      <table className={settings.table}>
        <thead>
          <tr>
            <th>{t('settings.retype.value')}</th>
            <th>{t('settings.retype.why')}</th>
          </tr>
        </thead>
        <tbody>
          {rejects.map((reject) => (
            <tr key={reject.record_id}>
              <td>{reject.value}</td>
              <td>{label(reject.problem.message)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}
