/** What of the audit log and its settings concerns everybody: who may read it, whether pages carry a watermark. */
import { queryOptions } from '@tanstack/react-query'
import { api } from '@/api/endpoints'

export const auditMineQuery = queryOptions({ queryKey: ['audit', 'mine'], queryFn: api.audit.mine, staleTime: 60_000 })
