import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { App, Button, Dropdown } from 'antd'
import { ChevronLeft, Ellipsis, Redo2, Undo2 } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import { useLabel } from '@/kernel/language'
import { useNotify } from '@/ui/useNotify'
import settings from '../../settings.module.css'
import { useProcessMenu } from '../useProcessMenu'
import { useDesigner } from './context'
import { DraftProblem } from './DraftState'
import styles from './designer.module.css'
import type { DraftEditor } from './useDraft'

interface DesignerHeadProps {
  editor: DraftEditor
  onPublish: () => void
  onDiscarded: () => void
}

/** Whether somebody types: there the keys belong to the text. */
const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))

/** Name, state of saving, undo and redo, publishing. */
export function DesignerHead({ editor, onPublish, onDiscarded }: DesignerHeadProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const { modal } = App.useApp()
  const notify = useNotify()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { definition, readOnly } = useDesigner()
  const { draft, undo, redo, saving } = editor
  const items = useProcessMenu({ key: definition.key, label: definition.label, object: definition.object })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z' || isTyping(event.target)) return
      const run = event.shiftKey ? redo : undo
      if (!run) return
      event.preventDefault()
      run()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [undo, redo])
  const discard = async () => {
    try {
      await editor.settle()
      await api.processes.discardDraft(definition.key)
      await client.invalidateQueries({ queryKey: ['processes'] })
      // What was never published is gone with its draft.
      if (draft.based_on === 0) await navigate({ to: '/settings/processes' })
      else onDiscarded()
    } catch (error) {
      notify.failed(error)
    }
  }
  const ask = () =>
    modal.confirm({
      title: t('design.discardTitle'),
      content: t('design.discardHint'),
      okText: t('design.discard'),
      okButtonProps: { danger: true },
      cancelText: t('common.cancel'),
      onOk: discard,
    })
  return (
    <div className={settings.head}>
      <Link to="/settings/processes" aria-label={t('design.back')}>
        <ChevronLeft size={18} aria-hidden />
      </Link>
      <h2 className={settings.title}>{label(definition.label) || t('common.unnamed')}</h2>
      <span className={settings.mark}>
        {draft.revision > 0
          ? t('design.draftOf', { version: draft.based_on })
          : t('design.versionNumber', { version: draft.based_on })}
      </span>
      {!readOnly && draft.revision > 0 && (
        <span className={styles.saving} role="status" data-saving={saving}>
          {t(`design.saving.${saving}`)}
        </span>
      )}
      <DraftProblem draft={draft} />
      {readOnly ? (
        <span className={settings.mark}>{t('design.readOnly')}</span>
      ) : (
        <div className={settings.headActions}>
          <Button
            icon={<Undo2 size={16} />}
            disabled={!undo}
            aria-label={t('common.undo')}
            title={t('common.undo')}
            onClick={() => undo?.()}
          />
          <Button
            icon={<Redo2 size={16} />}
            disabled={!redo}
            aria-label={t('design.redo')}
            title={t('design.redo')}
            onClick={() => redo?.()}
          />
          <Dropdown
            trigger={['click']}
            menu={{
              items: [
                ...items,
                { type: 'divider' as const },
                {
                  key: 'discard',
                  danger: true,
                  disabled: draft.revision === 0,
                  label: t('design.discard'),
                  onClick: ask,
                },
              ],
            }}
          >
            <Button icon={<Ellipsis size={16} />} aria-label={t('common.more')} />
          </Dropdown>
          <Button type="primary" disabled={draft.revision === 0 && saving === 'saved'} onClick={onPublish}>
            {t('design.publish')}
          </Button>
        </div>
      )}
    </div>
  )
}
