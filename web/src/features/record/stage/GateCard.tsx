import { Button } from 'antd'
import { DoorOpen } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Field, ForwardGate, ObjectDescription, RecordData } from '@/api/types'
import { sectionsOf } from '@/controls/sections'
import { Checklist } from '@/controls/stage/Checklist'
import { may } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { useOverlays } from '@/ui/overlays'
import { Card } from './Card'
import { useFieldAsked } from './fieldAsked'
import styles from './stage.module.css'
import { tasksCard } from './TasksCard'
import { useMoveHere } from './useMoveHere'

interface GateCardProps {
  object: ObjectDescription
  record: RecordData
  gate: ForwardGate
}

const goTo = (id: string): boolean => {
  const place = document.getElementById(id)
  place?.scrollIntoView({ block: 'start', behavior: 'smooth' })
  place?.focus({ preventScroll: true })
  return place !== null
}

/** What the move onwards asks for, met or not, one click from each thing that mends it. */
export function GateCard({ object, record, gate }: GateCardProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const overlays = useOverlays()
  const rows = useFieldAsked()
  const { move, dialog } = useMoveHere(object)
  const target = object.processes.find((one) => one.key === gate.process)?.states.find((one) => one.key === gate.to)
  const inSight = new Set(sectionsOf(object, () => true).flatMap((section) => section.fields.map((field) => field.key)))
  const fill = (field: Field) => {
    if (rows && inSight.has(field.key)) rows.ask(field.key)
    else overlays.edit(object.key, record.id, { field: field.key })
  }
  const open = gate.checks.filter((check) => !check.met)
  const met = gate.checks.filter((check) => check.met)
  return (
    <Card
      icon={<DoorOpen size={14} aria-hidden />}
      title={t('stage.gate.to', { state: label(gate.to_label) })}
      aside={gate.of > 0 && t('stage.gate.count', { met: gate.met, of: gate.of })}
    >
      {gate.of === 0 ? (
        <p className={styles.quiet}>{t('stage.gate.none')}</p>
      ) : (
        <Checklist
          object={object}
          record={record}
          checks={[...open, ...met]}
          ways={{ field: fill, tasks: () => void goTo(tasksCard) }}
        />
      )}
      {target && may(object, 'edit') && (
        <Button
          size="small"
          type={open.length === 0 ? 'primary' : 'default'}
          onClick={() => void move(record, target)}
          data-testid="move-on"
        >
          {t('stage.gate.move', { state: label(gate.to_label) })}
        </Button>
      )}
      {dialog}
    </Card>
  )
}
