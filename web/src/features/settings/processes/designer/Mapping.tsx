import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { DefinedState, Text } from '@/api/types'
import { useLabel } from '@/kernel/language'
import settings from '../../settings.module.css'
import styles from './designer.module.css'

interface MappingProps {
  leaving: { state: string; label: Text; count: number }[]
  states: DefinedState[]
  value: Record<string, string>
  onChange: (mapping: Record<string, string>) => void
}

/** Where the records of stages that go are carried. */
export function Mapping({ leaving, states, value, onChange }: MappingProps) {
  const { t } = useTranslation()
  const label = useLabel()
  if (leaving.length === 0) return null
  return (
    <section>
      <h3 className={settings.sectionTitle}>{t('design.mapping')}</h3>
      <p className={settings.sectionLead}>{t('design.mappingHint')}</p>
      <table className={settings.table}>
        <thead>
          <tr>
            <th>{t('design.leavingStage')}</th>
            <th>{t('design.records')}</th>
            <th>{t('design.carriedTo')}</th>
          </tr>
        </thead>
        <tbody>
          {leaving.map((one) => (
            <tr key={one.state} data-leaving={one.state}>
              <td>{label(one.label)}</td>
              <td>{one.count}</td>
              <td>
                <Select
                  className={styles.full ?? ''}
                  aria-label={t('design.carriedToNamed', { name: label(one.label) })}
                  placeholder={t('design.chooseStage')}
                  status={value[one.state] ? '' : 'warning'}
                  value={value[one.state] ?? null}
                  options={states.map((state) => ({ value: state.key, label: label(state.label) }))}
                  onChange={(key: string) => onChange({ ...value, [one.state]: key })}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
