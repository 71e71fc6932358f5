import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { type ApiProblem, asProblem } from '@/api/problem'

/** The sentence for a refusal: the server's own words where it has some. */
export function useProblemText(): (error: ApiProblem | unknown) => string {
  const { t } = useTranslation()
  return useCallback(
    (error) => {
      const problem = asProblem(error)
      if (problem.code === 'network') return t('common.problem.network')
      if (problem.code === 'unexpected') return t('common.problem.unexpected')
      if (problem.status === 429 && problem.retryAfter) {
        return t('common.problem.tooMany', { seconds: problem.retryAfter })
      }
      return problem.message
    },
    [t],
  )
}
