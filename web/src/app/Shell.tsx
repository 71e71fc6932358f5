import { Outlet } from '@tanstack/react-router'
import { useLiveUpdates } from '@/kernel/live'
import { OverlayHost } from './overlays'

/** The frame around every page behind the sign-in. */
export function Shell() {
  useLiveUpdates()
  return (
    <OverlayHost>
      <Outlet />
    </OverlayHost>
  )
}
