import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { api } from '@/api/endpoints'

/** The templates, those made for an industry first. */
export const templatesQuery = (industry: string | null) =>
  queryOptions({
    queryKey: ['describe', 'process-templates', industry],
    queryFn: () => api.templates.list(industry),
    placeholderData: keepPreviousData,
  })

/** One template with all that its stages say, ask and do. */
export const templateQuery = (key: string) =>
  queryOptions({ queryKey: ['describe', 'process-template', key], queryFn: () => api.templates.get(key) })
