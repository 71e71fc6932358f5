import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { Text } from '@/api/types'
import { homeObject, useMaybeObject, useObjects } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { ProblemNote } from '@/ui/ProblemView'
import { SideDrawer } from '@/ui/SideDrawer'
import { hasText, LabelInputs, trimmed } from '../objects/LabelInputs'
import settings from '../settings.module.css'

interface NewProcessDrawerProps {
  onClose: () => void
  onMade: (process: string) => void
}

/** Begins a Process from nothing: what it is called and which records follow it. */
export function NewProcessDrawer({ onClose, onMade }: NewProcessDrawerProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const id = useId()
  const client = useQueryClient()
  const objects = useObjects()
  const [name, setName] = useState<Text>({ zh: '', en: '' })
  const [object, setObject] = useState(homeObject(objects)?.key ?? '')
  const [field, setField] = useState<string | null>(null)
  const description = useMaybeObject(object)
  const asksField = description !== undefined && description.processes.length === 0
  const choices = (description?.fields ?? []).filter((one) => one.type === 'choice' && !one.readonly)
  const begin = useMutation({
    mutationFn: () =>
      api.processes.beginBare({ object, label: trimmed(name), ...(asksField && field !== null && { field }) }),
    onSuccess: async (draft) => {
      await client.invalidateQueries({ queryKey: ['processes'] })
      onMade(draft.key)
    },
  })
  const ready = hasText(name) && object !== '' && (!asksField || field !== null)
  return (
    <SideDrawer
      open
      title={t('design.newEmpty')}
      onClose={onClose}
      footer={
        <div className={settings.buttons}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="primary" disabled={!ready} loading={begin.isPending} onClick={() => begin.mutate()}>
            {t('design.begin')}
          </Button>
        </div>
      }
    >
      <div className={settings.form}>
        <LabelInputs autoFocus required label={t('design.processName')} value={name} onChange={setName} />
        <div className={settings.field}>
          <label htmlFor={`${id}-object`}>{t('design.forObject')}</label>
          <Select
            id={`${id}-object`}
            value={object}
            showSearch={{ optionFilterProp: 'label' }}
            options={objects.map((one) => ({ value: one.key, label: label(one.label) }))}
            onChange={(key) => {
              setObject(key)
              setField(null)
            }}
          />
        </div>
        {asksField && (
          <div className={settings.field}>
            <label htmlFor={`${id}-field`}>{t('design.stateField')}</label>
            <Select
              id={`${id}-field`}
              value={field}
              placeholder={t('controls.chooseField')}
              notFoundContent={t('design.noChoiceField')}
              options={choices.map((one) => ({ value: one.key, label: label(one.label) }))}
              onChange={setField}
            />
            <p className={settings.hint}>{t('design.stateFieldHint')}</p>
          </div>
        )}
        {begin.error && <ProblemNote error={begin.error} />}
      </div>
    </SideDrawer>
  )
}
