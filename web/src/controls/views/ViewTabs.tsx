import { App, Button, Dropdown, type MenuProps } from 'antd'
import { ChevronDown, Lock, Pin, Users } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription, View, ViewDefinition } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { useMe } from '@/kernel/session'
import { useSetStart, useStart } from '@/kernel/starts'
import { useNotify } from '@/ui/useNotify'
import { SaveViewDialog } from './SaveViewDialog'
import { useViewChanges } from './useViews'
import styles from './views.module.css'

interface ViewTabsProps {
  object: ObjectDescription
  kind: View['kind']
  views: View[]
  /** Ready-made views that nobody saved and nobody can change. */
  presets?: View[]
  /** The id of the view shown, or null for everything. */
  current: string | null
  /** Whether what is shown differs from the view. */
  changed: boolean
  /** What would be saved. */
  definition: () => ViewDefinition
  onChoose: (view: string | null) => void
  /** Goes back to what the view says. */
  onReset: () => void
}

type Dialog = { mode: 'create' } | { mode: 'rename'; view: View } | null

/** The saved views as tabs, and what one can do with them. */
export function ViewTabs(props: ViewTabsProps) {
  const { object, kind, views, presets = [], current, changed, definition, onChoose, onReset } = props
  const { t } = useTranslation()
  const label = useLabel()
  const notify = useNotify()
  const { create, change } = useViewChanges(object.key)
  const [dialog, setDialog] = useState<Dialog>(null)
  const view = views.find((one) => one.id === current)
  const shown = view ?? presets.find((one) => one.id === current)
  const mine = useMayChange(view)

  const save = () =>
    view &&
    change.mutate(
      { id: view.id, definition: definition() },
      { onSuccess: () => notify.done(t('controls.views.saved', { name: view.name })), onError: notify.failed },
    )
  return (
    <div className={styles.bar}>
      <nav className={styles.tabs} aria-label={t('controls.views.label')}>
        <Tab active={current === null} onClick={() => onChoose(null)}>
          {t('controls.views.all', { object: label(object.label_plural) })}
        </Tab>
        {presets.map((one) => (
          <Tab key={one.id} active={one.id === current} onClick={() => onChoose(one.id)}>
            {one.name}
          </Tab>
        ))}
        {views.map((one) => (
          <Tab key={one.id} active={one.id === current} onClick={() => onChoose(one.id)} shared={one.shared}>
            {one.name}
          </Tab>
        ))}
      </nav>
      {shown && (
        <ViewMenu
          {...props}
          view={shown}
          mayChange={mine}
          onRename={() => setDialog({ mode: 'rename', view: shown })}
        />
      )}
      {changed ? (
        <div className={styles.unsaved}>
          <span className={styles.hint}>{t('controls.views.unsaved')}</span>
          {view && mine && (
            <Button size="small" loading={change.isPending} onClick={save}>
              {t('common.save')}
            </Button>
          )}
          <Button size="small" onClick={() => setDialog({ mode: 'create' })}>
            {t('controls.views.saveAs')}
          </Button>
          <Button size="small" type="text" onClick={onReset}>
            {t('controls.views.reset')}
          </Button>
        </div>
      ) : null}
      {dialog && (
        <SaveViewDialog
          view={dialog.mode === 'rename' ? dialog.view : null}
          busy={create.isPending || change.isPending}
          problem={create.error ?? change.error}
          onCancel={() => setDialog(null)}
          onSave={(name, shared) => {
            const done = (saved: View) => {
              setDialog(null)
              onChoose(saved.id)
            }
            if (dialog.mode === 'rename') change.mutate({ id: dialog.view.id, name, shared }, { onSuccess: done })
            else
              create.mutate({ object: object.key, kind, name, shared, definition: definition() }, { onSuccess: done })
          }}
        />
      )}
    </div>
  )
}

/** Own views, and shared ones for an administrator. */
function useMayChange(view: View | undefined): boolean {
  const { administrator } = useMe()
  return Boolean(view && (view.mine || administrator))
}

interface TabProps {
  active: boolean
  shared?: boolean
  onClick: () => void
  children: string
}

function Tab({ active, shared, onClick, children }: TabProps) {
  return (
    <button type="button" aria-current={active ? 'page' : undefined} className={styles.tab} onClick={onClick}>
      {shared === true && <Users size={13} aria-hidden />}
      {shared === false && <Lock size={12} aria-hidden />}
      <span>{children}</span>
    </button>
  )
}

interface ViewMenuProps extends ViewTabsProps {
  view: View
  mayChange: boolean
  onRename: () => void
}

function ViewMenu({ object, kind, view, mayChange, onChoose, onRename }: ViewMenuProps) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const notify = useNotify()
  const { change, remove } = useViewChanges(object.key)
  const isStart = useStart(object.key, kind).view === view.id
  const setStart = useSetStart(object.key, kind)
  const toggleStart = () => setStart.mutate({ view: isStart ? null : view.id }, { onError: notify.failed })
  const askRemove = () =>
    modal.confirm({
      title: t('controls.views.removeTitle', { name: view.name }),
      content: view.shared ? t('controls.views.removeShared') : t('controls.views.removeOwn'),
      okText: t('common.delete'),
      okButtonProps: { danger: true },
      cancelText: t('common.cancel'),
      onOk: async () => {
        await remove.mutateAsync(view.id).catch(notify.failed)
        onChoose(null)
      },
    })
  const items: MenuProps['items'] = [
    {
      key: 'start',
      icon: <Pin size={14} />,
      label: t(isStart ? 'controls.views.unpin' : 'controls.views.pin'),
      onClick: toggleStart,
    },
    ...(mayChange
      ? [
          { key: 'rename', label: t('common.rename'), onClick: onRename },
          {
            key: 'share',
            label: t(view.shared ? 'controls.views.unshare' : 'controls.views.share'),
            onClick: () => change.mutate({ id: view.id, shared: !view.shared }, { onError: notify.failed }),
          },
          { type: 'divider' as const },
          { key: 'remove', danger: true, label: t('common.delete'), onClick: askRemove },
        ]
      : []),
  ]
  return (
    <Dropdown trigger={['click']} menu={{ items }} key={view.id}>
      <Button
        type="text"
        size="small"
        icon={<ChevronDown size={14} />}
        aria-label={t('controls.views.menu', { name: view.name })}
      />
    </Dropdown>
  )
}
