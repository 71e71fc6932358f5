import approvals from './zh-CN/approvals.json'
import audit from './zh-CN/audit.json'
import board from './zh-CN/board.json'
import common from './zh-CN/common.json'
import conditions from './zh-CN/conditions.json'
import controls from './zh-CN/controls.json'
import design from './zh-CN/design.json'
import designCheck from './zh-CN/designCheck.json'
import files from './zh-CN/files.json'
import form from './zh-CN/form.json'
import handOver from './zh-CN/handOver.json'
import imports from './zh-CN/imports.json'
import list from './zh-CN/list.json'
import palette from './zh-CN/palette.json'
import privacy from './zh-CN/privacy.json'
import record from './zh-CN/record.json'
import recycle from './zh-CN/recycle.json'
import roles from './zh-CN/roles.json'
import security from './zh-CN/security.json'
import settings from './zh-CN/settings.json'
import settingsPlaces from './zh-CN/settingsPlaces.json'
import sharing from './zh-CN/sharing.json'
import shell from './zh-CN/shell.json'
import signin from './zh-CN/signin.json'
import stage from './zh-CN/stage.json'
import templates from './zh-CN/templates.json'
import who from './zh-CN/who.json'
import workLog from './zh-CN/workLog.json'

export const words = {
  approvals,
  audit,
  board,
  common,
  conditions,
  controls,
  design,
  designCheck,
  files,
  form,
  handOver,
  imports,
  list,
  palette,
  privacy,
  record,
  recycle,
  roles,
  security,
  settings,
  settingsPlaces,
  sharing,
  shell,
  signin,
  stage,
  templates,
  who,
  workLog,
}

/** The shape every language must have. */
export type Words = typeof words
