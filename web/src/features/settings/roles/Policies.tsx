import { useQuery } from '@tanstack/react-query'
import { Button, Dropdown, Switch } from 'antd'
import { Ellipsis, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Policy } from '@/api/types'
import { useObjects } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import settings from '../settings.module.css'
import { Named, RuleProblems } from '../whom/Named'
import { PolicyDrawer } from './PolicyDrawer'
import styles from './roles.module.css'
import { policiesQuery, usePolicyActions } from './usePolicies'

/** What is taken away, whatever the roles say. */
export function Policies() {
  const { t } = useTranslation()
  const label = useLabel()
  const objects = useObjects()
  const { data = [] } = useQuery(policiesQuery)
  const [chosen, setChosen] = useState<Policy | 'new' | null>(null)
  const { remove, put } = usePolicyActions(() => undefined)
  return (
    <section className={styles.policies} aria-label={t('roles.policies.title')}>
      <div className={settings.head}>
        <h3 className={settings.title}>{t('roles.policies.title')}</h3>
        <div className={settings.headActions}>
          <Button icon={<Plus size={16} aria-hidden />} onClick={() => setChosen('new')}>
            {t('roles.policies.add')}
          </Button>
        </div>
        <p className={settings.lead}>{t('roles.policies.lead')}</p>
      </div>
      {data.length === 0 && <p className={settings.hint}>{t('roles.policies.none')}</p>}
      {data.length > 0 && (
        <div className={settings.scroll}>
          <table className={settings.table}>
            <thead>
              <tr>
                <th>{t('roles.name')}</th>
                <th>{t('roles.policies.object')}</th>
                <th>{t('roles.policies.verbs')}</th>
                <th>{t('roles.policies.for')}</th>
                <th>{t('roles.policies.active')}</th>
                <th aria-label={t('common.more')} />
              </tr>
            </thead>
            <tbody>
              {data.map((policy) => (
                <tr key={policy.key}>
                  <td>
                    <button type="button" className={settings.strong} onClick={() => setChosen(policy)}>
                      {label(policy.label)}
                    </button>
                    <RuleProblems problems={policy.problems} />
                  </td>
                  <td>{label(objects.find((one) => one.key === policy.object)?.label_plural) || policy.object}</td>
                  <td>{policy.verbs.map((verb) => t(`roles.verbs.${verb}`)).join(' · ')}</td>
                  <td>
                    <Named rule={policy} nobody={t('roles.policies.all')} />
                  </td>
                  <td>
                    <Switch
                      size="small"
                      checked={policy.active}
                      aria-label={`${label(policy.label)}: ${t('roles.policies.active')}`}
                      onChange={(active) => void put(policy, active)}
                    />
                  </td>
                  <td>
                    <Dropdown
                      trigger={['click']}
                      menu={{
                        items: [
                          {
                            key: 'remove',
                            danger: true,
                            label: t('roles.policies.remove'),
                            onClick: () => void remove(policy),
                          },
                        ],
                      }}
                    >
                      <Button
                        size="small"
                        type="text"
                        icon={<Ellipsis size={16} aria-hidden />}
                        aria-label={t('roles.policies.menu', { name: label(policy.label) })}
                      />
                    </Dropdown>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {chosen && <PolicyDrawer policy={chosen === 'new' ? null : chosen} onClose={() => setChosen(null)} />}
    </section>
  )
}
