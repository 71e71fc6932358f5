import { ListTodo } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Standing } from '@/api/types'
import { StageTasks } from '@/controls/stage/StageTasks'
import { Card } from './Card'
import styles from './stage.module.css'

/** Where the tasks stand on the page. */
export const tasksCard = 'stage-tasks'

/** The tasks of the present stage, and those carried on from earlier ones. */
export function TasksCard({ standing }: { standing: Standing }) {
  const { t } = useTranslation()
  const { tasks, task_form: form } = standing
  if (!form || !standing.state || (standing.state.kind !== 'open' && tasks.length === 0)) return null
  const counted = tasks.filter((task) => task.status !== 'cancelled')
  const done = counted.filter((task) => task.status === 'done').length
  return (
    <Card
      id={tasksCard}
      icon={<ListTodo size={14} aria-hidden />}
      title={t('stage.tasks.title')}
      aside={counted.length > 0 && t('stage.tasks.left', { done, of: counted.length })}
    >
      {tasks.length === 0 ? (
        <p className={styles.quiet}>{t('stage.tasks.none')}</p>
      ) : (
        <StageTasks tasks={tasks} form={form} />
      )}
    </Card>
  )
}
