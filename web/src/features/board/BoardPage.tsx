import { getRouteApi, Link } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { Plus, SquareKanban } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription, Process } from '@/api/types'
import { AsOfBanner, AsOfButton } from '@/controls/asof/AsOf'
import { FilterButton, FilterChips } from '@/controls/conditions/Filter'
import { ModeSwitch } from '@/controls/ModeSwitch'
import { SearchBox } from '@/controls/SearchBox'
import { ViewTabs } from '@/controls/views/ViewTabs'
import { may, useObject } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { EmptyState } from '@/ui/EmptyState'
import { ObjectIcon } from '@/ui/Icon'
import { useOverlays } from '@/ui/overlays'
import { Page } from '@/ui/Page'
import { usePhone } from '@/ui/usePhone'
import { Board } from './Board'
import styles from './board.module.css'
import { type SortName, sortsOf, useBoardProcess, useBoardState } from './useBoardState'

const route = getRouteApi('/shell/o/$object/board')

/** The board of an Object's Process. An Object without one says so and offers the list. */
export function BoardPage() {
  const { object: key } = route.useParams()
  const object = useObject(key)
  const process = useBoardProcess(object)
  return process ? (
    <ProcessBoard key={`${key}:${process.key}`} object={object} process={process} />
  ) : (
    <NoProcess object={object} />
  )
}

function NoProcess({ object }: { object: ObjectDescription }) {
  const { t } = useTranslation()
  const label = useLabel()
  return (
    <Page title={label(object.label_plural)} icon={<ObjectIcon name={object.icon} size={18} />}>
      <EmptyState
        icon={<SquareKanban size={20} aria-hidden />}
        title={t('board.noProcess', { object: label(object.label) })}
        hint={t('board.noProcessHint')}
        actions={
          <Link to="/o/$object" params={{ object: object.key }}>
            {t('board.openList')}
          </Link>
        }
      />
    </Page>
  )
}

function ProcessBoard({ object, process }: { object: ObjectDescription; process: Process }) {
  const { t } = useTranslation()
  const label = useLabel()
  const phone = usePhone()
  const overlays = useOverlays()
  const state = useBoardState(object, process)
  const asOf = state.question.as_of ?? null
  const sorts = Object.keys(sortsOf(object, process)) as SortName[]
  const newLabel = t('common.createObject', { object: label(object.label) })
  const create = () =>
    overlays.create({
      object: object.key,
      ...(process.process_field && { values: { [process.process_field]: process.key } }),
    })
  return (
    <Page
      fill
      icon={<ObjectIcon name={object.icon} size={18} />}
      title={label(object.label_plural)}
      aside={
        <>
          <ModeSwitch object={object.key} mode="board" />
          {object.processes.length > 1 && (
            <Select
              variant="filled"
              popupMatchSelectWidth={false}
              showSearch={{ optionFilterProp: 'label' }}
              aria-label={t('board.process')}
              value={process.key}
              options={object.processes.map((one) => ({ value: one.key, label: label(one.label) }))}
              onChange={state.setProcess}
            />
          )}
        </>
      }
      actions={
        may(object, 'create') &&
        !asOf && (
          <Button type="primary" icon={<Plus size={16} aria-hidden />} onClick={create} aria-label={newLabel}>
            {phone ? null : newLabel}
          </Button>
        )
      }
      toolbar={
        <>
          <div className={styles.views}>
            <ViewTabs
              object={object}
              kind="board"
              views={state.views}
              presets={state.presets}
              current={state.view?.id ?? null}
              changed={state.changed}
              definition={state.definition}
              onChoose={state.setView}
              onReset={state.reset}
            />
          </div>
          <div className={styles.tools}>
            {!asOf && <SearchBox value={state.question.q ?? ''} onChange={state.setQ} />}
            <FilterButton object={object} value={state.where} onChange={state.setWhere} />
            <Select
              variant="borderless"
              popupMatchSelectWidth={false}
              aria-label={t('board.sortBy')}
              value={state.sortName}
              options={sorts.map((name) => ({ value: name, label: t(`board.sort.${name}`) }))}
              onChange={state.setSort}
            />
            <AsOfButton object={object} value={asOf} onChange={state.setAsOf} />
          </div>
          <AsOfBanner moment={asOf} onLeave={() => state.setAsOf(null)} />
          {state.where && (
            <div className={styles.chips}>
              <FilterChips object={object} value={state.where} onChange={state.setWhere} />
            </div>
          )}
        </>
      }
    >
      <Board object={object} process={process} question={state.question} />
    </Page>
  )
}
