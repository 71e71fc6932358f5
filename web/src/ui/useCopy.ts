import { App } from 'antd'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'

/** Copies by a field that is selected for a moment: over plain HTTP browsers keep their clipboard to themselves. */
function copySelected(text: string): boolean {
  const focused = document.activeElement
  const field = document.createElement('textarea')
  field.value = text
  field.style.position = 'fixed'
  field.style.opacity = '0'
  // Inside an open dialog, which would not let the focus out.
  ;(focused?.closest('[role=dialog]') ?? document.body).append(field)
  field.select()
  try {
    return document.execCommand('copy')
  } finally {
    field.remove()
    if (focused instanceof HTMLElement) focused.focus()
  }
}

/** Copies a text and says so; or, where the browser refuses, that it has to be marked by hand. */
export function useCopy(): (text: string, done?: string) => void {
  const { message } = App.useApp()
  const { t } = useTranslation()
  return useCallback(
    (text, done) => {
      const said = (copied: boolean) =>
        void (copied ? message.success(done ?? t('common.copied')) : message.warning(t('common.copyByHand')))
      // Absent where the page does not come over HTTPS, whatever its type says.
      const clipboard = navigator.clipboard as Clipboard | undefined
      if (!clipboard) return said(copySelected(text))
      clipboard.writeText(text).then(
        () => said(true),
        () => said(copySelected(text)),
      )
    },
    [message, t],
  )
}
