import { Drawer } from 'antd'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { sizes } from './tokens'
import { usePhone } from './usePhone'

interface SideDrawerProps {
  open: boolean
  title: ReactNode
  onClose: () => void
  /** Beside the title. */
  extra?: ReactNode
  /** At the foot: the buttons. */
  footer?: ReactNode
  wide?: boolean
  children: ReactNode
}

/** A drawer from the right; on a phone it covers the page. */
export function SideDrawer({ open, title, onClose, extra, footer, wide = false, children }: SideDrawerProps) {
  const { t } = useTranslation()
  const phone = usePhone()
  const size = phone ? '100%' : wide ? sizes.drawerWide : sizes.drawer
  return (
    <Drawer
      open={open}
      title={title}
      onClose={onClose}
      size={size}
      extra={extra}
      footer={footer ?? null}
      destroyOnHidden
      closable={{ closeIcon: <X size={16} aria-label={t('common.close')} />, placement: 'end' }}
    >
      {children}
    </Drawer>
  )
}
