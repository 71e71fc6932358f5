import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Dropdown } from 'antd'
import { ArrowRight, Ellipsis, LayoutTemplate, Plus, Workflow } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { NewDefinition, ProcessSummary } from '@/api/types'
import { useObjects } from '@/kernel/describe'
import { formatNumber } from '@/kernel/format'
import { useLabel, useLanguage } from '@/kernel/language'
import { useMe } from '@/kernel/session'
import { Bones } from '@/ui/Bones'
import { ChoiceTag } from '@/ui/ChoiceTag'
import { EmptyState } from '@/ui/EmptyState'
import { ProblemPanel } from '@/ui/ProblemView'
import { SideDrawer } from '@/ui/SideDrawer'
import { useNotify } from '@/ui/useNotify'
import settings from '../settings.module.css'
import styles from './designer/designer.module.css'
import { addressOf, tabOf } from './designer/places'
import { Faults } from './Faults'
import { NewProcessDrawer } from './NewProcessDrawer'
import { TemplateGallery } from './TemplateGallery'
import { processesQuery } from './useProcesses'
import { useProcessMenu } from './useProcessMenu'

/** The pipelines of the organisation: the way of each, how many records follow it, whether a draft is worked on. */
export function ProcessesPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const notify = useNotify()
  const { administrator } = useMe()
  const { data, error, refetch } = useQuery(processesQuery)
  const [shown, setShown] = useState<'templates' | 'new' | null>(null)
  const toDesigner = (process: string) => void navigate({ to: '/settings/processes/$process', params: { process } })
  const made = async ({ definition, published }: NewDefinition) => {
    try {
      if (!published) await api.processes.begin(definition)
      await refetch()
      toDesigner(String(definition.key))
    } catch (failed) {
      notify.failed(failed)
    }
  }
  return (
    <>
      <div className={settings.head}>
        <h2 className={settings.title}>{t('design.title')}</h2>
        {administrator && (
          <div className={settings.headActions}>
            <Button icon={<Plus size={16} />} onClick={() => setShown('new')}>
              {t('design.newEmpty')}
            </Button>
            <Button type="primary" icon={<LayoutTemplate size={16} />} onClick={() => setShown('templates')}>
              {t('design.fromTemplate')}
            </Button>
          </div>
        )}
        <p className={settings.lead}>{t('design.lead')}</p>
      </div>
      {error && !data && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Bones rows={4} />}
      {data?.length === 0 && (
        <EmptyState icon={<Workflow size={20} aria-hidden />} title={t('design.none')} hint={t('design.noneHint')} />
      )}
      {data && data.length > 0 && (
        <ul className={styles.processes}>
          {data.map((process) => (
            <ProcessCard key={process.key} process={process} />
          ))}
        </ul>
      )}
      {shown === 'new' && <NewProcessDrawer onClose={() => setShown(null)} onMade={toDesigner} />}
      <SideDrawer wide open={shown === 'templates'} title={t('templates.title')} onClose={() => setShown(null)}>
        <TemplateGallery onMade={(one) => void made(one)} />
      </SideDrawer>
    </>
  )
}

function ProcessCard({ process }: { process: ProcessSummary }) {
  const { t } = useTranslation()
  const label = useLabel()
  const language = useLanguage()
  const objects = useObjects()
  const { administrator } = useMe()
  const navigate = useNavigate()
  const items = useProcessMenu(process)
  const object = objects.find((one) => one.key === process.object)
  const name = label(process.label) || process.key
  return (
    <li className={styles.process} data-process={process.key}>
      <div className={styles.processHead}>
        <Link to="/settings/processes/$process" params={{ process: process.key }} className={styles.processName ?? ''}>
          {name}
        </Link>
        {process.is_default && <span className={settings.mark}>{t('design.default')}</span>}
        {process.draft && (
          <span className={styles.draftMark}>{t(process.version === 0 ? 'design.onlyDraft' : 'design.hasDraft')}</span>
        )}
        <span className={styles.processFacts}>
          {label(object?.label)}
          {process.version > 0 && ` · ${t('design.versionNumber', { version: process.version })}`}
          {process.records !== null &&
            process.version > 0 &&
            ` · ${t('design.underWay', { count: process.records, number: formatNumber(process.records, language) })}`}
        </span>
        {administrator && (
          <Dropdown trigger={['click']} menu={{ items: process.version > 0 ? items : items.slice(0, 1) }}>
            <Button type="text" size="small" icon={<Ellipsis size={16} />} aria-label={t('design.moreOf', { name })} />
          </Dropdown>
        )}
      </div>
      {process.states.length > 0 && (
        <ol className={styles.path} aria-label={t('templates.way')}>
          {process.states.map((state, index) => (
            <li key={state.key}>
              {index > 0 && state.kind === 'open' && <ArrowRight size={12} aria-hidden />}
              <ChoiceTag label={label(state.label)} color={state.color} kind={state.kind} />
            </li>
          ))}
        </ol>
      )}
      <Faults
        faults={process.faults}
        onMend={({ kind, key, part }) =>
          void navigate({
            to: '/settings/processes/$process',
            params: { process: process.key },
            search: { tab: tabOf({ kind, key, part }), place: addressOf({ kind, key, part }) },
          })
        }
      />
    </li>
  )
}
