import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { CircleAlert, Info, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { DefinitionChange, DesignFinding, Process } from '@/api/types'
import { formatNumber } from '@/kernel/format'
import { useLabel } from '@/kernel/language'
import { useLocale } from '@/kernel/session'
import { ChoiceTag } from '@/ui/ChoiceTag'
import styles from './designCheck.module.css'

const shapes = { high: CircleAlert, medium: TriangleAlert, low: Info }
const mostShown = 200

interface DesignCheckFindingProps {
  finding: DesignFinding
  object: string
  process: Process
  onTake?: ((patch: DefinitionChange[]) => void) | undefined
}

/** One finding: how grave, of which stages, its numbers in a sentence, the records behind it, what could be changed. */
export function DesignCheckFinding({ finding, object, process, onTake }: DesignCheckFindingProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const { language } = useLocale()
  const Shape = shapes[finding.severity]
  const { records, proposal } = finding
  return (
    <li className={styles.finding} data-severity={finding.severity} data-finding={finding.key}>
      <div className={styles.findingHead}>
        <span className={styles.severity}>
          <Shape size={16} aria-hidden />
          {t(`designCheck.severity.${finding.severity}`)}
        </span>
        <h3 className={styles.signal}>{label(finding.label)}</h3>
        <span className={styles.states}>
          {finding.states.map((key) => {
            const state = process.states.find((one) => one.key === key)
            return state && <ChoiceTag key={key} label={label(state.label)} color={state.color} kind={state.kind} />
          })}
        </span>
      </div>
      <p>{label(finding.sentence)}</p>
      <p className={styles.proposal}>
        <span className={styles.proposalName}>{t('designCheck.proposal')}</span>
        {label(proposal.text)}
      </p>
      <div className={styles.doings}>
        {records && (
          <Link
            to="/o/$object"
            params={{ object }}
            search={{ view: 'all', where: records.where }}
            title={
              records.count > mostShown
                ? t('designCheck.recordsMost', { total: formatNumber(records.count, language) })
                : undefined
            }
          >
            {t('designCheck.records', { shown: formatNumber(records.count, language) })}
          </Link>
        )}
        {onTake && proposal.patch.length > 0 && (
          <Button size="small" onClick={() => onTake(proposal.patch)}>
            {t('designCheck.take')}
          </Button>
        )}
      </div>
    </li>
  )
}
