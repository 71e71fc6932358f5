import { expect, test } from 'vitest'
import { at, withQuery } from './path'

test('names are filled in and escaped', () => {
  expect(at('/records/{object}/{id}', { object: 'a/b', id: 'x y' })).toBe('/records/a%2Fb/x%20y')
  expect(withQuery(at('/search'), { q: '华为&', limit: 5, cursor: null })).toBe(
    '/search?q=%E5%8D%8E%E4%B8%BA%26&limit=5',
  )
})
