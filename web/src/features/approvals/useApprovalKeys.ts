import { useEffect } from 'react'

const focus = (what: string) => document.querySelector<HTMLElement>(`[data-approval="${what}"]`)?.focus()

/** The keys of the inbox: up and down choose, A goes to "approve", R to the comment. Not while somebody types. */
export function useApprovalKeys(ids: string[], chosen: string | undefined, choose: (id: string) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement
      const typing = target.closest(
        'input, textarea, select, [contenteditable], [role="dialog"], [role="tablist"], [role="menu"], [role="radiogroup"]',
      )
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return
      const place = chosen ? ids.indexOf(chosen) : -1
      const to = { ArrowDown: ids[place + 1], ArrowUp: ids[place - 1] }[event.key]
      if (to) {
        event.preventDefault()
        choose(to)
      } else if (event.key === 'a' || event.key === 'r') {
        event.preventDefault()
        focus(event.key === 'a' ? 'approve' : 'comment')
      }
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [ids, chosen, choose])
}
