import { Button } from 'antd'
import { CircleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ProcessDraft } from '@/api/types'
import { useProblemText } from '@/ui/useProblemText'
import { useDesigner } from './context'
import styles from './designer.module.css'
import { placeOf } from './places'
import type { DraftEditor } from './useDraft'

/** What stands in the way of the draft: somebody else's save, or a refused one. */
export function DraftState({ editor }: { editor: DraftEditor }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { readOnly } = useDesigner()
  const { saving, problem } = editor
  if (readOnly) return null
  if (saving === 'outdated' && problem)
    return (
      <div className={styles.banner} role="alert">
        <CircleAlert size={16} aria-hidden />
        <span>{say(problem)}</span>
        <Button size="small" onClick={() => void editor.reload()}>
          {t('design.takeTheirs')}
        </Button>
        <Button size="small" onClick={editor.overwrite}>
          {t('design.keepMine')}
        </Button>
      </div>
    )
  if (saving === 'failed' && problem)
    return (
      <div className={styles.banner} role="alert">
        <CircleAlert size={16} aria-hidden />
        <span>{say(problem)}</span>
        <Button size="small" onClick={() => void editor.settle()}>
          {t('common.retry')}
        </Button>
      </div>
    )
  return null
}

/** What publishing would refuse, in the line of the head: it comes and goes while somebody works, so nothing moves. */
export function DraftProblem({ draft }: { draft: ProcessDraft }) {
  const { t } = useTranslation()
  const { definition, open, readOnly } = useDesigner()
  if (readOnly || !draft.problem) return null
  const { at, message } = draft.problem
  const words = t('design.problem', { message })
  return (
    <div className={styles.problem} role="status" data-problem={at} title={words}>
      <CircleAlert size={16} aria-hidden />
      <span>{words}</span>
      <Button size="small" onClick={() => open(placeOf(definition, at))}>
        {t('design.showProblem')}
      </Button>
    </div>
  )
}
