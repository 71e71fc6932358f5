// Writes src/api/schema.ts from the OpenAPI document of this very source tree; with --check only says whether it is fresh.
// LIAORAN_OPENAPI may name a file or an address to take the document from instead.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import openapi, { astToString } from 'openapi-typescript'

const web = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const target = resolve(web, 'src/api/schema.ts')
const head = '/* Written by `npm run generate` from the OpenAPI document of the server; not edited by hand. */\n\n'

async function source() {
  const named = process.env.LIAORAN_OPENAPI
  if (named) return /^https?:/.test(named) ? new URL(named) : pathToFileURL(resolve(named))
  const root = resolve(web, '..')
  const python = process.env.LIAORAN_PYTHON ?? resolve(root, '.venv/bin/python')
  return JSON.parse(
    execFileSync(python, ['-m', 'liaoran.cli', 'openapi'], { cwd: root, maxBuffer: 64 << 20 }).toString(),
  )
}

/** Descriptions are for readers of the document; the types alone keep the file small and its changes few. */
function withoutWords(value) {
  if (Array.isArray(value)) return value.map(withoutWords)
  if (!value || typeof value !== 'object') return value
  const kept = Object.entries(value).filter(
    ([key, part]) => typeof part !== 'string' || !['description', 'summary', 'title', 'example'].includes(key),
  )
  return Object.fromEntries(kept.map(([key, part]) => [key, withoutWords(part)]))
}

const found = await source()
const document =
  found instanceof URL
    ? JSON.parse(found.protocol === 'file:' ? readFileSync(found, 'utf8') : await (await fetch(found)).text())
    : found
const text = head + astToString(await openapi(withoutWords(document), { alphabetize: true }))
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error('src/api/schema.ts is out of date: run `npm run generate`')
    process.exit(1)
  }
} else writeFileSync(target, text)
