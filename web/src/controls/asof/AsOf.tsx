import { Button, Popover } from 'antd'
import { History } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription } from '@/api/types'
import { useLocale } from '@/kernel/session'
import { Bones } from '@/ui/Bones'
import { usePhone } from '@/ui/usePhone'
import styles from './asof.module.css'
import { momentWords } from './moments'

/** Comes with the date picker, so only once somebody looks back. */
const loadPanel = () => import('./AsOfPanel').then((module) => ({ default: module.AsOfPanel }))
const AsOfPanel = lazy(loadPanel)

interface AsOfButtonProps {
  object: ObjectDescription
  value: string | null
  onChange: (moment: string | null) => void
}

/** Chooses the moment at which a list or a board is seen; only Objects whose past is kept have it. */
export function AsOfButton({ object, value, onChange }: AsOfButtonProps) {
  const { t } = useTranslation()
  const phone = usePhone()
  const [open, setOpen] = useState(false)
  if (!object.tracked) return null
  const choose = (moment: string | null) => {
    onChange(moment)
    setOpen(false)
  }
  const panel = (
    <Suspense fallback={<Bones rows={4} />}>
      <AsOfPanel value={value} onChange={choose} />
    </Suspense>
  )
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomRight"
      arrow={false}
      destroyOnHidden
      content={panel}
    >
      <Button
        type="text"
        icon={<History size={15} />}
        aria-expanded={open}
        aria-label={t('controls.asOf.button')}
        onPointerEnter={() => void loadPanel()}
      >
        {phone ? null : t('controls.asOf.button')}
      </Button>
    </Popover>
  )
}

interface AsOfBannerProps {
  moment: string | null
  onLeave: () => void
}

/** Says that what is shown is past, as long as it is. */
export function AsOfBanner({ moment, onLeave }: AsOfBannerProps) {
  const { t } = useTranslation()
  const locale = useLocale()
  if (!moment) return null
  return (
    <div className={styles.banner} role="status">
      <History size={15} aria-hidden />
      <span className={styles.words}>
        <strong>{t('controls.asOf.banner', { moment: momentWords(moment, locale) })}</strong>{' '}
        {t('controls.asOf.bannerHint')}
      </span>
      <Button size="small" onClick={onLeave}>
        {t('controls.asOf.leave')}
      </Button>
    </div>
  )
}
