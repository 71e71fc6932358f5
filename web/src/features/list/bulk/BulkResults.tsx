import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { CircleCheck, CircleMinus, CircleX, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription } from '@/api/types'
import { recordQuery } from '@/kernel/records'
import { useUndo } from '@/kernel/undo'
import { useNotify } from '@/ui/useNotify'
import styles from './bulk.module.css'
import type { BulkOutcome } from './useBulk'

/** Names are read for this many refused records; the others are counted. */
const shown = 50

/** What came of a bulk change: how many went well, and for each refused record why. */
export function BulkResults({ object, results, action }: BulkOutcome & { object: ObjectDescription }) {
  const { t } = useTranslation()
  const undo = useUndo()
  const notify = useNotify()
  const [undone, setUndone] = useState(false)
  const refused = results.filter(({ outcome }) => outcome.status === 'rejected')
  const same = results.filter(({ outcome }) => outcome.status === 'unchanged').length
  const changed = results.length - refused.length - same
  const names = useQueries({
    queries: refused.slice(0, shown).map(({ id }) => ({ ...recordQuery(object.key, id), retry: false })),
    combine: (answers) =>
      new Map(answers.flatMap(({ data }) => (data ? [[data.id, String(data[object.name_field] ?? '')]] : []))),
  })
  const takeBack = () =>
    void undo(action).then(() => {
      setUndone(true)
      notify.done(t('common.undone'))
    }, notify.failed)
  return (
    <div className={styles.results} role="status">
      {changed > 0 && (
        <p className={styles.good}>
          <CircleCheck size={16} aria-hidden />{' '}
          {undone ? t('common.undone') : t('list.bulk.changed', { count: changed })}
        </p>
      )}
      {same > 0 && (
        <p className={styles.same}>
          <CircleMinus size={16} aria-hidden /> {t('list.bulk.unchanged', { count: same })}
        </p>
      )}
      {refused.length > 0 && (
        <p className={styles.bad}>
          <CircleX size={16} aria-hidden /> {t('list.bulk.refused', { count: refused.length })}
        </p>
      )}
      {refused.length > 0 && (
        <ul className={styles.refused}>
          {refused.slice(0, shown).map(({ id, outcome }) => (
            <li key={id}>
              <Link to="/o/$object/$id" params={{ object: object.key, id }}>
                {names.get(id) ?? id}
              </Link>
              {outcome.errors?.map((error) => (
                <span key={`${error.field}:${error.message}`}>{error.message}</span>
              ))}
            </li>
          ))}
        </ul>
      )}
      {changed > 0 && !undone && (
        <Button icon={<Undo2 size={15} />} onClick={takeBack}>
          {t('list.bulk.undo')}
        </Button>
      )}
    </div>
  )
}
