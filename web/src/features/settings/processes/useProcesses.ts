import { api } from '@/api/endpoints'

/** The Processes that can be shaped. */
export const processesQuery = { queryKey: ['processes', 'list'], queryFn: api.processes.list }
