import { useTranslation } from 'react-i18next'
import styles from './imports.module.css'
import type { CellProblem } from './types'

/** Rows or cells that cannot come in: where, what stands there, how to mend it. */
export function Problems({ problems, total }: { problems: CellProblem[]; total: number }) {
  const { t } = useTranslation()
  if (problems.length === 0) return null
  return (
    <div className={styles.problems}>
      <table>
        <thead>
          <tr>
            <th>{t('imports.line')}</th>
            <th>{t('imports.column')}</th>
            <th>{t('imports.value')}</th>
            <th>{t('imports.reason')}</th>
          </tr>
        </thead>
        <tbody>
          {problems.map((problem, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row may have the same problem twice, and the list never changes
            <tr key={index}>
              <td>{problem.line ?? ''}</td>
              <td>{problem.column ?? ''}</td>
              <td>{problem.value ?? ''}</td>
              <td>{problem.message}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {total > problems.length && (
        <p className={styles.quiet}>{t('imports.moreProblems', { count: total - problems.length })}</p>
      )}
    </div>
  )
}
