/** All controls by field type, found by scanning `types/`. A type without its own file is shown as text. */
import type { Control } from './control'
import { control as text } from './types/text'

const modules = import.meta.glob<Control>('./types/*.tsx', { eager: true, import: 'control' })

const controls = new Map<string, Control>()
for (const [path, control] of Object.entries(modules)) {
  if (controls.has(control.type)) throw new Error(`two controls for the type ${control.type}, one in ${path}`)
  controls.set(control.type, control)
}

export const controlOf = (type: string): Control => controls.get(type) ?? text

/** Loads the inputs of some types ahead, once the page has nothing else to do, so that nothing typed at once is lost. */
export function preloadInputs(types: Iterable<string>): void {
  const wanted = new Set(types)
  const load = () => {
    for (const type of wanted) void controls.get(type)?.Input?.preload()
  }
  if ('requestIdleCallback' in window) window.requestIdleCallback(load)
  else setTimeout(load, 500)
}
