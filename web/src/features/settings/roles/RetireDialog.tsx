import { Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RoleDefinition } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { ProblemNote } from '@/ui/ProblemView'
import settings from '../settings.module.css'
import { administratorRole, useRoleActions } from './useRoles'

interface RetireDialogProps {
  role: RoleDefinition
  roles: RoleDefinition[]
  onClose: () => void
}

/** Takes a role out of use; whoever has it gets another one. */
export function RetireDialog({ role, roles, onClose }: RetireDialogProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const [replacedBy, setReplacedBy] = useState<string | null>(null)
  const { retire } = useRoleActions(onClose)
  const others = roles.filter((one) => !one.retired && one.key !== role.key && one.key !== administratorRole)
  return (
    <Modal
      open
      title={t('roles.retireOf', { name: label(role.label) })}
      okText={t('roles.retire')}
      cancelText={t('common.cancel')}
      okButtonProps={{ danger: true, disabled: role.people > 0 && !replacedBy, loading: retire.isPending }}
      onOk={() => retire.mutate({ role, replacedBy })}
      onCancel={onClose}
    >
      {role.people === 0 ? (
        <p>{t('roles.retireEmpty')}</p>
      ) : (
        <div className={settings.field}>
          <p>{t('roles.retireFull', { count: role.people })}</p>
          <Select
            aria-label={t('roles.replacedBy')}
            placeholder={t('roles.replacedBy')}
            value={replacedBy}
            options={others.map((one) => ({ value: one.key, label: label(one.label) }))}
            onChange={setReplacedBy}
          />
        </div>
      )}
      {retire.error && <ProblemNote error={retire.error} />}
    </Modal>
  )
}
