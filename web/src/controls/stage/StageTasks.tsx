import { Button, Checkbox, Input } from 'antd'
import { Ban, TriangleAlert } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PresentTask, StageTask, TaskForm } from '@/api/types'
import { formatDay } from '@/kernel/format'
import { useLabel } from '@/kernel/language'
import { useLocale } from '@/kernel/session'
import { useOverlays } from '@/ui/overlays'
import styles from './stage.module.css'
import { useEndTask } from './useEndTask'

interface StageTasksProps {
  tasks: PresentTask[]
  form: TaskForm
}

/** The tasks of a stage, to be checked off; a task that is to leave something behind asks what came of it. */
export function StageTasks({ tasks, form }: StageTasksProps) {
  return (
    <ul className={styles.tasks}>
      {tasks.map((task) => (
        <TaskLine key={task.id} task={task} form={form} />
      ))}
    </ul>
  )
}

function TaskLine({ task, form }: { task: PresentTask; form: TaskForm }) {
  const { t } = useTranslation()
  const label = useLabel()
  const overlays = useOverlays()
  const { busy, end, reopen } = useEndTask(form)
  const [asking, setAsking] = useState(false)
  const done = task.status === 'done'
  const asks = form.result !== null && Boolean(task.output || task.wanted)
  const check = () => {
    if (done) reopen(task)
    else if (asks) setAsking(!asking)
    else end(task, null)
  }
  return (
    <li className={styles.task} data-status={task.status} data-task={task.id}>
      {task.status === 'cancelled' ? (
        <Ban size={16} className={styles.cancelled} aria-label={t('stage.tasks.cancelled')} />
      ) : (
        <Checkbox
          checked={done}
          indeterminate={asking && !done}
          disabled={!task.editable || busy}
          aria-label={t(done ? 'stage.tasks.reopen' : 'stage.tasks.done', { subject: task.subject })}
          onChange={check}
        />
      )}
      <div className={styles.taskBody}>
        <span className={styles.taskHead}>
          <button
            type="button"
            className={styles.taskName}
            aria-label={t('stage.tasks.open', { subject: task.subject })}
            onClick={() => overlays.peek(form.object, task.id)}
          >
            {task.subject}
          </button>
          {task.must && <span className={styles.must}>{t('stage.tasks.must')}</span>}
        </span>
        <TaskFacts task={task} />
        {!task.here && task.state_label && (
          <span className={styles.quiet}>{t('stage.tasks.from', { state: label(task.state_label) })}</span>
        )}
        {asking && !done && (
          <ResultEntry
            task={task}
            busy={busy}
            onSave={(result) => {
              setAsking(false)
              end(task, result)
            }}
            onCancel={() => setAsking(false)}
          />
        )}
      </div>
    </li>
  )
}

/** Who, until when, what it is to leave behind, and what came of it. */
export function TaskFacts({ task }: { task: StageTask }) {
  const { t } = useTranslation()
  const label = useLabel()
  const { language, today } = useLocale()
  const output = task.output || label(task.wanted?.label)
  return (
    <>
      <span className={styles.taskFacts}>
        {task.person?.label && <span>{task.person.label}</span>}
        {task.due && task.status === 'open' && (
          <span className={styles.taskDue} data-overdue={task.overdue || undefined}>
            {task.overdue && <TriangleAlert size={12} aria-hidden />}
            {formatDay(task.due, today, language)}
            {task.overdue && ` ${t('stage.tasks.overdue')}`}
          </span>
        )}
        {output && task.status === 'open' && <span>{t('stage.tasks.output', { output })}</span>}
      </span>
      {task.result && <span className={styles.result}>{task.result}</span>}
    </>
  )
}

interface ResultEntryProps {
  task: StageTask
  busy: boolean
  onSave: (result: string | null) => void
  onCancel: () => void
}

function ResultEntry({ task, busy, onSave, onCancel }: ResultEntryProps) {
  const { t } = useTranslation()
  const id = useId()
  const [text, setText] = useState(task.result ?? '')
  return (
    <div className={styles.resultEntry}>
      <label htmlFor={id}>{t('stage.tasks.result')}</label>
      <Input.TextArea
        id={id}
        autoFocus
        autoSize={{ minRows: 2, maxRows: 6 }}
        maxLength={10_000}
        placeholder={t('stage.tasks.resultHint')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className={styles.mends}>
        <Button size="small" type="primary" loading={busy} onClick={() => onSave(text.trim() || null)}>
          {t('stage.tasks.save')}
        </Button>
        <Button size="small" onClick={onCancel}>
          {t('common.cancel')}
        </Button>
      </div>
    </div>
  )
}
