import { Button, Dropdown } from 'antd'
import { Layers } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription } from '@/api/types'
import { fieldOf } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { Chosen } from '@/ui/Appearance'
import { usePhone } from '@/ui/usePhone'
import { isGroupable } from './useGroups'

interface GroupButtonProps {
  object: ObjectDescription
  value: string | null
  onChange: (field: string | null) => void
}

/** By which Field the list is grouped. */
export function GroupButton({ object, value, onChange }: GroupButtonProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const phone = usePhone()
  const fields = object.fields.filter((field) => isGroupable(field) && !field.hidden)
  const chosen = value ? fieldOf(object, value) : undefined
  const text = chosen ? t('list.groupedBy', { field: label(chosen.label) }) : t('list.group')
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        style: { maxHeight: 420, overflow: 'auto' },
        items: [
          { key: '-', label: t('list.noGroup'), icon: <Chosen chosen={!chosen} />, onClick: () => onChange(null) },
          { type: 'divider' },
          ...fields.map((field) => ({
            key: field.key,
            label: label(field.label),
            icon: <Chosen chosen={field.key === value} />,
            onClick: () => onChange(field.key),
          })),
        ],
      }}
    >
      <Button type="text" icon={<Layers size={15} />} aria-label={text}>
        {phone ? null : text}
      </Button>
    </Dropdown>
  )
}
