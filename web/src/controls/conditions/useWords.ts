/** Conditions in words, from the sentences that the operators bring along. */
import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConditionLeaf, Field } from '@/api/types'
import { operatorsQuery } from '@/kernel/describe'
import { formatNumber } from '@/kernel/format'
import { useLabel, useLanguage } from '@/kernel/language'
import type { PathField } from '@/kernel/paths'

/** How many values of a list are named before the rest is counted. */
const named = 3

/** Says one leaf: 金额不小于 100,000. */
export function useLeafWords(): (leaf: ConditionLeaf, path: PathField | undefined) => string {
  const { t } = useTranslation()
  const label = useLabel()
  const language = useLanguage()
  const { data: operators = [] } = useQuery(operatorsQuery)
  return useCallback(
    (leaf, path) => {
      const word = (value: unknown, field: Field | undefined): string => {
        if (value === null || value === undefined || value === '') return t('conditions.any')
        if (value === '@me') return t('conditions.me')
        if (value === '@my_department') return t('conditions.myDepartment')
        if (typeof value === 'boolean') return value ? t('common.yes') : t('common.no')
        if (typeof value === 'number') return formatNumber(value, language)
        if (typeof value === 'object' && 'label' in value) return String(value.label)
        const choice = field?.choices.find((one) => one.key === value)
        return choice ? label(choice.label) : String(value)
      }
      const words = (value: unknown, field: Field | undefined): string => {
        if (!Array.isArray(value)) return word(value, field)
        const first = value.slice(0, named).map((one) => word(one, field))
        const rest = value.length - first.length
        const joined = first.join(language === 'zh' ? '、' : ', ')
        return rest > 0 ? t('conditions.andMore', { values: joined, number: rest }) : joined
      }
      // Ids say nothing to people: which records were chosen, the list itself shows.
      if (leaf.field === 'id' && leaf.op === 'in' && Array.isArray(leaf.value))
        return t('conditions.chosenRecords', { count: leaf.value.length })
      const operator = operators.find((one) => one.key === leaf.op)
      const field = path?.labels.map(label).join(language === 'zh' ? '的' : ' › ') ?? leaf.field
      const template = label(operator?.sentence) || `{field} ${label(operator?.label) || leaf.op} {value}`
      const range = Array.isArray(leaf.value) ? leaf.value : []
      return template
        .replace('{field}', field)
        .replace('{low}', word(range[0], path?.field))
        .replace('{high}', word(range[1], path?.field))
        .replace('{value}', words(leaf.value, path?.field))
        .trim()
    },
    [t, label, language, operators],
  )
}
