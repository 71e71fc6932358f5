import { useTranslation } from 'react-i18next'
import type { DefinedState } from '@/api/types'
import { Checks } from '../Checks'
import { Comments } from '../Comments'
import { useDesigner } from '../context'
import { changeState } from '../edits'
import { FieldsPicker } from '../FieldsPicker'
import { Part } from '../Part'
import { Actions } from './Actions'
import { Basics } from './Basics'
import { Guidance } from './Guidance'
import { InputsOutputs } from './InputsOutputs'
import { ApprovalSelect, People } from './People'
import { GoalEditor, Times } from './Times'

/** Everything that a stage says, asks for and does, in parts that fold. */
export function StagePanel({ state }: { state: DefinedState }) {
  const { t } = useTranslation()
  const { definition, change, comments } = useDesigner()
  const put = (next: DefinedState, touched?: string) =>
    change(changeState(definition, next), touched && `${state.key}.${touched}`)
  const days = [state.target_days, state.maximum_days].filter((one) => one).join(' / ')
  const people = [state.accountable, state.hand_over, ...(state.team ?? [])].filter(Boolean).length
  const said = Object.keys(state.guidance ?? {}).length
  const open = comments.filter((one) => one.place === state.key && !one.resolved_at).length
  return (
    <>
      <Part
        open
        title={t('design.parts.basics')}
        names={['label', 'kind', 'probability', 'forecast_category', 'color', 'key', '']}
      >
        <Basics state={state} onChange={put} />
      </Part>
      <Part
        open
        title={t('design.parts.required')}
        names={['required']}
        count={state.required?.length}
        hint={t('design.requiredHint')}
      >
        <FieldsPicker
          label={t('design.addRequired')}
          value={state.required ?? []}
          onChange={(required) => put({ ...state, required })}
        />
      </Part>
      <Part title={t('design.parts.entry')} names={['entry']} count={state.entry?.length} hint={t('design.entryHint')}>
        <Checks
          state={state.key}
          checks={state.entry ?? []}
          onChange={(entry, touched) => put({ ...state, entry }, touched && `entry.${touched}`)}
        />
      </Part>
      <Part title={t('design.parts.exit')} names={['exit']} count={state.exit?.length} hint={t('design.exitHint')}>
        <Checks
          always
          state={state.key}
          checks={state.exit ?? []}
          onChange={(exit, touched) => put({ ...state, exit }, touched && `exit.${touched}`)}
        />
      </Part>
      <Part
        title={t('design.parts.actions')}
        names={['actions', 'on_leave']}
        count={state.actions?.length}
        hint={t('design.actionsHint')}
      >
        <Actions state={state} onChange={put} />
      </Part>
      <Part title={t('design.parts.guidance')} names={['guidance']} count={said} hint={t('design.guidanceHint')}>
        <Guidance state={state} onChange={put} />
      </Part>
      <Part
        title={t('design.parts.time')}
        names={['target_days', 'maximum_days', 'follow_up_days']}
        count={days}
        hint={t('design.timeHint')}
      >
        <Times state={state} onChange={put} />
      </Part>
      <Part title={t('design.parts.goal')} names={['goal']} count={state.goal ? 1 : 0} hint={t('design.goalHint')}>
        <GoalEditor state={state} onChange={put} />
      </Part>
      <Part
        title={t('design.parts.people')}
        names={['accountable', 'hand_over', 'team']}
        count={people}
        hint={t('design.peopleHint')}
      >
        <People state={state} onChange={put} />
      </Part>
      <Part
        title={t('design.parts.approval')}
        names={['approval']}
        count={state.approval ? 1 : 0}
        hint={t('design.stageApprovalHint')}
      >
        <ApprovalSelect
          label={t('design.parts.approval')}
          value={state.approval}
          onChange={(approval) => put({ ...state, approval })}
        />
      </Part>
      <Part
        title={t('design.parts.flow')}
        names={['inputs', 'outputs']}
        count={(state.inputs?.length ?? 0) + (state.outputs?.length ?? 0)}
        hint={t('design.flowHint')}
      >
        <InputsOutputs state={state} onChange={put} />
      </Part>
      <Part title={t('design.parts.comments')} names={['comments']} count={open}>
        <Comments place={state.key} />
      </Part>
    </>
  )
}
