import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ApiProblem } from '@/api/problem'
import type { SharingRule, SharingRuleBody } from '@/api/types'
import { refreshAllRecords } from '@/kernel/records'
import { useNotify } from '@/ui/useNotify'

export const rulesQuery = queryOptions({ queryKey: ['sharing-rules'], queryFn: api.sharingRules.list })

/** The part of a rule that can be sent: what it is called, gives, and to whom. */
export const bodyOf = (rule: SharingRule): SharingRuleBody => ({
  label: { zh: rule.label.zh ?? '', en: rule.label.en ?? '' },
  object: rule.object,
  where: rule.where,
  people: rule.people.map((one) => one.id),
  departments: rule.departments.map((one) => one.id),
  roles: rule.roles,
  level: rule.level,
  active: rule.active,
})

/** Making or changing a rule, and removing one; what others see changes with it. */
export function useRuleActions(onSaved: () => void) {
  const client = useQueryClient()
  const notify = useNotify()
  const { t } = useTranslation()
  const refresh = () => {
    void client.invalidateQueries({ queryKey: rulesQuery.queryKey })
    void refreshAllRecords(client)
  }
  const nameOf = (rule: SharingRule) => rule.label.zh || rule.label.en || ''
  const save = useMutation<SharingRule, ApiProblem, { id: string | null; body: SharingRuleBody }>({
    mutationFn: ({ id, body: { object, ...rest } }) =>
      id ? api.sharingRules.change(id, rest) : api.sharingRules.make({ object, ...rest }),
    onSuccess: (saved) => {
      notify.done(t('sharing.rules.saved', { name: nameOf(saved) }))
      onSaved()
    },
    onSettled: refresh,
  })
  const again = (rule: SharingRule) => api.sharingRules.make(bodyOf(rule)).catch(notify.failed).finally(refresh)
  const remove = (rule: SharingRule) =>
    api.sharingRules
      .remove(rule.id)
      .then(() => notify.done(t('sharing.rules.removed', { name: nameOf(rule) }), () => void again(rule)))
      .catch(notify.failed)
      .finally(refresh)
  const put = (rule: SharingRule, active: boolean) =>
    api.sharingRules.change(rule.id, { active }).catch(notify.failed).finally(refresh)
  return { save, remove, put }
}
