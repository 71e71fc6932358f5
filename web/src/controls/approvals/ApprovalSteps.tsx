import { CircleCheck, CircleDashed, CircleDot, CircleMinus, CircleX } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Approval, ApprovalSeat, ApprovalStep, ApprovalStepState } from '@/api/types'
import { Avatar } from '@/controls/Avatar'
import { formatInstant } from '@/kernel/format'
import { useLabel } from '@/kernel/language'
import { useLocale } from '@/kernel/session'
import { Late, When } from './ApprovalState'
import styles from './approvals.module.css'

const shapes: Record<ApprovalStepState, typeof CircleDot> = {
  waiting: CircleDashed,
  open: CircleDot,
  passed: CircleCheck,
  refused: CircleX,
  skipped: CircleMinus,
}

/** The way of an approval: each step with who decides, what was decided and said, and since when it waits. */
export function ApprovalSteps({ approval }: { approval: Approval }) {
  const { t } = useTranslation()
  const alone = (step: ApprovalStep) => approval.steps.filter((one) => one.turn === step.turn).length === 1
  return (
    <ol className={styles.steps} aria-label={t('approvals.progress')}>
      {approval.steps.map((step) => (
        <Step key={step.key} step={step} parallel={!alone(step)} />
      ))}
    </ol>
  )
}

function Step({ step, parallel }: { step: ApprovalStep; parallel: boolean }) {
  const { t } = useTranslation()
  const label = useLabel()
  const { zone, language } = useLocale()
  const Shape = shapes[step.state]
  const alone = step.state !== 'waiting' && step.seats.filter((seat) => seat.round === step.round).length <= 1
  const seats = step.seats.filter((seat) => !(seat.state === 'closed' && seat.round === step.round && !seat.comment))
  const marks = [
    !alone && t(`approvals.mode.${step.mode}`, { count: step.count }),
    parallel && t('approvals.parallel'),
    step.conditional && t('approvals.conditional'),
    step.added_by && t('approvals.addedBy', { who: step.added_by }),
    step.round > 1 && t('approvals.round', { round: step.round }),
    step.deciders === 'escalated' && t('approvals.escalated'),
  ].filter(Boolean)
  return (
    <li className={styles.step} data-state={step.state}>
      <Shape size={16} aria-hidden className={styles.shape} />
      <div className={styles.stepBody}>
        <div className={styles.stepHead}>
          <strong>{label(step.label)}</strong>
          <span className={styles.stepState}>{t(`approvals.step.${step.state}`)}</span>
          {step.overdue && <Late />}
        </div>
        {marks.length > 0 && <p className={styles.quiet}>{marks.join(' · ')}</p>}
        {seats.length === 0 && step.who.length > 0 && (
          <p className={styles.quiet}>{step.who.map((one) => label(one)).join('、')}</p>
        )}
        {step.deciders === 'fallback' && <p className={styles.warning}>{t('approvals.fallback')}</p>}
        <ul className={styles.seats}>
          {seats.map((seat) => (
            <Seat key={`${seat.person.id}-${seat.round}-${seat.state}-${seat.opened_at}`} seat={seat} step={step} />
          ))}
        </ul>
        {step.state === 'open' && step.reminded_at && (
          <p className={styles.quiet}>
            {t('approvals.remindedAt', { when: formatInstant(step.reminded_at, zone, language) })}
          </p>
        )}
      </div>
    </li>
  )
}

function Seat({ seat, step }: { seat: ApprovalSeat; step: ApprovalStep }) {
  const { t } = useTranslation()
  return (
    <li className={styles.seat} data-former={seat.round < step.round ? '' : undefined}>
      <Avatar name={seat.person.label} />
      <div>
        <span>{seat.person.label}</span>{' '}
        {seat.delegated_by && (
          <span className={styles.quiet}>{t('approvals.delegatedBy', { who: seat.delegated_by })} </span>
        )}
        <span className={styles.quiet}>
          {seat.round < step.round && `${t('approvals.round', { round: seat.round })} · `}
          {t(`approvals.seat.${seat.state}`)} · <When at={seat.decided_at ?? seat.opened_at} since={!seat.decided_at} />
        </span>
        {seat.comment && <p className={styles.said}>{seat.comment}</p>}
      </div>
    </li>
  )
}
