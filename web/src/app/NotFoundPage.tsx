import { Link } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/ui/EmptyState'

export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <EmptyState
      icon={<Compass size={20} aria-hidden />}
      title={t('common.problem.pageNotFound')}
      actions={<Link to="/">{t('common.problem.goHome')}</Link>}
    />
  )
}
