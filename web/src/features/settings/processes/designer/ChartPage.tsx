import { useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { ArrowDown, ChevronLeft, Printer } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { DefinedState, Definition, ObjectDescription, Who } from '@/api/types'
import { useWhoWords } from '@/controls/who/useWhoWords'
import { fieldOf, useObject } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { Bones } from '@/ui/Bones'
import { ChoiceTag } from '@/ui/ChoiceTag'
import { ProblemPanel } from '@/ui/ProblemView'
import settings from '../../settings.module.css'
import styles from './chart.module.css'
import { transitionsOf } from './edits'
import { useDraftQuery } from './useDraft'

/** The flow chart of a Process, drawn from its definition for paper: what goes into each stage and what comes out. */
export function ChartPage() {
  const { process } = useParams({ from: '/shell/settings/processes/$process/chart' })
  const { version } = useSearch({ from: '/shell/settings/processes/$process/chart' })
  const draft = useDraftQuery(process)
  const former = useQuery({
    queryKey: ['processes', 'version', process, version],
    queryFn: () => api.processes.version(process, version ?? 1),
    enabled: version !== undefined,
  })
  const definition = version === undefined ? draft.data?.definition : former.data
  const error = version === undefined ? draft.error : former.error
  if (error && !definition) return <ProblemPanel error={error} />
  if (!definition) return <Bones />
  const of = version ?? (draft.data?.revision ? null : (draft.data?.based_on ?? null))
  return <Chart definition={definition} version={of} />
}

function Chart({ definition, version }: { definition: Definition; version: number | null }) {
  const { t } = useTranslation()
  const label = useLabel()
  const object = useObject(definition.object)
  const open = definition.states.filter((one) => one.kind === 'open')
  const ends = definition.states.filter((one) => one.kind !== 'open')
  return (
    <article className={styles.chart}>
      <header className={settings.head}>
        <Link
          to="/settings/processes/$process"
          params={{ process: definition.key }}
          className={styles.screenOnly ?? ''}
          aria-label={t('design.backToDesign')}
        >
          <ChevronLeft size={18} aria-hidden />
        </Link>
        <h2 className={settings.title}>{label(definition.label)}</h2>
        <span className={settings.mark}>
          {version === null ? t('design.draft') : t('design.versionNumber', { version })}
        </span>
        <div className={`${settings.headActions} ${styles.screenOnly}`}>
          <Button icon={<Printer size={16} />} onClick={() => window.print()}>
            {t('design.print')}
          </Button>
        </div>
        {definition.description && <p className={settings.lead}>{label(definition.description)}</p>}
      </header>
      <ol className={styles.flow}>
        {open.map((state, index) => (
          <li key={state.key} className={styles.step} data-chart-stage={state.key}>
            {index > 0 && <ArrowDown size={18} className={styles.arrow} aria-hidden />}
            <ChartStage state={state} object={object} definition={definition} />
          </li>
        ))}
      </ol>
      {ends.length > 0 && (
        <ul className={styles.ends} aria-label={t('design.ends')}>
          {ends.map((state) => (
            <li key={state.key} data-chart-stage={state.key}>
              <ChoiceTag label={label(state.label)} color={state.color} kind={state.kind} />
              <Asks state={state} object={object} definition={definition} />
            </li>
          ))}
        </ul>
      )}
    </article>
  )
}

interface ChartStageProps {
  state: DefinedState
  object: ObjectDescription
  definition: Definition
}

function ChartStage({ state, object, definition }: ChartStageProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const people: Who[] = state.accountable ? [state.accountable] : []
  const who = useWhoWords(object, people)
  const outputs = (state.outputs ?? []).map((one) => ({
    key: label(one.label) || one.document_type || one.field || one.object || one.kind,
    kind: t(`design.output.${one.kind}`),
  }))
  return (
    <div className={styles.row}>
      <section className={styles.side}>
        <h3>{t('design.inputs')}</h3>
        <ul>
          {(state.inputs ?? []).map((one) => (
            <li key={label(one)}>{label(one)}</li>
          ))}
        </ul>
      </section>
      <section className={styles.middle}>
        <p className={styles.stageName}>
          <ChoiceTag label={label(state.label)} color={state.color} kind={state.kind} />
          {state.target_days ? <span>{t('design.targetShort', { days: state.target_days })}</span> : null}
          {state.accountable && <span>{who(state.accountable)}</span>}
        </p>
        {(state.actions?.length ?? 0) > 0 && (
          <ul className={styles.tasks}>
            {state.actions?.map((one) => (
              <li key={one.key}>
                {label(one.label)}
                {one.must && ` (${t('templates.must')})`}
              </li>
            ))}
          </ul>
        )}
        <Asks state={state} object={object} definition={definition} />
      </section>
      <section className={styles.side}>
        <h3>{t('design.outputs')}</h3>
        <ul>
          {outputs.map((one) => (
            <li key={one.key}>
              {one.key} <span className={styles.kind}>{one.kind}</span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}

/** What the stage asks for, and which other ways lead out of it. */
function Asks({ state, object, definition }: ChartStageProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const approval = definition.approvals?.find((one) => one.key === state.approval)
  const name = (key: string) => label(fieldOf(object, key)?.label) || key
  const asked = [
    { key: 'required', title: t('design.parts.required'), items: (state.required ?? []).map(name) },
    { key: 'entry', title: t('design.parts.entry'), items: (state.entry ?? []).map((one) => label(one.label)) },
    { key: 'exit', title: t('design.parts.exit'), items: (state.exit ?? []).map((one) => label(one.label)) },
    { key: 'approval', title: t('design.parts.approval'), items: approval ? [label(approval.label)] : [] },
    {
      key: 'ways',
      title: t('design.leadsTo'),
      items: transitionsOf(definition)
        .filter((one) => one.from === state.key)
        .map((one) => label(definition.states.find((other) => other.key === one.to)?.label)),
    },
  ].filter((one) => one.items.length > 0)
  if (asked.length === 0) return null
  return (
    <dl className={styles.asks}>
      {asked.map((one) => (
        <div key={one.key}>
          <dt>{one.title}</dt>
          <dd>{one.items.join('；')}</dd>
        </div>
      ))}
    </dl>
  )
}
