import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { CircleAlert, CircleCheck, FlaskConical, ListChecks } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { LinkValue, ProcessDraft, SimulatedMove, SimulatedRecord } from '@/api/types'
import { RecordsPicker } from '@/controls/RecordsPicker'
import { useLabel } from '@/kernel/language'
import { ChoiceTag } from '@/ui/ChoiceTag'
import { ProblemNote } from '@/ui/ProblemView'
import settings from '../../settings.module.css'
import { useDesigner } from './context'
import styles from './designer.module.css'
import { stateOf } from './edits'
import { Mapping } from './Mapping'

/** Records of each stage that are tried at once. */
const perStage = 10
/** The most records that one trial takes. */
const atOnce = 50

interface SimulateProps {
  draft: ProcessDraft
  /** Sends what is not saved yet, so that the trial is about what is seen. */
  settle: () => Promise<boolean>
}

/** Tries the draft on records: whom it would stop and by what, and which tasks it would make. Writes nothing. */
export function Simulate({ draft, settle }: SimulateProps) {
  const { t } = useTranslation()
  const { definition, object, readOnly } = useDesigner()
  const [chosen, setChosen] = useState<unknown[]>([])
  const [mapping, setMapping] = useState<Record<string, string>>({})
  const published = object.processes.find((one) => one.key === definition.key)
  const closed = (published?.states ?? []).filter((one) => one.kind !== 'open').map((one) => one.key)
  const run = useMutation({
    mutationFn: async (records: string[] | null) => {
      await settle()
      const wanted = records ?? (await newest(definition.key, closed))
      const found: SimulatedRecord[] = []
      for (let start = 0; start < wanted.length; start += atOnce) {
        const part = wanted.slice(start, start + atOnce)
        found.push(...(await api.processes.simulate(definition.key, { records: part, mapping })))
      }
      return found
    },
  })
  const ids = chosen.map((one) => (typeof one === 'string' ? one : (one as LinkValue).id))
  const ready = !readOnly && draft.problem === null && draft.leaving.every((one) => mapping[one.state])
  return (
    <div className={styles.simulate}>
      <p className={settings.sectionLead}>{t('design.simulateLead')}</p>
      {draft.problem && (
        <p className={styles.warning}>{t('design.simulateProblem', { message: draft.problem.message })}</p>
      )}
      <Mapping leaving={draft.leaving} states={definition.states} value={mapping} onChange={setMapping} />
      <div className={styles.trial}>
        <div className={styles.grow}>
          <RecordsPicker
            object={definition.object}
            value={chosen}
            onChange={setChosen}
            label={t('design.pickRecords')}
          />
        </div>
        <Button disabled={!ready || ids.length === 0} loading={run.isPending} onClick={() => run.mutate(ids)}>
          {t('design.simulateChosen')}
        </Button>
        <Button
          icon={<FlaskConical size={14} />}
          disabled={!ready}
          loading={run.isPending}
          onClick={() => run.mutate(null)}
        >
          {t('design.simulateNewest', { count: perStage })}
        </Button>
      </div>
      {run.error && <ProblemNote error={run.error} />}
      {run.data && <Outcome records={run.data} />}
    </div>
  )
}

/** The newest records of each stage in which work goes on, as the board shows them. */
async function newest(process: string, closed: string[]): Promise<string[]> {
  const board = await api.board(process, {
    per_state: perStage,
    select: [],
    sort: [{ field: 'created_at', dir: 'desc' }],
  })
  const open = board.states.filter((state) => !closed.includes(state.key))
  return open.flatMap((state) => state.records.map((record) => record.id))
}

function Outcome({ records }: { records: SimulatedRecord[] }) {
  const { t } = useTranslation()
  const { definition } = useDesigner()
  const label = useLabel()
  const onward = records.flatMap((record) =>
    record.moves
      .filter(isOnward)
      .slice(0, 1)
      .map((move) => ({ record, move })),
  )
  const stopped = onward.filter(({ move }) => !move.open).length
  if (records.length === 0) return <p className={styles.hint}>{t('design.nothingToTry')}</p>
  return (
    <section aria-label={t('design.outcome')}>
      <p className={styles.sum} role="status">
        {t('design.outcomeSum', { count: records.length, stopped })}
      </p>
      <div className={settings.scroll}>
        <table className={settings.table}>
          <thead>
            <tr>
              <th>{t('design.record')}</th>
              <th>{t('design.stage')}</th>
              <th>{t('design.nextStage')}</th>
              <th>{t('design.today')}</th>
              <th>{t('design.stoppedBy')}</th>
              <th className={settings.wideOnly}>{t('design.newTasks')}</th>
            </tr>
          </thead>
          <tbody>
            {records.map((record) => {
              const state = stateOf(definition, record.state ?? '')
              const move = record.moves.find(isOnward)
              const to = move && stateOf(definition, move.to)
              return (
                <tr key={record.id} data-simulated={record.id} className={styles.outcome}>
                  <td>
                    <Link to="/o/$object/$id" params={{ object: definition.object, id: record.id }}>
                      {record.label}
                    </Link>
                  </td>
                  <td>{state && <ChoiceTag label={label(state.label)} color={state.color} kind={state.kind} />}</td>
                  <td>{to && <ChoiceTag label={label(to.label)} color={to.color} kind={to.kind} />}</td>
                  <td>{move ? <Today move={move} /> : '–'}</td>
                  <td>{move ? <Stops move={move} /> : '–'}</td>
                  <td className={settings.wideOnly}>
                    {move && move.tasks.length > 0 && (
                      <span className={styles.tasks}>
                        <ListChecks size={14} aria-hidden />
                        {move.tasks.map((task) => label(task.label)).join('、')}
                      </span>
                    )}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </section>
  )
}

/** The way that a record would take next. */
const isOnward = (move: SimulatedMove): boolean => move.move === 'forward' || move.move === 'win'

/** Whether the published version lets it through, and whether the draft changes that. */
function Today({ move }: { move: SimulatedMove }) {
  const { t } = useTranslation()
  const was = move.was_open === null ? 'new' : move.was_open ? 'open' : 'stopped'
  const changes = move.was_open !== null && move.was_open !== move.open
  return <span className={changes ? styles.changed : undefined}>{t(`design.was.${was}`)}</span>
}

function Stops({ move }: { move: SimulatedMove }) {
  const { t } = useTranslation()
  if (move.open || move.gate.unmet.length === 0)
    return (
      <span className={styles.goes}>
        <CircleCheck size={14} aria-hidden />
        {t('design.goesOn', { count: move.gate.met.length })}
      </span>
    )
  return (
    <ul className={styles.stops}>
      {move.gate.unmet.map((one) => (
        <li key={`${one.part}.${one.key}.${one.message}`}>
          <CircleAlert size={14} aria-hidden />
          {one.message}
        </li>
      ))}
    </ul>
  )
}
