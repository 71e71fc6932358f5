import { Button } from 'antd'
import { CircleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useProblemText } from '@/ui/useProblemText'
import { useDesigner } from './context'
import styles from './designer.module.css'
import { placeOf } from './places'
import type { DraftEditor } from './useDraft'

/** What stands in the way of the draft: somebody else's save, a refused one, what publishing would refuse. */
export function DraftState({ editor }: { editor: DraftEditor }) {
  const { t } = useTranslation()
  const say = useProblemText()
  const { definition, open, readOnly } = useDesigner()
  const { saving, problem, draft } = editor
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
  if (!draft.problem) return null
  const { at, message } = draft.problem
  return (
    <div className={styles.banner} role="status" data-problem={at}>
      <CircleAlert size={16} aria-hidden />
      <span>{t('design.problem', { message })}</span>
      <Button size="small" onClick={() => open(placeOf(definition, at))}>
        {t('design.showProblem')}
      </Button>
    </div>
  )
}
