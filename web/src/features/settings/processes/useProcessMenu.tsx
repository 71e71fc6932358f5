import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App, type MenuProps } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { Text } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { useNotify } from '@/ui/useNotify'
import { useSchemaRefresh } from '../objects/useSchema'

interface Subject {
  key: string
  label: Text
  object: string
}

/** What may be done with a Process as a whole: its chart, a copy, taking it out of use. */
export function useProcessMenu({ key, label, object }: Subject): NonNullable<MenuProps['items']> {
  const { t } = useTranslation()
  const text = useLabel()
  const client = useQueryClient()
  const navigate = useNavigate()
  const notify = useNotify()
  const refresh = useSchemaRefresh()
  const { modal } = App.useApp()
  const name = text(label)
  const again = () => client.invalidateQueries({ queryKey: ['processes'] })
  const copy = async () => {
    try {
      const made = await api.templates.copy(key, { publish: false })
      const draft = await api.processes.begin(made.definition)
      await again()
      await navigate({ to: '/settings/processes/$process', params: { process: draft.key } })
    } catch (error) {
      notify.failed(error)
    }
  }
  const retire = async () => {
    try {
      await api.processes.retire(key)
      await Promise.all([refresh(), again()])
      await navigate({ to: '/settings/processes' })
      notify.done(t('design.retired', { name }))
    } catch (error) {
      notify.failed(error)
    }
  }
  return [
    {
      key: 'chart',
      label: t('design.chart'),
      onClick: () => void navigate({ to: '/settings/processes/$process/chart', params: { process: key } }),
    },
    {
      key: 'board',
      label: t('design.toBoard'),
      onClick: () => void navigate({ to: '/o/$object/board', params: { object }, search: { process: key } }),
    },
    { key: 'copy', label: t('common.copy'), onClick: () => void copy() },
    {
      key: 'retire',
      danger: true,
      label: t('design.retire'),
      onClick: () =>
        void modal.confirm({
          title: t('design.retireTitle', { name }),
          content: t('design.retireHint'),
          okText: t('design.retire'),
          okButtonProps: { danger: true },
          cancelText: t('common.cancel'),
          onOk: retire,
        }),
    },
  ]
}
