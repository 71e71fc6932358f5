import { expect, test } from 'vitest'
import { oneByOne } from './sending'

/** A server that takes a save only on top of the revision it has, as the one of drafts does; it answers when told. */
function aServer() {
  const answers: (() => void)[] = []
  const server = { revision: 0, conflicts: 0, known: 0, shown: 0, sent: 0, answers }
  const save = async () => {
    const [base, sending] = [server.known, server.shown]
    await new Promise<void>((resolve) => answers.push(resolve))
    if (base !== server.revision) {
      server.conflicts += 1
      return false
    }
    server.revision += 1
    server.known = server.revision
    server.sent = sending
    return true
  }
  return { ...server, server, settle: oneByOne(() => server.shown !== server.sent, save) }
}

const breathe = () => new Promise((resolve) => setTimeout(resolve))

test('changes made while a slow save runs never meet each other on the server', async () => {
  const { server, settle } = aServer()
  server.shown = 1
  const first = settle()
  server.shown = 2
  const second = settle()
  server.shown = 3
  const third = settle()
  while (server.answers.length > 0 || server.sent !== server.shown) {
    server.answers.shift()?.()
    await breathe()
  }
  expect(await Promise.all([first, second, third])).toEqual([true, true, true])
  expect(server).toMatchObject({ conflicts: 0, sent: 3 })
})

test('a refused save is said, and tried again only when asked', async () => {
  let tries = 0
  const settle = oneByOne(
    () => true,
    async () => {
      tries += 1
      return false
    },
  )
  expect(await settle()).toBe(false)
  expect(tries).toBe(1)
})

test('nothing is sent where nothing has changed', async () => {
  const settle = oneByOne(
    () => false,
    () => Promise.reject(new Error('sent')),
  )
  expect(await settle()).toBe(true)
})
