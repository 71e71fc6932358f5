/** The records last opened in this browser, for the palette. */

export interface Recent {
  object: string
  id: string
  label: string
}

const place = 'liaoran.recent'
const most = 8

export function recentRecords(): Recent[] {
  try {
    const stored = JSON.parse(localStorage.getItem(place) ?? '[]') as Recent[]
    return Array.isArray(stored) ? stored : []
  } catch {
    return []
  }
}

export function rememberRecord(record: Recent): void {
  const others = recentRecords().filter((one) => one.object !== record.object || one.id !== record.id)
  localStorage.setItem(place, JSON.stringify([record, ...others].slice(0, most)))
}

export const forgetRecords = (): void => localStorage.removeItem(place)
