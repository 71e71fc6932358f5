import { useMutation, useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { ArrowRight } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ApiProblem } from '@/api/problem'
import type { Field, ObjectDescription, Retype, RetypePreview } from '@/api/types'
import { formatNumber } from '@/kernel/format'
import { useLabel, useLanguage } from '@/kernel/language'
import { ProblemNote } from '@/ui/ProblemView'
import { SideDrawer } from '@/ui/SideDrawer'
import { useNotify } from '@/ui/useNotify'
import settings from '../../settings.module.css'
import styles from '../objects.module.css'
import { fieldTypesQuery, useSchemaRefresh } from '../useSchema'
import { draftOf, type FieldDraft } from './draft'
import { FieldOptions } from './FieldOptions'
import { TypePicker } from './TypePicker'

interface RetypeDrawerProps {
  object: ObjectDescription
  field: Field
  onClose: () => void
}

/** Gives a Field another type, showing first what becomes of its values. */
export function RetypeDrawer({ object, field, onClose }: RetypeDrawerProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const notify = useNotify()
  const refresh = useSchemaRefresh()
  const { data: types = [] } = useQuery(fieldTypesQuery)
  const [draft, setDraft] = useState<FieldDraft>(() => ({ ...draftOf(null), label: field.label }))
  const type = types.find((one) => one.key === draft.type)
  const body = () => {
    const options = Object.fromEntries(
      Object.entries(draft.options).filter(([, value]) => value !== null && value !== ''),
    )
    return {
      type: draft.type,
      ...(Object.keys(options).length > 0 && { options }),
      ...(type?.takes_choices && { make_choices: true }),
    }
  }
  const preview = useMutation<RetypePreview, ApiProblem>({
    mutationFn: () => api.schema.retype<RetypePreview>(object.key, field.key, { ...body(), dry_run: true }),
  })
  const run = useMutation<Retype, ApiProblem, boolean>({
    mutationFn: (accept) =>
      api.schema.retype<Retype>(object.key, field.key, {
        ...body(),
        dry_run: false,
        ...(accept && { accept_rejects: true }),
      }),
    onSuccess: async (started) => {
      await refresh()
      onClose()
      notify.done(
        t(started.state === 'done' ? 'settings.retype.done' : 'settings.retype.running', { name: label(field.label) }),
      )
    },
  })
  const change = (part: Partial<FieldDraft>) => {
    preview.reset()
    setDraft((known) => ({ ...known, ...part }))
  }
  const rejected = preview.data?.rejected ?? 0
  return (
    <SideDrawer
      open
      wide
      title={t('settings.retype.title', { name: label(field.label) })}
      onClose={onClose}
      footer={
        <div className={settings.buttons}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          {preview.data ? (
            <Button
              type="primary"
              danger={rejected > 0}
              loading={run.isPending}
              onClick={() => run.mutate(rejected > 0)}
            >
              {rejected > 0 ? t('settings.retype.runAnyway', { count: rejected }) : t('settings.retype.run')}
            </Button>
          ) : (
            <Button type="primary" disabled={!draft.type} loading={preview.isPending} onClick={() => preview.mutate()}>
              {t('settings.retype.preview')}
            </Button>
          )}
        </div>
      }
    >
      <div className={settings.form}>
        <p className={settings.lead}>{t('settings.retype.lead')}</p>
        <TypePicker
          types={types.filter((one) => !one.computed && one.key !== field.type)}
          value={draft.type}
          onChange={(key) => change({ type: key, options: {} })}
        />
        {type && !type.takes_choices && (
          <FieldOptions object={object} field={null} type={type} draft={draft} onChange={change} />
        )}
        {preview.error && <ProblemNote error={preview.error} />}
        {run.error && <ProblemNote error={run.error} />}
        {preview.data && <Preview preview={preview.data} />}
      </div>
    </SideDrawer>
  )
}

function Preview({ preview }: { preview: RetypePreview }) {
  const { t } = useTranslation()
  const label = useLabel()
  const language = useLanguage()
  const figure = (name: 'filled' | 'converted' | 'rejected') => (
    <div className={styles.figure} key={name}>
      <strong>{formatNumber(preview[name], language)}</strong>
      <span>{t(`settings.retype.${name}`)}</span>
    </div>
  )
  return (
    <section className={styles.preview} aria-label={t('settings.retype.preview')}>
      <div className={styles.figures}>{(['filled', 'converted', 'rejected'] as const).map(figure)}</div>
      {preview.rejects.length > 0 && (
        <table className={settings.table}>
          <thead>
            <tr>
              <th>{t('settings.retype.value')}</th>
              <th>{t('settings.retype.count')}</th>
              <th>{t('settings.retype.why')}</th>
            </tr>
          </thead>
          <tbody>
            {preview.rejects.map((reject) => (
              <tr key={reject.value}>
                <td>{reject.value}</td>
                <td>{formatNumber(reject.count, language)}</td>
                <td>{label(reject.problem.message)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {preview.examples.length > 0 && (
        <div>
          <h3 className={settings.label}>{t('settings.retype.examples')}</h3>
          <table className={settings.table}>
            <tbody>
              {preview.examples.map(([before, after]) => (
                <tr key={before}>
                  <td>{before}</td>
                  <td>
                    <ArrowRight size={14} aria-label="→" />
                  </td>
                  <td>{after}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {preview.choices.length > 0 && (
        <p className={settings.hint}>{t('settings.retype.choices', { values: preview.choices.join(', ') })}</p>
      )}
    </section>
  )
}
