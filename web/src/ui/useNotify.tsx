import { App, Button } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/api/problem'
import { useProblemText } from './useProblemText'

interface Notify {
  done: (text: string, undo?: () => void) => void
  failed: (error: unknown) => void
}

/** Short messages at the foot of the page: what was done (with undo), or why not. */
export function useNotify(): Notify {
  const { message } = App.useApp()
  const { t } = useTranslation()
  const say = useProblemText()
  return useMemo(() => {
    const done: Notify['done'] = (text, undo) => {
      const key = `done-${Date.now()}`
      const run = () => {
        message.destroy(key)
        undo?.()
      }
      const content = undo ? (
        <span>
          {text}
          <Button type="link" size="small" onClick={run}>
            {t('common.undo')}
          </Button>
        </span>
      ) : (
        text
      )
      void message.open({ key, type: 'success', content, duration: undo ? 8 : 3 })
    }
    const failed: Notify['failed'] = (error) => {
      const problem = asProblem(error)
      const reasons = problem.errors.map((one) => one.message).filter((one) => one !== problem.message)
      void message.open({ type: 'error', content: [say(problem), ...reasons].join(' · '), duration: 8 })
    }
    return { done, failed }
  }, [message, t, say])
}
