import { useTranslation } from 'react-i18next'

/** What the browser shows for the page: its name, then the product's. */
export function DocumentTitle({ name }: { name: string }) {
  const { t } = useTranslation()
  const product = t('common.product')
  return <title>{name ? `${name} · ${product}` : product}</title>
}
