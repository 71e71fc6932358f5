import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Button, Segmented, Select, Tabs } from 'antd'
import { ArrowLeft, Stamp } from 'lucide-react'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ApprovalBox, ApprovalState } from '@/api/types'
import { approvalsKey } from '@/kernel/records'
import { Bones } from '@/ui/Bones'
import { EmptyState } from '@/ui/EmptyState'
import { Page } from '@/ui/Page'
import { ProblemPanel } from '@/ui/ProblemView'
import { usePhone } from '@/ui/usePhone'
import { ApprovalList } from './ApprovalList'
import { ApprovalOne } from './ApprovalOne'
import styles from './approvals.module.css'
import { HolderBoard } from './HolderBoard'
import { useApprovalKeys } from './useApprovalKeys'

const route = getRouteApi('/shell/approvals')
const boxes: ApprovalBox[] = ['mine', 'started', 'decided', 'all']
const states: ApprovalState[] = ['running', 'passed', 'refused', 'returned', 'recalled']

export interface ApprovalsSearch {
  box?: ApprovalBox
  state?: ApprovalState
  view?: 'people'
  id?: string
}

function useBox(box: ApprovalBox, state: ApprovalState | undefined) {
  return useInfiniteQuery({
    queryKey: [...approvalsKey, 'box', box, state ?? null],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => api.approvals.list({ box, state: state ?? null, cursor: pageParam }, signal),
    getNextPageParam: (page) => page.next_cursor,
  })
}

/** The inbox of approvals: what waits for me, what I started or handled, and who holds what since when. */
export function ApprovalsPage() {
  const { t } = useTranslation()
  const phone = usePhone()
  const navigate = useNavigate()
  const search = route.useSearch()
  const box = search.box ?? 'mine'
  const people = box === 'all' && search.view === 'people'
  const state = people ? 'running' : box === 'mine' ? undefined : search.state
  const query = useBox(box, state)
  const { data } = query
  const rows = data?.pages.flatMap((page) => page.approvals) ?? []
  const counts = data?.pages[0]?.counts
  const go = useCallback(
    (change: ApprovalsSearch) => void navigate({ to: '/approvals', search: change, replace: true }),
    [navigate],
  )
  const choose = (id: string | undefined) => {
    const { id: _, ...rest } = search
    go(id ? { ...rest, id } : rest)
  }
  const chosen = search.id ?? (phone || people ? undefined : rows[0]?.id)
  useApprovalKeys(
    rows.map((one) => one.id),
    chosen,
    choose,
  )
  const next = (id: string) => {
    const place = rows.findIndex((one) => one.id === id)
    choose(phone ? undefined : (rows[place + 1] ?? rows[place - 1])?.id)
  }
  const tabs = boxes.map((key) => ({
    key,
    label: (
      <span>
        {t(`approvals.box.${key}`)}
        {counts && counts[key] > 0 && <span className={styles.count}>{counts[key]}</span>}
      </span>
    ),
  }))
  const inDetail = phone && Boolean(search.id)
  return (
    <Page
      fill
      title={t('approvals.title')}
      icon={<Stamp size={16} aria-hidden />}
      actions={
        inDetail ? (
          <Button icon={<ArrowLeft size={14} aria-hidden />} onClick={() => choose(undefined)}>
            {t('approvals.list')}
          </Button>
        ) : null
      }
      toolbar={
        inDetail ? null : (
          <div className={styles.bar}>
            {phone ? (
              <Select
                size="small"
                variant="filled"
                popupMatchSelectWidth={false}
                aria-label={t('approvals.title')}
                value={box}
                options={tabs.map(({ key, label }) => ({ value: key, label }))}
                onChange={(key) => go({ box: key })}
              />
            ) : (
              <Tabs
                className={styles.tabs ?? ''}
                items={tabs}
                activeKey={box}
                onChange={(key) => go({ box: key as ApprovalBox })}
              />
            )}
            {box === 'all' && (
              <Segmented
                size="small"
                aria-label={t('approvals.view')}
                value={people ? 'people' : 'list'}
                options={[
                  { value: 'list', label: t('approvals.list') },
                  { value: 'people', label: t('approvals.byHolder') },
                ]}
                onChange={(view) => go(view === 'people' ? { box, view } : { box })}
              />
            )}
            {box !== 'mine' && !people && (
              <Select
                size="small"
                variant="filled"
                popupMatchSelectWidth={false}
                aria-label={t('approvals.filter')}
                value={search.state ?? ''}
                options={[
                  { value: '', label: t('approvals.anyState') },
                  ...states.map((one) => ({ value: one, label: t(`approvals.state.${one}`) })),
                ]}
                onChange={(value) => go(value ? { box, state: value as ApprovalState } : { box })}
              />
            )}
          </div>
        )
      }
    >
      {query.isPending && <Bones />}
      {query.error && !data && <ProblemPanel error={query.error} onRetry={() => void query.refetch()} />}
      {data && (
        <div className={people ? styles.wide : styles.panes}>
          {inDetail ? null : people ? (
            <HolderBoard rows={rows} onChoose={(id) => go({ box: 'all', id })} />
          ) : rows.length === 0 && !search.id ? (
            <EmptyState
              icon={<Stamp size={20} aria-hidden />}
              title={t(`approvals.empty.${box}`)}
              hint={t(`approvals.empty.${box}Hint`)}
            />
          ) : (
            <ApprovalList
              rows={rows}
              chosen={chosen}
              onChoose={choose}
              more={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
              loading={query.isFetchingNextPage}
            />
          )}
          {chosen && <ApprovalOne key={chosen} id={chosen} onDone={() => next(chosen)} />}
        </div>
      )}
    </Page>
  )
}
