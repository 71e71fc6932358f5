import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { Archive, ArchiveRestore, ArrowDown, ArrowUp, Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { DocumentType } from '@/api/types'
import { documentTypesQuery } from '@/controls/files/useFiles'
import { Bones } from '@/ui/Bones'
import { ProblemNote, ProblemPanel } from '@/ui/ProblemView'
import { useNotify } from '@/ui/useNotify'
import settings from '../settings.module.css'
import styles from './documents.module.css'

/** What the files on records can be: names in both languages and order; types in use are retired, never lost. */
export function DocumentTypesPage() {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(documentTypesQuery)
  return (
    <>
      <div className={settings.head}>
        <h2 className={settings.title}>{t('files.types.title')}</h2>
        <p className={settings.lead}>{t('files.types.lead')}</p>
      </div>
      {!data && !error && <Bones />}
      {error && !data && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {data && <TypesForm key={data.map((one) => one.key).join()} types={data} />}
    </>
  )
}

interface Line {
  line: number
  key: string | null
  label: { zh: string; en: string }
  retired: boolean
}

let lines = 0
const lineOf = (type: DocumentType): Line => ({
  line: ++lines,
  key: type.key,
  label: { zh: type.label.zh ?? '', en: type.label.en ?? '' },
  retired: type.retired,
})
const newLine = (): Line => ({ line: ++lines, key: null, label: { zh: '', en: '' }, retired: false })

function TypesForm({ types }: { types: DocumentType[] }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const notify = useNotify()
  const [draft, setDraft] = useState(() => types.map(lineOf))
  const [changed, setChanged] = useState(false)
  const save = useMutation({
    mutationFn: () =>
      api.documentTypes.put(draft.map(({ key, label, retired }) => ({ ...(key && { key }), label, retired }))),
    onSuccess: (saved) => {
      client.setQueryData(documentTypesQuery.queryKey, saved)
      setDraft(saved.map(lineOf))
      setChanged(false)
      notify.done(t('common.saved'))
    },
  })
  const edit = (next: Line[]) => {
    setDraft(next)
    setChanged(true)
  }
  const put = (line: number, next: Line | null) =>
    edit(draft.flatMap((one) => (one.line === line ? (next ? [next] : []) : [one])))
  const move = (place: number, by: 1 | -1) => {
    const next = [...draft]
    const [moved] = next.splice(place, 1)
    if (moved) next.splice(place + by, 0, moved)
    edit(next)
  }
  return (
    <div className={settings.section}>
      {save.error && <ProblemNote error={save.error} />}
      <ul className={styles.types}>
        {draft.map((one, place) => (
          <TypeLine
            key={one.line}
            line={one}
            first={place === 0}
            last={place === draft.length - 1}
            onChange={(next) => put(one.line, next)}
            onMove={(by) => move(place, by)}
          />
        ))}
      </ul>
      <p className={settings.hint}>{t('files.types.retiredHint')}</p>
      <div className={styles.foot}>
        <Button icon={<Plus size={14} aria-hidden />} onClick={() => edit([...draft, newLine()])}>
          {t('files.types.add')}
        </Button>
        <Button type="primary" disabled={!changed} loading={save.isPending} onClick={() => save.mutate()}>
          {t('common.save')}
        </Button>
      </div>
    </div>
  )
}

interface TypeLineProps {
  line: Line
  first: boolean
  last: boolean
  onChange: (line: Line | null) => void
  onMove: (by: 1 | -1) => void
}

function TypeLine({ line, first, last, onChange, onMove }: TypeLineProps) {
  const { t } = useTranslation()
  const name = line.label.zh || line.label.en
  const input = (language: 'zh' | 'en') => (
    <Input
      aria-label={`${t('files.types.name')} (${t(`common.languages.${language}`)})`}
      placeholder={t(`common.languages.${language}`)}
      maxLength={60}
      autoFocus={language === 'zh' && line.key === null && !name}
      value={line.label[language]}
      onChange={(event) => onChange({ ...line, label: { ...line.label, [language]: event.target.value } })}
    />
  )
  return (
    <li className={styles.type} data-retired={line.retired || undefined} data-type={line.key ?? ''}>
      {input('zh')}
      {input('en')}
      <span className={styles.actions}>
        <Button
          type="text"
          size="small"
          disabled={first}
          icon={<ArrowUp size={14} aria-hidden />}
          aria-label={t('files.types.up', { name })}
          onClick={() => onMove(-1)}
        />
        <Button
          type="text"
          size="small"
          disabled={last}
          icon={<ArrowDown size={14} aria-hidden />}
          aria-label={t('files.types.down', { name })}
          onClick={() => onMove(1)}
        />
        {line.key === null ? (
          <Button
            type="text"
            size="small"
            icon={<X size={14} aria-hidden />}
            aria-label={t('files.types.drop', { name })}
            onClick={() => onChange(null)}
          />
        ) : (
          <Button
            type="text"
            size="small"
            icon={line.retired ? <ArchiveRestore size={14} aria-hidden /> : <Archive size={14} aria-hidden />}
            aria-label={t(line.retired ? 'files.types.restore' : 'files.types.retire', { name })}
            onClick={() => onChange({ ...line, retired: !line.retired })}
          />
        )}
      </span>
      {line.retired && <span className={settings.mark}>{t('files.types.retired')}</span>}
    </li>
  )
}
