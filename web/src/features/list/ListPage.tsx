import { Link, useParams } from '@tanstack/react-router'
import { Button } from 'antd'
import { FileUp, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { AsOfBanner, AsOfButton } from '@/controls/asof/AsOf'
import { FilterButton, FilterChips } from '@/controls/conditions/Filter'
import { ModeSwitch } from '@/controls/ModeSwitch'
import { useMove } from '@/controls/moving/useMove'
import { SearchBox } from '@/controls/SearchBox'
import { ViewTabs } from '@/controls/views/ViewTabs'
import { may, useObject } from '@/kernel/describe'
import { formatNumber } from '@/kernel/format'
import { useLabel, useLanguage } from '@/kernel/language'
import { usePathFields } from '@/kernel/paths'
import { ObjectIcon } from '@/ui/Icon'
import { useOverlays } from '@/ui/overlays'
import { Page } from '@/ui/Page'
import { usePhone } from '@/ui/usePhone'
import { ColumnsButton } from './ColumnsButton'
import { columnsOf, selectOf } from './columns'
import { ExportButton } from './ExportButton'
import { GroupButton } from './GroupButton'
import { useSelection } from './grid/useSelection'
import { ListBody } from './ListBody'
import styles from './list.module.css'
import { SortButton } from './SortButton'
import { useListState } from './useListState'
import { type Question, useTotals } from './useRows'

/** The list of an Object, drawn from its description. */
export function ListPage() {
  const { object } = useParams({ from: '/shell/o/$object' })
  return <List key={object} objectKey={object} />
}

function List({ objectKey }: { objectKey: string }) {
  const { t } = useTranslation()
  const label = useLabel()
  const language = useLanguage()
  const phone = usePhone()
  const object = useObject(objectKey)
  const { create } = useOverlays()
  const state = useListState(object)
  const selection = useSelection()
  const moving = useMove(object, 'inline')
  const paths = usePathFields(
    object,
    state.columns.map((column) => column.key),
  )
  const columns = columnsOf(object, state.columns, paths, state.widths, language)
  const question: Question = {
    object: object.key,
    where: state.where,
    sort: state.sort,
    q: state.q,
    asOf: state.asOf,
    select: selectOf(object, columns),
  }
  const totals = useTotals(question, columns)
  const newOne = () => create({ object: object.key })
  return (
    <Page
      fill
      icon={<ObjectIcon name={object.icon} size={18} />}
      title={label(object.label_plural)}
      aside={
        <>
          {totals && (
            <span className={styles.total} data-testid="total">
              {formatNumber(totals.count, language)}
            </span>
          )}
          {object.processes.length > 0 && <ModeSwitch object={object.key} mode="list" />}
        </>
      }
      actions={
        <>
          {!phone && may(object, 'import') && !state.asOf && (
            <Link to="/imports" search={{ object: object.key }}>
              <Button type="text" tabIndex={-1} icon={<FileUp size={15} />}>
                {t('list.import')}
              </Button>
            </Link>
          )}
          {may(object, 'export') && <ExportButton object={object} question={question} />}
          {may(object, 'create') && !state.asOf && (
            <Button
              type="primary"
              icon={<Plus size={16} />}
              onClick={newOne}
              aria-label={t('common.createObject', { object: label(object.label) })}
            >
              {phone ? null : t('common.createObject', { object: label(object.label) })}
            </Button>
          )}
        </>
      }
      toolbar={
        <>
          <div className={styles.views}>
            <ViewTabs
              object={object}
              kind="list"
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
            {!state.asOf && <SearchBox value={state.q} onChange={state.setQ} />}
            <FilterButton object={object} value={state.where} onChange={state.setWhere} />
            <SortButton object={object} columns={columns} value={state.sort} onChange={state.setSort} />
            <GroupButton object={object} value={state.group} onChange={state.setGroup} />
            {!phone && (
              <ColumnsButton object={object} value={state.columns.map((one) => one.key)} onChange={state.setColumns} />
            )}
            <AsOfButton object={object} value={state.asOf} onChange={state.setAsOf} />
          </div>
          <AsOfBanner moment={state.asOf} onLeave={() => state.setAsOf(null)} />
          {state.where && (
            <div className={styles.chips}>
              <FilterChips object={object} value={state.where} onChange={state.setWhere} />
            </div>
          )}
        </>
      }
    >
      <ListBody
        object={object}
        state={state}
        columns={columns}
        ready={columns.length === state.columns.length || paths.size > 0}
        question={question}
        totals={totals}
        selection={selection}
        onMove={(record, target) => void moving.move(record, target)}
        onCreate={newOne}
      />
      {moving.dialog}
    </Page>
  )
}
