import { ChevronRight, CircleAlert } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { FaultContext, useDesigner } from './context'
import styles from './designer.module.css'
import { indexWithin, placeOf } from './places'

interface PartProps {
  title: string
  /** The names under which the server speaks of it: `exit`, `target_days`. */
  names: string[]
  /** How much is in it, beside the title. */
  count?: number | string | undefined
  /** Open from the start. */
  open?: boolean
  hint?: string
  children: ReactNode
}

/** A part of a panel that folds; where the server finds fault with it, it opens and says so. */
export function Part({ title, names, count, open = false, hint, children }: PartProps) {
  const { definition, problem, place } = useDesigner()
  const [shown, setShown] = useState(open)
  const box = useRef<HTMLDetailsElement>(null)
  const at = problem ? placeOf(definition, problem.at) : null
  const here = place && place.kind !== 'process' && at && at.kind === place.kind && at.key === place.key
  const faulty = Boolean(here && at && names.includes(at.part))
  const asked = Boolean(place?.part && names.includes(place.part))
  const index =
    faulty && problem ? (names.map((name) => indexWithin(problem.at, name)).find((one) => one !== null) ?? null) : null
  useEffect(() => {
    if (faulty || asked) setShown(true)
    if (asked) box.current?.scrollIntoView({ block: 'nearest' })
  }, [faulty, asked])
  return (
    <details
      ref={box}
      className={styles.part}
      open={shown}
      onToggle={(event) => setShown(event.currentTarget.open)}
      data-part={names[0]}
    >
      <summary className={styles.partHead}>
        <ChevronRight size={14} aria-hidden className={styles.chevron ?? ''} />
        <span>{title}</span>
        {count !== undefined && count !== 0 && <span className={styles.count}>{count}</span>}
        {faulty && <CircleAlert size={14} className={styles.fault ?? ''} aria-hidden />}
      </summary>
      {shown && (
        <div className={styles.partBody}>
          {hint && <p className={styles.hint}>{hint}</p>}
          <FaultContext value={index}>{children}</FaultContext>
          {/* Comes and goes while somebody works above it: nothing there may move under the pointer. */}
          {faulty && problem && (
            <p className={styles.faultText} role="alert">
              <CircleAlert size={14} aria-hidden />
              {problem.message}
            </p>
          )}
        </div>
      )}
    </details>
  )
}
