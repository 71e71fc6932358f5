import approvals from './en/approvals.json'
import audit from './en/audit.json'
import board from './en/board.json'
import common from './en/common.json'
import conditions from './en/conditions.json'
import controls from './en/controls.json'
import design from './en/design.json'
import designCheck from './en/designCheck.json'
import files from './en/files.json'
import form from './en/form.json'
import handOver from './en/handOver.json'
import imports from './en/imports.json'
import list from './en/list.json'
import palette from './en/palette.json'
import privacy from './en/privacy.json'
import record from './en/record.json'
import recycle from './en/recycle.json'
import roles from './en/roles.json'
import security from './en/security.json'
import settings from './en/settings.json'
import settingsPlaces from './en/settingsPlaces.json'
import sharing from './en/sharing.json'
import shell from './en/shell.json'
import signin from './en/signin.json'
import stage from './en/stage.json'
import templates from './en/templates.json'
import who from './en/who.json'
import workLog from './en/workLog.json'

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
