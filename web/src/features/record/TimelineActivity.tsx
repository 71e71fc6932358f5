import type { Field, ObjectDescription, TimelineActivityEntry } from '@/api/types'
import { isBlank, Value } from '@/controls/Value'
import { fieldOf, useMaybeObject } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { ObjectIcon } from '@/ui/Icon'
import { useOverlays } from '@/ui/overlays'
import { TimelineEntryHead } from './TimelineEntryHead'
import styles from './timeline.module.css'

/** A linked record that is an activity: what, by whom, in short and at length. Pressing its name opens it beside. */
export function TimelineActivity({ entry }: { entry: TimelineActivityEntry }) {
  const label = useLabel()
  const overlays = useOverlays()
  const object = useMaybeObject(entry.object)
  return (
    <li className={styles.entry}>
      <span className={styles.mark}>
        <ObjectIcon name={object?.icon} size={14} />
      </span>
      <div className={styles.body}>
        <TimelineEntryHead at={entry.at} on={entry.on}>
          <button type="button" className={styles.open} onClick={() => overlays.peek(entry.object, entry.id)}>
            {entry.label ?? '—'}
          </button>
        </TimelineEntryHead>
        <p className={styles.line}>
          <span className={styles.quiet}>{label(object?.label)}</span>
          {entry.by?.label && <span className={styles.quiet}>{entry.by.label}</span>}
          {object && <Facts object={object} entry={entry} />}
        </p>
        {entry.text && <p className={styles.text}>{entry.text}</p>}
      </div>
    </li>
  )
}

function Facts({ object, entry }: { object: ObjectDescription; entry: TimelineActivityEntry }) {
  const record = { id: entry.id, version: 0, ...entry.facts }
  return Object.entries(entry.facts)
    .map(([key, value]) => ({ field: fieldOf(object, key), value }))
    .filter((fact): fact is { field: Field; value: unknown } => fact.field !== undefined && !isBlank(fact.value))
    .map(({ field, value }) => <Value key={field.key} field={field} object={object} record={record} value={value} />)
}
