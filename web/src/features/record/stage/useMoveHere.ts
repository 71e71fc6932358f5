/** Moving the record that the page shows: a record that is handed over out of sight takes its page along. */
import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { ObjectDescription, RecordData, State } from '@/api/types'
import { useMove } from '@/controls/moving/useMove'

export function useMoveHere(object: ObjectDescription) {
  const { move, dialog } = useMove(object, 'form')
  const navigate = useNavigate()
  const moveHere = useCallback(
    async (record: RecordData, target: State) => {
      const outcome = await move(record, target)
      if (outcome === 'gone') void navigate({ to: '/o/$object', params: { object: object.key } })
    },
    [move, navigate, object.key],
  )
  return { move: moveHere, dialog }
}
