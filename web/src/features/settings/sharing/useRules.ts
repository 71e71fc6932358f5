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
  const change = (id: string, { object: _, ...rest }: SharingRuleBody) => api.sharingRules.change(id, rest)
  const back = (saved: SharingRule, before: SharingRule | null) =>
    (before ? change(before.id, bodyOf(before)) : api.sharingRules.remove(saved.id))
      .catch(notify.failed)
      .finally(refresh)
  const save = useMutation<SharingRule, ApiProblem, { before: SharingRule | null; body: SharingRuleBody }>({
    mutationFn: ({ before, body }) => (before ? change(before.id, body) : api.sharingRules.make(body)),
    onSuccess: (saved, { before }) => {
      notify.done(t('sharing.rules.saved', { name: nameOf(saved) }), () => void back(saved, before))
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
