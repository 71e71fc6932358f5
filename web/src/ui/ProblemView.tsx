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

/** A refusal beside the thing that was refused: the sentence and each reason below it; reasons alone where the sentence
 * is only the first of them. */
export function ProblemNote({ error }: { error: unknown }) {
  const problem = asProblem(error)
  const say = useProblemText()
  const reasons = [...new Set(problem.errors.map((one) => one.message))]
  const headed = !reasons.includes(problem.message)
  return (
    <div className={styles.note} role="alert">
      <CircleAlert size={16} aria-hidden />
      <div>
        {headed && <p>{say(problem)}</p>}
        {reasons.length > 0 && (
          <ul className={headed ? styles.reasons : styles.reasonsAlone}>
            {reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}
