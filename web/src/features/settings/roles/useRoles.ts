import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ApiProblem } from '@/api/problem'
import type { RoleDefinition, RoleGrants } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { refreshAllRecords } from '@/kernel/records'
import { useNotify } from '@/ui/useNotify'

export const definitionsQuery = queryOptions({ queryKey: ['roles', 'definitions'], queryFn: api.roles.definitions })

/** The role of administrators: it reaches everything, so there is nothing to say about it. */
export const administratorRole = 'administrator'

export interface RoleDraft {
  key: string
  label: { zh: string; en: string }
  grants: RoleGrants
}

/** Saving a role, taking one out of use and putting it back; what people see changes with it. */
export function useRoleActions(onDone: () => void) {
  const client = useQueryClient()
  const notify = useNotify()
  const label = useLabel()
  const { t } = useTranslation()
  const refresh = () => {
    void client.invalidateQueries({ queryKey: ['roles'] })
    void client.invalidateQueries({ queryKey: ['describe'] })
    void refreshAllRecords(client)
  }
  const save = useMutation<RoleDefinition, ApiProblem, { draft: RoleDraft; former: RoleDefinition | null }>({
    mutationFn: ({ draft: { key, ...rest }, former }) =>
      former ? api.roles.change(key, rest) : api.roles.make({ ...(key && { key }), ...rest }),
    onSuccess: (saved, { former }) => {
      const back = former && (() => void undo(former))
      notify.done(t('roles.saved', { name: label(saved.label) }), back ?? undefined)
      onDone()
    },
    onSettled: refresh,
  })
  const undo = (former: RoleDefinition) =>
    api.roles
      .change(former.key, { label: { zh: former.label.zh ?? '', en: former.label.en ?? '' }, grants: former.grants })
      .catch(notify.failed)
      .finally(refresh)
  const bringBack = (role: RoleDefinition) => api.roles.bringBack(role.key).catch(notify.failed).finally(refresh)
  const retire = useMutation<RoleDefinition, ApiProblem, { role: RoleDefinition; replacedBy: string | null }>({
    mutationFn: ({ role, replacedBy }) => api.roles.retire(role.key, replacedBy),
    onSuccess: (gone, { replacedBy }) => {
      const back = replacedBy === null ? () => void bringBack(gone) : undefined
      notify.done(t('roles.retired', { name: label(gone.label) }), back)
      onDone()
    },
    onSettled: refresh,
  })
  return { save, retire, bringBack }
}
