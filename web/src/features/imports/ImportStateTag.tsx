import { useTranslation } from 'react-i18next'
import { ChoiceTag } from '@/ui/ChoiceTag'
import type { ImportJob, ImportState } from './types'

const colors: Record<ImportState, string> = {
  analysed: 'gray',
  waiting: 'blue',
  running: 'blue',
  cancelling: 'amber',
  done: 'green',
  cancelled: 'gray',
  failed: 'red',
  undone: 'gray',
}

/** Where an import stands, in colour and word. */
export function ImportStateTag({ job }: { job: ImportJob }) {
  const { t } = useTranslation()
  return <ChoiceTag label={t(`imports.state.${job.state}`)} color={colors[job.state]} />
}
