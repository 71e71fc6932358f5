// Holds the direction of imports in src/: each layer may import the layers named for it, and a feature only itself.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const source = resolve(dirname(fileURLToPath(import.meta.url)), '../src')

const allowed = {
  i18n: ['api'],
  api: [],
  kernel: ['api', 'i18n'],
  ui: ['api', 'kernel', 'i18n'],
  controls: ['api', 'kernel', 'ui', 'i18n'],
  charts: ['api', 'kernel', 'ui', 'i18n'],
  features: ['api', 'kernel', 'ui', 'controls', 'charts', 'i18n'],
  app: ['api', 'kernel', 'ui', 'controls', 'charts', 'features', 'i18n'],
}

function* filesIn(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* filesIn(path)
    else if (/\.tsx?$/.test(entry.name)) yield path
  }
}

/** `['features', 'list']` for a file of a feature, `['ui']` elsewhere. */
function placeOf(path) {
  const [layer, name] = relative(source, path).split(sep)
  return layer === 'features' ? [layer, name] : [layer]
}

const faults = []
for (const file of filesIn(source)) {
  const [layer, feature] = placeOf(file)
  if (!(layer in allowed)) continue
  const text = readFileSync(file, 'utf8')
  for (const match of text.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)) {
    const target = match[1]
    if (!target.startsWith('.') && !target.startsWith('@/')) continue
    const path = target.startsWith('@/') ? join(source, target.slice(2)) : resolve(dirname(file), target)
    const [toLayer, toFeature] = placeOf(path)
    const fine = toLayer === layer ? toFeature === feature : allowed[layer].includes(toLayer)
    if (!fine) faults.push(`${relative(source, file)} may not import ${target}`)
  }
}

if (faults.length > 0) {
  console.error(faults.join('\n'))
  process.exit(1)
}
