import { CircleCheck, CircleDashed, CircleHelp } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ExpectedOutput, Mend, NamedPerson, ObjectDescription, RecordData, Standing } from '@/api/types'
import { MendButton } from '@/controls/stage/MendButton'
import { useLabel } from '@/kernel/language'
import { useOverlays } from '@/ui/overlays'
import { useFieldAsked } from './fieldAsked'
import styles from './stage.module.css'

interface OutputsProps {
  object: ObjectDescription
  record: RecordData
  standing: Standing
}

/** How an output that is missing is brought. */
function mendOf(output: ExpectedOutput): Mend {
  switch (output.kind) {
    case 'document':
      return { kind: 'file', value: { document_type: output.document_type } }
    case 'field':
      return { kind: 'field', field: output.field ?? '' }
    case 'record':
      return { kind: 'record', object: output.object ?? '', link: output.link ?? '' }
    case 'note':
      return { kind: 'activity', value: null }
  }
}

/** What the stage needs first, what it is to leave behind and whether that is there, its goal, and who takes part. */
export function Outputs({ object, record, standing }: OutputsProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const { inputs, outputs, goal, accountable, team } = standing
  return (
    <dl className={styles.guide}>
      {inputs.length > 0 && (
        <div>
          <dt>{t('stage.guidance.inputs')}</dt>
          <dd>{inputs.map(label).join(' · ')}</dd>
        </div>
      )}
      <div>
        <dt>{t('stage.guidance.outputs')}</dt>
        <dd>
          {outputs.length === 0 && t('stage.guidance.noOutputs')}
          <ul className={styles.outputs}>
            {outputs.map((output) => (
              <Output key={JSON.stringify(output)} object={object} record={record} output={output} />
            ))}
          </ul>
        </dd>
      </div>
      {goal && (
        <div>
          <dt>{t('stage.guidance.goal')}</dt>
          <dd className={styles.output}>
            <Mark there={goal.met} words={goalWords} />
            {label(goal.label)}
          </dd>
        </div>
      )}
      {accountable && <People title={t('stage.guidance.accountable')} people={[accountable]} />}
      {team.length > 0 && <People title={t('stage.guidance.team')} people={team} />}
    </dl>
  )
}

function Output({ object, record, output }: Omit<OutputsProps, 'standing'> & { output: ExpectedOutput }) {
  const label = useLabel()
  const overlays = useOverlays()
  const rows = useFieldAsked()
  return (
    <li className={styles.output}>
      <Mark there={output.present ?? null} words={outputWords} />
      {label(output.label)}
      {output.present === false && (
        <MendButton
          object={object}
          record={record}
          mend={mendOf(output)}
          ways={{
            field: (field) => (rows ? rows.ask(field.key) : overlays.edit(object.key, record.id, { field: field.key })),
          }}
        />
      )}
    </li>
  )
}

interface MarkWords {
  yes: 'stage.guidance.present' | 'stage.guidance.goalMet'
  no: 'stage.guidance.missing' | 'stage.guidance.goalNot'
}

const outputWords: MarkWords = { yes: 'stage.guidance.present', no: 'stage.guidance.missing' }
const goalWords: MarkWords = { yes: 'stage.guidance.goalMet', no: 'stage.guidance.goalNot' }

/** Whether it is there: a shape, and the word for it. */
function Mark({ there, words }: { there: boolean | null; words: MarkWords }) {
  const { t } = useTranslation()
  const Shape = there === null ? CircleHelp : there ? CircleCheck : CircleDashed
  const word = there === null ? 'stage.guidance.unknown' : there ? words.yes : words.no
  return (
    <span className={styles.mark} data-there={there ?? 'unknown'}>
      <Shape size={14} aria-hidden />
      {t(word)}
    </span>
  )
}

function People({ title, people }: { title: string; people: NamedPerson[] }) {
  const label = useLabel()
  const named = people.map(({ text, person }) => {
    const words = label(text)
    return person?.label && person.label !== words ? `${words} ${person.label}` : words
  })
  return (
    <div>
      <dt>{title}</dt>
      <dd>{named.join(' · ')}</dd>
    </div>
  )
}
