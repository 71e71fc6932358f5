import { expect, test } from 'vitest'
import { words as en } from './en'
import { words as zh } from './zh-CN'

/** Every leaf as `path -> text`; English plural forms (`_one`, `_other`) count as the one key that Chinese has. */
function leaves(value: unknown, path = ''): Map<string, string> {
  if (typeof value === 'string') return new Map([[path.replace(/_(one|other)$/, ''), value]])
  const found = new Map<string, string>()
  for (const [key, part] of Object.entries(value as object)) {
    for (const [name, text] of leaves(part, path ? `${path}.${key}` : key)) found.set(name, text)
  }
  return found
}

const placeholders = (text: string) => [...text.matchAll(/{{\s*(\w+)[^}]*}}/g)].map((match) => match[1]).sort()

test('both languages have the same keys', () => {
  expect([...leaves(en).keys()].sort()).toEqual([...leaves(zh).keys()].sort())
})

test('no text is empty, and both languages fill in the same values', () => {
  const english = leaves(en)
  for (const [key, text] of leaves(zh)) {
    expect(text, key).not.toBe('')
    expect(english.get(key), key).not.toBe('')
    const extra = new Set([...placeholders(english.get(key) ?? '')])
    extra.delete('count')
    const own = new Set(placeholders(text))
    own.delete('count')
    expect([...extra], key).toEqual([...own])
  }
})

test('English texts hold no Chinese', () => {
  for (const [key, text] of leaves(en)) {
    if (key === 'common.languages.zh') continue
    expect(/\p{Script=Han}/u.test(text), `${key}: ${text}`).toBe(false)
  }
})
