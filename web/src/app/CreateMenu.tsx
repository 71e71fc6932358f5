import { Button, Dropdown } from 'antd'
import { Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { may, useObjects } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { ObjectIcon } from '@/ui/Icon'
import { useOverlays } from '@/ui/overlays'

/** What can be made from anywhere; the page's own button stays the primary one. */
export function useCreateItems() {
  const label = useLabel()
  const { create } = useOverlays()
  return useObjects()
    .filter((object) => may(object, 'create'))
    .map((object) => ({
      key: object.key,
      label: label(object.label),
      icon: <ObjectIcon name={object.icon} />,
      onClick: () => create({ object: object.key }),
    }))
}

export function CreateMenu() {
  const { t } = useTranslation()
  const items = useCreateItems()
  if (items.length === 0) return null
  return (
    <Dropdown trigger={['click']} menu={{ items }}>
      <Button type="text" icon={<Plus size={16} />} aria-label={t('shell.createMenu')}>
        {t('shell.create')}
      </Button>
    </Dropdown>
  )
}
