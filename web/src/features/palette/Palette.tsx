import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Clock, LoaderCircle, Search } from 'lucide-react'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import { useObjects } from '@/kernel/describe'
import { findsText } from '@/kernel/initials'
import { useLabel } from '@/kernel/language'
import { recentRecords } from '@/kernel/recents'
import { ObjectIcon } from '@/ui/Icon'
import { Kbd } from '@/ui/Kbd'
import { useOverlays } from '@/ui/overlays'
import { type Entry, useCommands, usePages } from './entries'
import styles from './Palette.module.css'

interface Section {
  key: string
  title: string
  entries: Entry[]
}

const perObject = 6
const mostPages = 6
const mostCommands = 6

/** Records that the server finds for what was typed; until it has answered, those of what was typed before. */
function useFound(q: string): { sections: Section[]; searching: boolean; stale: boolean } {
  const label = useLabel()
  const objects = useObjects()
  const navigate = useNavigate()
  const { peek } = useOverlays()
  const { data, isFetching, isPending, isPlaceholderData } = useQuery({
    queryKey: ['search', q],
    queryFn: ({ signal }) => api.search(q, perObject, signal),
    enabled: q.length > 0,
    placeholderData: (previous) => previous,
    staleTime: 10_000,
  })
  const sections = useMemo(
    () =>
      (q ? (data?.groups ?? []) : []).flatMap((group): Section[] => {
        const object = objects.find((one) => one.key === group.object)
        if (!object || group.records.length === 0) return []
        const entries = group.records.map((record) => ({
          key: `record:${record.id}`,
          icon: <ObjectIcon name={object.icon} />,
          label: record.label,
          ...(record.subtitle && { hint: record.subtitle }),
          words: [],
          run: () => void navigate({ to: '/o/$object/$id', params: { object: object.key, id: record.id } }),
          also: () => peek(object.key, record.id),
        }))
        return [{ key: object.key, title: label(object.label_plural), entries }]
      }),
    [q, data, objects, label, navigate, peek],
  )
  const asked = q.length > 0
  return { sections, searching: asked && isFetching, stale: asked && (isPending || isPlaceholderData) }
}

function useRecent(): Entry[] {
  const label = useLabel()
  const objects = useObjects()
  const navigate = useNavigate()
  const { peek } = useOverlays()
  return useMemo(
    () =>
      recentRecords().flatMap((recent): Entry[] => {
        const object = objects.find((one) => one.key === recent.object)
        if (!object) return []
        return [
          {
            key: `recent:${recent.id}`,
            icon: <Clock size={16} strokeWidth={1.75} aria-hidden />,
            label: recent.label,
            hint: label(object.label),
            words: [],
            run: () => void navigate({ to: '/o/$object/$id', params: { object: object.key, id: recent.id } }),
            also: () => peek(object.key, recent.id),
          },
        ]
      }),
    [objects, label, navigate, peek],
  )
}

/** Finds records, pages and commands from anywhere; all by keyboard. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const dialog = useRef<HTMLDialogElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState(0)
  const [eager, setEager] = useState<{ also: boolean } | null>(null)
  const q = typed.trim()
  const pages = usePages()
  const commands = useCommands()
  const recent = useRecent()
  const { sections: found, searching, stale } = useFound(q)
  const sections = useMemo<Section[]>(() => {
    const pick = (entries: Entry[], most: number) => entries.filter((entry) => findsText(q, entry.words)).slice(0, most)
    const all: Section[] = [
      ...(q ? [] : [{ key: 'recent', title: t('palette.recent'), entries: recent }]),
      { key: 'pages', title: t('palette.pages'), entries: pick(pages, mostPages) },
      ...found,
      { key: 'commands', title: t('palette.commands'), entries: pick(commands, mostCommands) },
    ]
    return all.filter((section) => section.entries.length > 0)
  }, [q, t, recent, pages, commands, found])
  const entries = sections.flatMap((section) => section.entries)
  const current = Math.min(chosen, Math.max(0, entries.length - 1))

  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  useEffect(() => {
    list.current?.querySelector(`#palette-${current}`)?.scrollIntoView({ block: 'nearest' })
  }, [current])

  const run = (entry: Entry | undefined, also: boolean) => {
    if (!entry) return
    onClose()
    if (also && entry.also) entry.also()
    else entry.run()
  }
  const enter = (also: boolean) => {
    const entry = entries[current]
    // Records stand before commands: until the answer is there, only a page is sure to be what is meant.
    if (stale && !(entry && pages.includes(entry))) setEager({ also })
    else run(entry, also)
  }
  useEffect(() => {
    if (!eager || stale) return
    setEager(null)
    run(entries[current], eager.also)
  })
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const last = entries.length - 1
    if (event.key === 'ArrowDown') setChosen(current >= last ? 0 : current + 1)
    else if (event.key === 'ArrowUp') setChosen(current <= 0 ? last : current - 1)
    else if (event.key === 'Home' && event.ctrlKey) setChosen(0)
    else if (event.key === 'End' && event.ctrlKey) setChosen(last)
    else if (event.key === 'Enter') enter(event.shiftKey)
    else return
    event.preventDefault()
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the panel closes it; Escape does so by itself
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-label={t('palette.label')}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && onClose()}
    >
      <div className={styles.panel}>
        <div className={styles.search}>
          {searching ? (
            <LoaderCircle size={18} className={styles.turning} aria-hidden />
          ) : (
            <Search size={18} aria-hidden />
          )}
          <input
            autoFocus
            className={styles.input}
            role="combobox"
            aria-expanded
            aria-controls="palette-entries"
            aria-activedescendant={entries[current] ? `palette-${current}` : undefined}
            aria-label={t('palette.placeholder')}
            placeholder={t('palette.placeholder')}
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value)
              setChosen(0)
              setEager(null)
            }}
            onKeyDown={onKeyDown}
          />
          <Kbd keys={['Esc']} />
        </div>
        <Entries sections={sections} current={current} listRef={list} onChoose={setChosen} onRun={run} />
        {entries.length === 0 && !searching && <p className={styles.nothing}>{t('palette.nothing', { typed: q })}</p>}
        <div className={styles.foot} aria-hidden>
          <span>
            <Kbd keys={['↑', '↓']} /> {t('palette.choose')}
          </span>
          <span>
            <Kbd keys={['Enter']} /> {t('palette.open')}
          </span>
          <span>
            <Kbd keys={['Shift', 'Enter']} /> {t('palette.peek')}
          </span>
        </div>
      </div>
    </dialog>
  )
}

interface EntriesProps {
  sections: Section[]
  current: number
  listRef: React.RefObject<HTMLDivElement | null>
  onChoose: (index: number) => void
  onRun: (entry: Entry, also: boolean) => void
}

function Entries({ sections, current, listRef, onChoose, onRun }: EntriesProps) {
  const { t } = useTranslation()
  let index = -1
  return (
    <div ref={listRef} id="palette-entries" role="listbox" aria-label={t('palette.label')} className={styles.entries}>
      {sections.map((section) => (
        // biome-ignore lint/a11y/useSemanticElements: a group of options, which HTML has only for select
        <div key={section.key} role="group" aria-labelledby={`palette-${section.key}`}>
          <div id={`palette-${section.key}`} className={styles.title} role="presentation">
            {section.title}
          </div>
          {section.entries.map((entry) => {
            index += 1
            const place = index
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the input above takes the keyboard
              // biome-ignore lint/a11y/useFocusableInteractive: named as active by the input above
              <div
                key={entry.key}
                id={`palette-${place}`}
                role="option"
                aria-selected={place === current}
                className={styles.entry}
                onMouseMove={() => place !== current && onChoose(place)}
                onClick={(event) => onRun(entry, event.shiftKey)}
              >
                <span className={styles.icon}>{entry.icon}</span>
                <span className={styles.label}>{entry.label}</span>
                {entry.hint && <span className={styles.hint}>{entry.hint}</span>}
              </div>
            )
          })}
        </div>
      ))}
    </div>
  )
}
