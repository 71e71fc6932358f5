import { Button, Segmented } from 'antd'
import { Plus, Table2, Trash2, Workflow, X } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLabel, useLanguage } from '@/kernel/language'
import { Bones } from '@/ui/Bones'
import { SideDrawer } from '@/ui/SideDrawer'
import { usePhone } from '@/ui/usePhone'
import { AddTransition } from './AddTransition'
import { useDesigner } from './context'
import styles from './designer.module.css'
import { addState, removeState, removeTransition, stateOf, textIn, transitionsOf } from './edits'
import { StagesTable } from './StagesTable'
import { StagePanel } from './stage/StagePanel'
import { TransitionPanel } from './transition/TransitionPanel'

/** The drawing brings a library of its own, so it comes when it is first looked at. */
const Drawing = lazy(() => import('./Drawing').then((module) => ({ default: module.Drawing })))

/** The stages as a drawing or as a table, with the chosen one at the side. */
export function StagesView() {
  const { t } = useTranslation()
  const language = useLanguage()
  const phone = usePhone()
  const { definition, object, change, readOnly, open } = useDesigner()
  const [view, setView] = useState<'drawing' | 'table'>(phone ? 'table' : 'drawing')
  const add = () => {
    // Stages of several Processes are choices of one Field: a key that means another stage there is not taken again.
    const known = object.fields.find((one) => one.key === definition.field)?.choices.map((one) => one.key) ?? []
    const [next, key] = addState(definition, textIn(language, t('design.newStage')), undefined, known)
    change(next)
    open({ kind: 'state', key, part: '' })
  }
  return (
    <>
      <div className={styles.bar}>
        <Segmented
          disabled={false}
          aria-label={t('design.viewAs')}
          value={view}
          onChange={setView}
          options={[
            { value: 'drawing', label: t('design.drawing'), icon: <Workflow size={14} aria-hidden /> },
            { value: 'table', label: t('design.table'), icon: <Table2 size={14} aria-hidden /> },
          ]}
        />
        {!readOnly && (
          <>
            <Button icon={<Plus size={14} />} onClick={add}>
              {t('design.addStage')}
            </Button>
            <AddTransition />
          </>
        )}
      </div>
      <div className={styles.work}>
        <div className={styles.main}>
          {view === 'drawing' ? (
            <Suspense fallback={<Bones rows={6} />}>
              <Drawing />
            </Suspense>
          ) : (
            <StagesTable />
          )}
        </div>
        <SidePanel />
      </div>
    </>
  )
}

/** What is chosen in the drawing or the table: beside it, or over it on a phone. */
function SidePanel() {
  const { t } = useTranslation()
  const label = useLabel()
  const phone = usePhone()
  const { definition, change, readOnly, place, open } = useDesigner()
  const state = place?.kind === 'state' ? stateOf(definition, place.key) : undefined
  const move = place?.kind === 'transition' ? transitionsOf(definition).find((one) => one.key === place.key) : undefined
  if (!state && !move) return null
  const remove = () => {
    if (state) change(removeState(definition, state.key))
    if (move) change(removeTransition(definition, move.key))
    open(null)
  }
  const title = label(state?.label ?? move?.label) || t('common.unnamed')
  const content = state ? (
    <StagePanel key={state.key} state={state} />
  ) : (
    move && <TransitionPanel key={move.key} move={move} />
  )
  const bin = !readOnly && (
    <Button
      type="text"
      danger
      size="small"
      icon={<Trash2 size={14} />}
      disabled={Boolean(state) && definition.states.length < 2}
      onClick={remove}
    >
      {t(state ? 'design.dropStage' : 'design.dropMove')}
    </Button>
  )
  if (phone)
    return (
      <SideDrawer open title={title} extra={bin} onClose={() => open(null)}>
        {content}
      </SideDrawer>
    )
  return (
    <aside className={styles.panel} aria-label={title}>
      <header className={styles.panelHead}>
        <h3>{title}</h3>
        {bin}
        <Button
          type="text"
          size="small"
          disabled={false}
          icon={<X size={16} />}
          aria-label={t('common.close')}
          onClick={() => open(null)}
        />
      </header>
      <div className={styles.panelBody}>{content}</div>
    </aside>
  )
}
