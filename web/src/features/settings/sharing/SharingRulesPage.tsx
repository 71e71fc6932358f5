import { useQuery } from '@tanstack/react-query'
import { Button, Dropdown, Input, Switch } from 'antd'
import { Ellipsis, Plus, Search, Share2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SharingRule } from '@/api/types'
import { countLeaves } from '@/kernel/conditions'
import { useObjects } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { Bones } from '@/ui/Bones'
import { EmptyState } from '@/ui/EmptyState'
import { ProblemPanel } from '@/ui/ProblemView'
import settings from '../settings.module.css'
import { Named, RuleProblems } from '../whom/Named'
import { RuleDrawer } from './RuleDrawer'
import { rulesQuery, useRuleActions } from './useRules'

/** The rules by which records are shared by themselves: which, with whom, how far. */
export function SharingRulesPage() {
  const { t } = useTranslation()
  const label = useLabel()
  const { data, error, refetch } = useQuery(rulesQuery)
  const [chosen, setChosen] = useState<SharingRule | 'new' | null>(null)
  const [typed, setTyped] = useState('')
  const words = typed.trim().toLowerCase()
  const shown = (data ?? []).filter((rule) => label(rule.label).toLowerCase().includes(words))
  return (
    <>
      <div className={settings.head}>
        <h2 className={settings.title}>{t('sharing.rules.title')}</h2>
        <div className={settings.headActions}>
          <Button type="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setChosen('new')}>
            {t('sharing.rules.add')}
          </Button>
        </div>
        <p className={settings.lead}>{t('sharing.rules.lead')}</p>
      </div>
      {!data && !error && <Bones />}
      {error && !data && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {data && data.length > 8 && (
        <Input
          style={{ maxWidth: 280, marginBottom: 8 }}
          variant="filled"
          allowClear
          prefix={<Search size={14} aria-hidden />}
          placeholder={t('sharing.rules.search')}
          aria-label={t('sharing.rules.search')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
      {data?.length === 0 && (
        <EmptyState
          icon={<Share2 size={20} aria-hidden />}
          title={t('sharing.rules.empty')}
          hint={t('sharing.rules.emptyHint')}
        />
      )}
      {shown.length > 0 && <RulesTable rules={shown} onOpen={setChosen} />}
      {chosen && <RuleDrawer rule={chosen === 'new' ? null : chosen} onClose={() => setChosen(null)} />}
    </>
  )
}

function RulesTable({ rules, onOpen }: { rules: SharingRule[]; onOpen: (rule: SharingRule) => void }) {
  const { t } = useTranslation()
  const label = useLabel()
  const objects = useObjects()
  const { remove, put } = useRuleActions(() => undefined)
  return (
    <div className={settings.scroll}>
      <table className={settings.table}>
        <thead>
          <tr>
            <th>{t('sharing.rules.name')}</th>
            <th>{t('sharing.rules.object')}</th>
            <th className={settings.wideOnly}>{t('sharing.rules.where')}</th>
            <th>{t('sharing.rules.for')}</th>
            <th className={settings.wideOnly}>{t('sharing.rules.level')}</th>
            <th>{t('sharing.rules.active')}</th>
            <th aria-label={t('common.more')} />
          </tr>
        </thead>
        <tbody>
          {rules.map((rule) => (
            <tr key={rule.id}>
              <td>
                <button type="button" className={settings.strong} onClick={() => onOpen(rule)}>
                  {label(rule.label)}
                </button>
                <RuleProblems problems={rule.problems} />
              </td>
              <td>{label(objects.find((one) => one.key === rule.object)?.label_plural) || rule.object}</td>
              <td className={settings.wideOnly}>
                {rule.where
                  ? t('sharing.rules.withConditions', { count: countLeaves(rule.where) })
                  : t('sharing.rules.everything')}
              </td>
              <td>
                <Named rule={rule} />
              </td>
              <td className={settings.wideOnly}>{t(`sharing.level.${rule.level}`)}</td>
              <td>
                <Switch
                  size="small"
                  checked={rule.active}
                  aria-label={`${t('sharing.rules.active')}: ${label(rule.label)}`}
                  onChange={(active) => void put(rule, active)}
                />
              </td>
              <td>
                <Dropdown
                  trigger={['click']}
                  placement="bottomRight"
                  menu={{
                    items: [
                      { key: 'change', label: t('sharing.rules.change'), onClick: () => onOpen(rule) },
                      {
                        key: 'remove',
                        danger: true,
                        label: t('sharing.rules.remove'),
                        onClick: () => void remove(rule),
                      },
                    ],
                  }}
                >
                  <Button
                    type="text"
                    size="small"
                    icon={<Ellipsis size={14} aria-hidden />}
                    aria-label={`${t('common.more')}: ${label(rule.label)}`}
                  />
                </Dropdown>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
