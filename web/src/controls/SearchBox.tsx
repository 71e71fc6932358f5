import { Input } from 'antd'
import { Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './controls.module.css'

const pause = 250

/** Search within the list; asks once the typing rests. */
export function SearchBox({ value, onChange }: { value: string; onChange: (q: string) => void }) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(value)
  const [asked, setAsked] = useState(value)
  // The address changed from elsewhere (another view, back): the box follows.
  if (asked !== value) {
    setAsked(value)
    if (typed.trim() !== value) setTyped(value)
  }
  useEffect(() => {
    if (typed.trim() === value) return
    const timer = setTimeout(() => onChange(typed.trim()), pause)
    return () => clearTimeout(timer)
  })
  return (
    <Input
      className={styles.search ?? ''}
      prefix={<Search size={14} aria-hidden />}
      variant="filled"
      allowClear
      placeholder={t('controls.searchHere')}
      aria-label={t('controls.searchHere')}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  )
}
