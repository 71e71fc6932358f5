import { Button, Dropdown, Input, type MenuProps } from 'antd'
import { BellRing, Check, CornerUpLeft, Undo2, UserPlus, UserRoundPen, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Approval, ApprovalDetail, ApprovalStep } from '@/api/types'
import { useRecall } from '@/controls/approvals/ApprovalPanel'
import { type Deed, useDeed, useRemind } from '@/controls/approvals/useApprovals'
import { useLabel } from '@/kernel/language'
import { usePhone } from '@/ui/usePhone'
import styles from './approvals.module.css'
import { HandDialog } from './HandDialog'

interface DecideBarProps {
  approval: ApprovalDetail
  /** Called when the own step is done, so that the next approval can be shown. */
  onDone: () => void
}

/** What can be done about an approval, at its foot: decide with a comment, hand on, remind, recall. */
export function DecideBar({ approval, onDone }: DecideBarProps) {
  const step = approval.steps.find((one) => approval.may.decide.includes(one.key))
  if (step) return <Decide key={step.key} approval={approval} step={step} onDone={onDone} />
  if (!approval.may.remind && !approval.may.recall) return null
  return (
    <footer className={styles.decide}>
      <div className={styles.buttons}>
        <Waiting approval={approval} />
      </div>
    </footer>
  )
}

function Waiting({ approval }: { approval: Approval }) {
  const { t } = useTranslation()
  const remind = useRemind(approval)
  const recall = useRecall(approval)
  return (
    <>
      {approval.may.remind && (
        <Button icon={<BellRing size={14} aria-hidden />} loading={remind.isPending} onClick={() => remind.mutate()}>
          {t('approvals.remind')}
        </Button>
      )}
      {approval.may.recall && (
        <Button icon={<Undo2 size={14} aria-hidden />} onClick={recall}>
          {t('approvals.recall')}
        </Button>
      )}
    </>
  )
}

function Decide({ approval, step, onDone }: DecideBarProps & { step: ApprovalStep }) {
  const { t } = useTranslation()
  const phone = usePhone()
  const [comment, setComment] = useState('')
  const [missing, setMissing] = useState(false)
  const [handing, setHanding] = useState<'delegate' | 'add' | null>(null)
  const deed = useDeed(approval, (changed) => {
    if (changed.may.decide.length === 0) onDone()
  })
  const said = comment.trim()
  const decide = (what: Omit<Deed & { deed: 'decide' }, 'deed'>) => {
    const asked = step.comment === 'always' || (step.comment === 'on_refusal' && what.decision !== 'approve')
    setMissing(asked && !said)
    if (asked && !said) return
    deed.mutate({ deed: 'decide', step: step.key, ...(said && { comment: said }), ...what })
  }
  const back = useReturns(approval, step, (to) => decide({ decision: 'return', ...(to && { to_step: to }) }))
  const short = (text: string) => (phone ? null : text)
  return (
    <footer className={styles.decide}>
      <Input.TextArea
        data-approval="comment"
        aria-label={t('approvals.comment')}
        placeholder={t('approvals.commentHint')}
        autoSize={{ minRows: 1, maxRows: 6 }}
        maxLength={4000}
        value={comment}
        status={missing ? 'error' : ''}
        onChange={(event) => {
          setComment(event.target.value)
          setMissing(false)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) decide({ decision: 'approve' })
        }}
      />
      {missing && (
        <p role="alert" className={styles.missing}>
          {t('approvals.commentRequired')}
        </p>
      )}
      <div className={styles.buttons}>
        <Button
          type="primary"
          data-approval="approve"
          icon={<Check size={14} aria-hidden />}
          loading={deed.isPending}
          onClick={() => decide({ decision: 'approve' })}
        >
          {t('approvals.approve')}
        </Button>
        <Button danger icon={<X size={14} aria-hidden />} onClick={() => decide({ decision: 'refuse' })}>
          {t('approvals.refuse')}
        </Button>
        <Dropdown trigger={['click']} menu={{ items: back }}>
          <Button icon={<CornerUpLeft size={14} aria-hidden />} aria-label={t('approvals.return')}>
            {short(t('approvals.return'))}
          </Button>
        </Dropdown>
        <Button
          icon={<UserRoundPen size={14} aria-hidden />}
          aria-label={t('approvals.delegate')}
          onClick={() => setHanding('delegate')}
        >
          {short(t('approvals.delegate'))}
        </Button>
        <Button
          icon={<UserPlus size={14} aria-hidden />}
          aria-label={t('approvals.addSign')}
          onClick={() => setHanding('add')}
        >
          {short(t('approvals.addSign'))}
        </Button>
        <Waiting approval={approval} />
      </div>
      {!phone && <p className={styles.quiet}>{t('approvals.keys')}</p>}
      {handing && (
        <HandDialog
          kind={handing}
          busy={deed.isPending}
          onClose={() => setHanding(null)}
          onSend={(what) =>
            deed.mutate(
              { ...what, step: step.key, ...(said && { comment: said }) },
              { onSuccess: () => setHanding(null) },
            )
          }
        />
      )}
    </footer>
  )
}

/** The steps that it can go back to, and the starter. */
function useReturns(approval: Approval, step: ApprovalStep, run: (to?: string) => void): MenuProps['items'] & object {
  const { t } = useTranslation()
  const label = useLabel()
  const earlier = approval.steps.filter((one) => one.turn < step.turn && !one.added_by)
  return [
    ...earlier.map((one) => ({
      key: one.key,
      label: t('approvals.returnTo', { step: label(one.label) }),
      onClick: () => run(one.key),
    })),
    { key: '', label: t('approvals.returnToStarter'), onClick: () => run() },
  ]
}
