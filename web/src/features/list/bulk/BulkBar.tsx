import { App, Button } from 'antd'
import { Milestone, SquarePen, Trash2, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription } from '@/api/types'
import { may } from '@/kernel/describe'
import { formatNumber } from '@/kernel/format'
import { useLabel, useLanguage } from '@/kernel/language'
import { useUndo } from '@/kernel/undo'
import { useNotify } from '@/ui/useNotify'
import type { Selection } from '../grid/useSelection'
import type { Question } from '../useRows'
import { BulkEditDrawer } from './BulkEditDrawer'
import { BulkMoveDrawer } from './BulkMoveDrawer'
import styles from './bulk.module.css'
import { matchingIds, mostMatching, useBulk } from './useBulk'

interface BulkBarProps {
  object: ObjectDescription
  selection: Selection
  total: number | null
  question: Question
}

/** What can be done with the chosen records. */
export function BulkBar({ object, selection, total, question }: BulkBarProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const language = useLanguage()
  const { modal } = App.useApp()
  const notify = useNotify()
  const undo = useUndo()
  const { start } = useBulk(object)
  const [editing, setEditing] = useState(false)
  const [moving, setMoving] = useState(false)
  const [busy, setBusy] = useState(false)
  const ids = [...selection.ids]
  const number = formatNumber(ids.length, language)

  const takeAll = async () => {
    setBusy(true)
    await matchingIds(question, object.name_field).then(selection.set).catch(notify.failed)
    setBusy(false)
  }
  const remove = async () => {
    try {
      const { results, action } = await start(ids, { delete: ids })
      const refused = results.filter(({ outcome }) => outcome.status === 'rejected')
      const gone = results.length - refused.length
      selection.set(refused.map(({ id }) => id))
      if (gone > 0) {
        notify.done(
          t('list.bulk.deleted', { count: gone }),
          () => void undo(action).then(() => notify.done(t('common.undone')), notify.failed),
        )
      }
      const reason = refused[0]?.outcome.errors?.[0]?.message
      if (reason) notify.failed(new Error(reason))
    } catch (error) {
      notify.failed(error)
    }
  }
  const askRemove = () =>
    modal.confirm({
      title: t('list.bulk.deleteTitle', { count: ids.length, object: label(object.label) }),
      content: t('list.bulk.deleteHint'),
      okText: t('common.delete'),
      okButtonProps: { danger: true },
      cancelText: t('common.cancel'),
      onOk: remove,
    })
  return (
    <>
      <div className={styles.bar} role="toolbar" aria-label={t('list.bulk.label')}>
        <span className={styles.count}>{t('list.bulk.chosen', { count: ids.length, number })}</span>
        {total !== null && ids.length < total && ids.length < mostMatching && (
          <Button type="link" size="small" loading={busy} onClick={() => void takeAll()}>
            {t('list.bulk.takeAll', { number: formatNumber(Math.min(total, mostMatching), language) })}
          </Button>
        )}
        <span className={styles.line} />
        {may(object, 'edit') && (
          <Button type="text" size="small" icon={<SquarePen size={14} />} onClick={() => setEditing(true)}>
            {t('list.bulk.edit')}
          </Button>
        )}
        {may(object, 'edit') && object.processes.length > 0 && (
          <Button type="text" size="small" icon={<Milestone size={14} />} onClick={() => setMoving(true)}>
            {t('stage.bulk.move')}
          </Button>
        )}
        {may(object, 'delete') && (
          <Button type="text" size="small" danger icon={<Trash2 size={14} />} onClick={askRemove}>
            {t('common.delete')}
          </Button>
        )}
        <Button
          type="text"
          size="small"
          icon={<X size={14} />}
          aria-label={t('list.bulk.clear')}
          onClick={selection.clear}
        />
      </div>
      {editing && <BulkEditDrawer object={object} ids={ids} onClose={() => setEditing(false)} onDone={selection.set} />}
      {moving && <BulkMoveDrawer object={object} ids={ids} onClose={() => setMoving(false)} onDone={selection.set} />}
    </>
  )
}
