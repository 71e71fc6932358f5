import { useTranslation } from 'react-i18next'
import type { Condition, ObjectDescription, View } from '@/api/types'
import { fieldOf } from '@/kernel/describe'

/** Ready-made views: one's own records, where the Object has an accountable person. */
export function usePresets(object: ObjectDescription, kind: View['kind']): View[] {
  const { t } = useTranslation()
  const owner = fieldOf(object, 'owner')
  if (!owner?.operators.includes('is_me')) return []
  const where: Condition = { all: [{ field: 'owner', op: 'is_me' }] }
  const name = t('controls.views.mine')
  return [{ id: 'mine', object: object.key, name, kind, shared: false, definition: { where } }]
}
