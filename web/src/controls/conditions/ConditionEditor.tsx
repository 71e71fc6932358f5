import { useQuery } from '@tanstack/react-query'
import { Button, Dropdown, Select } from 'antd'
import { FileCheck2, ListPlus, Plus, X } from 'lucide-react'
import { useCallback, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Condition, ConditionLeaf, ObjectDescription } from '@/api/types'
import { operatorsQuery } from '@/kernel/describe'
import styles from './conditions.module.css'
import {
  changePart,
  conditionOf,
  type DraftGroup,
  type DraftPart,
  draftOf,
  isGroup,
  newGroup,
  newLeaf,
  type PartChange,
} from './draft'
import { LeafEditor } from './LeafEditor'
import { firstOperator, isComplete } from './operators'
import { useOtherPaths } from './useOtherPaths'

interface ConditionEditorProps {
  object: ObjectDescription
  value: Condition | null
  /** Called with each complete state; unfinished lines are left out. */
  onChange: (condition: Condition | null) => void
}

const deepest = 3

type Change = (id: number, to: PartChange) => void

/** Edits one Condition as lines and groups, in plain words. */
export function ConditionEditor({ object, value, onChange }: ConditionEditorProps) {
  const { data: operators = [] } = useQuery(operatorsQuery)
  const [draft, setDraft] = useState<DraftGroup>(() => {
    const start = draftOf(value)
    return start.parts.length > 0 ? start : newGroup('all', [firstLine(object)])
  })
  const complete = useCallback(
    (leaf: ConditionLeaf) => isComplete(operators.find((one) => one.key === leaf.op)?.argument, leaf.value),
    [operators],
  )
  // A change is one of the draft as it is then: two of them may come before the page is drawn again.
  const latest = useRef(draft)
  const change: Change = (id, to) => {
    latest.current = changePart(latest.current, id, to)
    setDraft(latest.current)
    onChange(conditionOf(latest.current, complete))
  }
  return <GroupEditor object={object} group={draft} depth={0} onChange={change} />
}

/** A line to start with: the first column of the list that no line of the group asks about yet. */
function firstLine(object: ObjectDescription, beside: DraftPart[] = []): DraftPart {
  const used = beside.flatMap((part) => (isGroup(part) ? [] : [part.leaf.field]))
  const first = object.layouts.list?.columns?.find(
    (key) => !used.includes(key) && object.fields.some((one) => one.key === key),
  )
  const field = object.fields.find((one) => one.key === first) ?? object.fields[0]
  return newLeaf({ field: field?.key ?? '', op: field ? firstOperator(field) : 'eq' })
}

interface GroupEditorProps {
  object: ObjectDescription
  group: DraftGroup
  depth: number
  onChange: Change
}

function GroupEditor({ object, group, depth, onChange }: GroupEditorProps) {
  const { t } = useTranslation()
  const others = useOtherPaths(object)
  const put = (to: (now: DraftGroup) => DraftGroup) => onChange(group.id, (now) => (isGroup(now) ? to(now) : now))
  const add = (part: DraftPart) => put((now) => ({ ...now, parts: [...now.parts, part] }))
  return (
    <fieldset className={depth === 0 ? styles.group : styles.inner}>
      <legend className="visually-hidden">{t('conditions.group')}</legend>
      <div className={styles.mode}>
        <Select
          size="small"
          variant="filled"
          aria-label={t('conditions.mode.label')}
          value={group.mode}
          onChange={(mode) => put((now) => ({ ...now, mode }))}
          options={(['all', 'any', 'none'] as const).map((mode) => ({
            value: mode,
            label: t(`conditions.mode.${mode}`),
          }))}
          popupMatchSelectWidth={false}
        />
        {depth > 0 && (
          <Button
            type="text"
            size="small"
            icon={<X size={14} />}
            aria-label={t('conditions.removeGroup')}
            onClick={() => onChange(group.id, () => null)}
          />
        )}
      </div>
      {group.parts.map((part) =>
        isGroup(part) ? (
          <GroupEditor key={part.id} object={object} group={part} depth={depth + 1} onChange={onChange} />
        ) : (
          <LeafEditor
            key={part.id}
            object={object}
            leaf={part.leaf}
            onChange={(leaf) => onChange(part.id, (now) => ({ ...now, leaf }))}
            onRemove={() => onChange(part.id, () => null)}
          />
        ),
      )}
      <div className={styles.add}>
        <Button type="text" size="small" icon={<Plus size={14} />} onClick={() => add(firstLine(object, group.parts))}>
          {t('conditions.addLine')}
        </Button>
        {others && (
          <Dropdown
            trigger={['click']}
            menu={{
              items: others.map((one) => ({
                key: one.value,
                label: one.label,
                onClick: () => add(newLeaf({ field: one.value, op: 'has', value: null })),
              })),
            }}
          >
            <Button type="text" size="small" icon={<FileCheck2 size={14} />}>
              {t('conditions.addEvidence')}
            </Button>
          </Dropdown>
        )}
        {depth + 1 < deepest && (
          <Button
            type="text"
            size="small"
            icon={<ListPlus size={14} />}
            onClick={() => add(newGroup(group.mode === 'any' ? 'all' : 'any', [firstLine(object)]))}
          >
            {t('conditions.addGroup')}
          </Button>
        )}
      </div>
    </fieldset>
  )
}
