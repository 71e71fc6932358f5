import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { Field, ObjectDescription, QueryRequest, RecordData, Related } from '@/api/types'
import { isBlank, Value } from '@/controls/Value'
import { fieldOf, may, useMaybeObject, useObjects } from '@/kernel/describe'
import { formatNumber } from '@/kernel/format'
import { useLabel, useLanguage } from '@/kernel/language'
import { recordsKey } from '@/kernel/records'
import { ObjectIcon } from '@/ui/Icon'
import { useOverlays } from '@/ui/overlays'
import styles from './record.module.css'

interface RelatedRecordsProps {
  object: ObjectDescription
  record: RecordData
}

const shownAtFirst = 5
const factsBeside = 3

/** Everything that links to this record, one block for each Object and link. */
export function RelatedRecords({ object, record }: RelatedRecordsProps) {
  const visible = new Set(useObjects().map((one) => one.key))
  const links = object.related.filter((link) => visible.has(link.object))
  return links.map((link) => (
    <RelatedBlock key={`${link.object}.${link.field}`} link={link} owner={object} record={record} />
  ))
}

function RelatedBlock({ link, owner, record }: { link: Related; owner: ObjectDescription; record: RecordData }) {
  const { t } = useTranslation()
  const label = useLabel()
  const language = useLanguage()
  const overlays = useOverlays()
  const object = useMaybeObject(link.object)
  const field = object && fieldOf(object, link.field)
  const request: QueryRequest = {
    where: { field: link.field, op: 'eq', value: record.id },
    sort: [{ field: 'updated_at', dir: 'desc' }],
    limit: shownAtFirst,
    count: true,
  }
  const { data } = useQuery({
    queryKey: [...recordsKey(link.object), 'related', link.field, record.id],
    queryFn: () => api.records.query(link.object, request),
    enabled: Boolean(object),
  })
  if (!object || !field) return null
  const total = data?.total ?? 0
  const sameObject = object.related.filter((one) => one.object === owner.key).length > 1
  const title = label(object.label_plural)
  const add = () => {
    const self = { id: record.id, label: String(record[owner.name_field] ?? '') }
    overlays.create({ object: object.key, values: { [link.field]: self } })
  }
  return (
    <section className={styles.related}>
      <header className={styles.relatedHead}>
        <ObjectIcon name={object.icon} size={14} />
        <h3>{sameObject ? `${title} · ${label(field.label)}` : title}</h3>
        {total > 0 && <span className={styles.quiet}>{formatNumber(total, language)}</span>}
        {may(object, 'create') && (
          <button
            type="button"
            className={styles.add}
            aria-label={t('common.createObject', { object: label(object.label) })}
            onClick={add}
          >
            <Plus size={14} aria-hidden />
          </button>
        )}
      </header>
      {data && total === 0 && <p className={styles.quiet}>{t('record.noRelated', { object: title })}</p>}
      <ul>
        {data?.records.map((one) => (
          <RelatedRow key={one.id} object={object} link={link} record={one} />
        ))}
      </ul>
      {total > shownAtFirst && (
        <Link
          to="/o/$object"
          params={{ object: object.key }}
          search={{ where: { field: link.field, op: 'eq', value: record.id } }}
        >
          {t('record.allRelated', { count: total })}
        </Link>
      )}
    </section>
  )
}

/** The Fields that a list of this Object would show first, beside its name. */
function besideName(object: ObjectDescription, link: Related): Field[] {
  return (object.layouts.list?.columns ?? [])
    .filter((key) => key !== object.name_field && key !== link.field)
    .map((key) => fieldOf(object, key))
    .filter((field): field is Field => field !== undefined)
    .slice(0, factsBeside)
}

function RelatedRow({ object, link, record }: { object: ObjectDescription; link: Related; record: RecordData }) {
  const overlays = useOverlays()
  const facts = besideName(object, link).filter((field) => !isBlank(record[field.key]))
  return (
    <li className={styles.relatedRow}>
      <button type="button" onClick={() => overlays.peek(object.key, record.id)}>
        {nameOf(object, record)}
      </button>
      <span className={styles.relatedFacts}>
        {facts.map((field) => (
          <Value key={field.key} field={field} object={object} record={record} value={record[field.key]} />
        ))}
      </span>
    </li>
  )
}

/** The name of a record; where the name itself is a link (a line names its product), the label of that. */
function nameOf(object: ObjectDescription, record: RecordData): string {
  const value = record[object.name_field]
  if (value && typeof value === 'object' && 'label' in value) return String((value as { label: unknown }).label)
  return String(value ?? '—')
}
