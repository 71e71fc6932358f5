import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { ConfigProvider } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ProcessDraft } from '@/api/types'
import { useObject } from '@/kernel/describe'
import { useMe } from '@/kernel/session'
import { Bones } from '@/ui/Bones'
import { EmptyState } from '@/ui/EmptyState'
import { ProblemPanel } from '@/ui/ProblemView'
import { TabStrip } from '@/ui/TabStrip'
import { useNotify } from '@/ui/useNotify'
import { DesignCheck } from '../DesignCheck'
import { Faults } from '../Faults'
import { processesQuery } from '../useProcesses'
import { Approvals } from './approval/Approvals'
import { Comments } from './Comments'
import { DesignerContext } from './context'
import { DesignerHead } from './DesignerHead'
import { DraftState } from './DraftState'
import { completed } from './edits'
import { ProcessSettings } from './ProcessSettings'
import { PublishDrawer } from './PublishDrawer'
import { type Place, placeAt, tabOf } from './places'
import { Simulate } from './Simulate'
import { StagesView } from './StagesView'
import { useDraft, useDraftQuery } from './useDraft'
import { Versions } from './Versions'

type DesignerTab = 'stages' | 'approvals' | 'settings' | 'try' | 'talk' | 'versions' | 'check'
const tabs: DesignerTab[] = ['stages', 'approvals', 'settings', 'try', 'talk', 'versions', 'check']

/** Shaping a Process without code. */
export function DesignerPage() {
  const { process } = useParams({ from: '/shell/settings/processes/$process' })
  const { data, error, refetch, isFetchedAfterMount } = useDraftQuery(process)
  // What is read anew (a discarded draft, another one's) starts an editor of its own.
  const [round, setRound] = useState(0)
  const restart = async () => {
    await refetch()
    setRound((now) => now + 1)
  }
  if (error && !data) return <ProblemPanel error={error} onRetry={() => void refetch()} />
  // An editor never starts from what was read on an earlier visit: somebody may have saved since.
  if (!data || !isFetchedAfterMount) return <Bones />
  return <Editor key={`${process}.${round}`} initial={data} onRestart={() => void restart()} />
}

function Editor({ initial, onRestart }: { initial: ProcessDraft; onRestart: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const notify = useNotify()
  const { administrator } = useMe()
  const { tab = 'stages', place: asked } = useSearch({ from: '/shell/settings/processes/$process' })
  const editor = useDraft(initial)
  const { definition, draft, change } = editor
  const object = useObject(definition.object)
  const [place, setPlace] = useState<Place | null>(() => placeAt(asked))
  const [publishing, setPublishing] = useState(false)
  const { data: evidence = [] } = useQuery({
    queryKey: ['describe', 'evidence'],
    queryFn: api.processes.evidence,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const { data: comments = [] } = useQuery({
    queryKey: ['process-comments', definition.key],
    queryFn: () => api.processes.comments(definition.key),
  })
  const { data: processes = [] } = useQuery(processesQuery)
  const faults = processes.find((one) => one.key === definition.key)?.faults ?? []
  const readOnly = !administrator
  const toTab = (next: DesignerTab) =>
    void navigate({
      to: '/settings/processes/$process',
      params: { process: definition.key },
      search: { tab: next },
      replace: true,
    })
  const open = (next: Place | null) => {
    setPlace(next)
    if (next) toTab(tabOf(next))
  }
  const designer = useMemo(
    () => ({ definition, object, change, readOnly, evidence, problem: draft.problem, comments, place }),
    [definition, object, change, readOnly, evidence, draft.problem, comments, place],
  )
  const published = object.processes.find((one) => one.key === definition.key)
  const unresolved = comments.filter((one) => !one.resolved_at).length
  const take = async (patch: Parameters<typeof api.designCheck.apply>[1]['patch']) => {
    try {
      const whole = { ...completed(definition) }
      const answer = await api.designCheck.apply(definition.key, { definition: whole, patch })
      change(answer.definition as unknown as typeof definition)
      notify.done(t('design.taken'), () => change(definition))
    } catch (error) {
      notify.failed(error)
    }
  }
  const openPublish = async () => {
    if (await editor.settle()) setPublishing(true)
  }
  const pages: Record<DesignerTab, () => React.ReactNode> = {
    stages: () => <StagesView />,
    approvals: () => <Approvals />,
    settings: () => <ProcessSettings />,
    try: () => <Simulate draft={draft} settle={editor.settle} />,
    talk: () => <Comments place="" />,
    versions: () => <Versions onBack={onRestart} />,
    check: () =>
      published ? (
        <DesignCheck process={published} onTake={readOnly ? undefined : (patch) => void take(patch)} />
      ) : (
        <EmptyState title={t('design.noVersions')} hint={t('design.noVersionsHint')} />
      ),
  }
  const counts: Partial<Record<DesignerTab, number>> = {
    approvals: definition.approvals?.length ?? 0,
    talk: unresolved,
  }
  return (
    <DesignerContext value={{ ...designer, open }}>
      <DesignerHead editor={editor} onPublish={() => void openPublish()} onDiscarded={onRestart} />
      <Faults faults={faults} onMend={({ kind, key, part }) => open({ kind, key, part })} />
      <DraftState editor={editor} />
      <TabStrip
        label={t('design.parts.all')}
        value={tab}
        onChange={toTab}
        tabs={tabs.map((key) => ({
          key,
          label: counts[key] ? `${t(`design.tabs.${key}`)} ${counts[key]}` : t(`design.tabs.${key}`),
        }))}
      >
        <ConfigProvider componentDisabled={readOnly && tab !== 'versions' && tab !== 'check'}>
          {pages[tab]()}
        </ConfigProvider>
      </TabStrip>
      {publishing && (
        <PublishDrawer
          draft={draft}
          onClose={() => setPublishing(false)}
          onPublished={() => {
            setPublishing(false)
            onRestart()
          }}
        />
      )}
    </DesignerContext>
  )
}
