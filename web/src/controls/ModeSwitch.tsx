import { Link } from '@tanstack/react-router'
import { Columns3, Rows3 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Mode } from '@/kernel/mode'
import { rememberMode } from '@/kernel/mode'
import styles from './ModeSwitch.module.css'

/** List or board of the same records; the filter, the search words and the moment go along. */
export function ModeSwitch({ object, mode }: { object: string; mode: Mode }) {
  const { t } = useTranslation()
  const keep = ({ where, q, as_of }: { where?: unknown; q?: unknown; as_of?: unknown }) => ({
    ...(where ? { where } : {}),
    ...(q ? { q } : {}),
    ...(as_of ? { as_of } : {}),
  })
  const entries = [
    { mode: 'list' as const, to: '/o/$object' as const, Shape: Rows3 },
    { mode: 'board' as const, to: '/o/$object/board' as const, Shape: Columns3 },
  ]
  return (
    <nav className={styles.modes} aria-label={t('controls.modes.label')}>
      {entries.map((entry) => (
        <Link
          key={entry.mode}
          to={entry.to}
          params={{ object }}
          search={keep as never}
          activeOptions={{ exact: true, includeSearch: false }}
          className={styles.mode}
          aria-current={entry.mode === mode ? 'page' : undefined}
          onClick={() => rememberMode(object, entry.mode)}
        >
          <entry.Shape size={14} aria-hidden />
          {t(`controls.modes.${entry.mode}`)}
        </Link>
      ))}
    </nav>
  )
}
