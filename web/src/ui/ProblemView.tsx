import { Button } from 'antd'
import { CircleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { EmptyState } from './EmptyState'
import styles from './ProblemView.module.css'
import { useProblemText } from './useProblemText'

/** A whole page or panel that could not be loaded. */
export function ProblemPanel({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation()
  const problem = asProblem(error)
  const say = useProblemText()
  const missing = problem.status === 404
  return (
    <div role="alert">
      <EmptyState
        icon={<CircleAlert size={20} aria-hidden />}
        title={missing ? t('common.problem.notFound') : t('common.problem.title')}
        hint={missing ? t('common.problem.notFoundHint') : say(problem)}
        actions={onRetry && !missing && <Button onClick={onRetry}>{t('common.retry')}</Button>}
      />
    </div>
  )
}

/** A refusal beside the thing that was refused: the sentence and each reason. */
export function ProblemNote({ error }: { error: unknown }) {
  const problem = asProblem(error)
  const say = useProblemText()
  const reasons = problem.errors.filter((one) => one.message !== problem.message)
  return (
    <div className={styles.note} role="alert">
      <CircleAlert size={16} aria-hidden />
      <div>
        <p>{say(problem)}</p>
        {reasons.length > 0 && (
          <ul className={styles.reasons}>
            {reasons.map((reason) => (
              <li key={`${reason.field}:${reason.code}:${reason.message}`}>{reason.message}</li>
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}
