import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ApiProblem } from '@/api/problem'
import type { Policy, PolicyBody } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { refreshAllRecords } from '@/kernel/records'
import { useNotify } from '@/ui/useNotify'

export const policiesQuery = queryOptions({ queryKey: ['roles', 'policies'], queryFn: api.policies.list })

export interface PolicyDraft extends PolicyBody {
  object: string
}

/** The part of a restriction that can be sent. */
export const draftOf = (policy: Policy): PolicyDraft => ({
  label: { zh: policy.label.zh ?? '', en: policy.label.en ?? '' },
  object: policy.object,
  verbs: policy.verbs,
  where: policy.where,
  people: policy.people.map((one) => one.id),
  departments: policy.departments.map((one) => one.id),
  roles: policy.roles,
  active: policy.active,
})

/** Making, changing and removing restrictions; what people see changes with it. */
export function usePolicyActions(onSaved: () => void) {
  const client = useQueryClient()
  const notify = useNotify()
  const label = useLabel()
  const { t } = useTranslation()
  const refresh = () => {
    void client.invalidateQueries({ queryKey: ['roles'] })
    void refreshAllRecords(client)
  }
  const change = (key: string, { object: _, ...rest }: PolicyDraft) => api.policies.change(key, rest)
  const back = (saved: Policy, former: Policy | null) =>
    (former ? change(former.key, draftOf(former)) : api.policies.remove(saved.key))
      .catch(notify.failed)
      .finally(refresh)
  const save = useMutation<Policy, ApiProblem, { draft: PolicyDraft; former: Policy | null }>({
    mutationFn: ({ draft, former }) => (former ? change(former.key, draft) : api.policies.make(draft)),
    onSuccess: (saved, { former }) => {
      notify.done(t('roles.policies.saved', { name: label(saved.label) }), () => void back(saved, former))
      onSaved()
    },
    onSettled: refresh,
  })
  const again = (policy: Policy) =>
    api.policies
      .make({ key: policy.key, ...draftOf(policy) })
      .catch(notify.failed)
      .finally(refresh)
  const remove = (policy: Policy) =>
    api.policies
      .remove(policy.key)
      .then(() => notify.done(t('roles.policies.removed', { name: label(policy.label) }), () => void again(policy)))
      .catch(notify.failed)
      .finally(refresh)
  const put = (policy: Policy, active: boolean) =>
    api.policies.change(policy.key, { active }).catch(notify.failed).finally(refresh)
  return { save, remove, put }
}
