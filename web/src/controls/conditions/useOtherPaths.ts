/** What a Condition of a gate may ask about besides Fields, as choices. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription } from '@/api/types'
import { objectsQuery } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import type { OtherPath } from '../FieldPathPicker'
import { evidencePath, relatedPath, useGateScope } from './gate'

/** Kinds of evidence and linked records; undefined where the Condition stands in no gate. */
export function useOtherPaths(object: ObjectDescription): OtherPath[] | undefined {
  const { t } = useTranslation()
  const label = useLabel()
  const scope = useGateScope()
  const { data: objects = [] } = useQuery(objectsQuery)
  return useMemo(() => {
    if (!scope) return undefined
    const evidence = scope.evidence.map((one) => ({
      value: evidencePath(one.key),
      label: t('conditions.evidence', { name: label(one.label) }),
    }))
    const linked = object.related.map((one) => {
      const owner = objects.find((other) => other.key === one.object)
      const several = object.related.filter((other) => other.object === one.object).length > 1
      const name = label(owner?.label_plural) || one.object
      return {
        value: relatedPath(one.object, one.field),
        label: t('conditions.related', { name: several ? `${name} (${label(one.label)})` : name }),
      }
    })
    return [...evidence, ...linked]
  }, [t, label, scope, object, objects])
}
