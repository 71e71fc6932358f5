/** Draws the panels that any feature may open: the form, the quick look, the palette. */
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useState } from 'react'
import { type CreateRequest, type EditRequest, type Overlays, OverlaysProvider } from '@/ui/overlays'

const FormDrawer = lazy(() => import('@/features/form/FormDrawer').then((module) => ({ default: module.FormDrawer })))
const RecordDrawer = lazy(() =>
  import('@/features/record/RecordDrawer').then((module) => ({ default: module.RecordDrawer })),
)
const Palette = lazy(() => import('@/features/palette/Palette').then((module) => ({ default: module.Palette })))

type FormState = (CreateRequest & EditRequest & { id?: string }) | null

export function OverlayHost({ children }: { children: ReactNode }) {
  const [form, setForm] = useState<FormState>(null)
  const [peek, setPeek] = useState<{ object: string; id: string } | null>(null)
  const [palette, setPalette] = useState(false)
  const overlays = useMemo<Overlays>(
    () => ({
      create: (request) => setForm(request),
      edit: (object, id, request) => setForm({ object, id, ...request }),
      peek: (object, id) => setPeek({ object, id }),
      palette: () => setPalette(true),
    }),
    [],
  )
  const closeForm = () => {
    form?.onClosed?.()
    setForm(null)
  }
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        setPalette((open) => !open)
      }
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
  return (
    <OverlaysProvider value={overlays}>
      {children}
      <Suspense fallback={null}>
        {peek && <RecordDrawer {...peek} onClose={() => setPeek(null)} />}
        {form && <FormDrawer {...form} onClose={closeForm} />}
        {palette && <Palette onClose={() => setPalette(false)} />}
      </Suspense>
    </OverlaysProvider>
  )
}
