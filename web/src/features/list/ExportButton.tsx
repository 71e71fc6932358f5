import { Button, Dropdown } from 'antd'
import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription } from '@/api/types'
import { usePhone } from '@/ui/usePhone'
import { useExport } from './useExport'
import type { Question } from './useRows'

/** Writes what the list shows into a file; it goes on while one does something else. */
export function ExportButton({ object, question }: { object: ObjectDescription; question: Question }) {
  const { t } = useTranslation()
  const phone = usePhone()
  const start = useExport(object)
  const formats = ['xlsx', 'csv'] as const
  if (phone) return null
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: formats.map((format) => ({
          key: format,
          label: t(`list.export.${format}`),
          onClick: () => void start(question, format),
        })),
      }}
    >
      <Button type="text" icon={<Download size={15} />}>
        {t('list.export.button')}
      </Button>
    </Dropdown>
  )
}
