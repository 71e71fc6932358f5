/**
 * The pinyin initials of short Chinese words (商机 -> sj), for finding pages and commands by typing them. The browser's
 * own pinyin order tells between which letters a character lies; records are searched by the server.
 */

/** The first character of each initial, in pinyin order; no word starts with i, u or v. */
const firsts = '阿八嚓哒妸发旮哈讥咔垃妈拏噢妑七呥仨他穵夕丫匝'
const letters = 'abcdefghjklmnopqrstwxyz'

const collator = new Intl.Collator('zh-CN-u-co-pinyin')

function initialOf(character: string): string {
  if (!/\p{Script=Han}/u.test(character)) return character.toLowerCase()
  let index = -1
  for (const first of firsts) {
    if (collator.compare(character, first) < 0) break
    index++
  }
  return letters[index] ?? ''
}

export const initialsOf = (text: string): string => [...text].map(initialOf).join('')

/** Whether what was typed finds a text: as it is written, or by its initials. */
export function findsText(typed: string, texts: string[]): boolean {
  const wanted = typed.trim().toLowerCase()
  if (!wanted) return true
  return texts.some((text) => {
    const lower = text.toLowerCase()
    return lower.includes(wanted) || (/^[a-z]+$/.test(wanted) && initialsOf(lower).includes(wanted))
  })
}
