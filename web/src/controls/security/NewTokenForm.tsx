import { useMutation } from '@tanstack/react-query'
import { Button, Input, InputNumber, Select } from 'antd'
import { Copy, KeyRound } from 'lucide-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { NewToken } from '@/api/types'
import { ProblemNote } from '@/ui/ProblemView'
import { useCopy } from '@/ui/useCopy'
import styles from './security.module.css'
import { useConfirmed } from './useConfirmed'

const spans = [30, 90, 365, null]

interface NewTokenFormProps {
  make: (token: NewToken) => Promise<{ token: string }>
  onMade: () => unknown
  /** What else has to be said of the token, before the rest. */
  before?: ReactNode
  /** Whether that has been said. */
  ready?: boolean
  /** Whether a limit of requests can be given. */
  limited?: boolean
}

/** Makes a token for a program and shows it this once. */
export function NewTokenForm({ make, onMade, before, ready = true, limited = false }: NewTokenFormProps) {
  const { t } = useTranslation()
  const { confirmed, dialog } = useConfirmed()
  const [label, setLabel] = useState('')
  const [scope, setScope] = useState<'read' | 'all'>('read')
  const [days, setDays] = useState<number | null>(90)
  const [perMinute, setPerMinute] = useState<number | null>(null)
  const making = useMutation({
    mutationFn: () =>
      confirmed(() =>
        make({ label: label.trim(), scopes: scope === 'read' ? ['read'] : null, days, per_minute: perMinute }),
      ),
    onSuccess: (made) => {
      if (!made) return
      setLabel('')
      onMade()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (label.trim() && ready) making.mutate()
  }
  const copy = useCopy()
  return (
    <div className={styles.newToken}>
      {dialog}
      <form className={styles.tokenForm} onSubmit={submit}>
        {before}
        <Input
          aria-label={t('settings.tokens.name')}
          placeholder={t('settings.tokens.name')}
          maxLength={200}
          value={label}
          onChange={(event) => setLabel(event.target.value)}
        />
        <Select
          aria-label={t('settings.tokens.scope')}
          value={scope}
          popupMatchSelectWidth={false}
          options={[
            { value: 'read', label: t('settings.tokens.read') },
            { value: 'all', label: t('settings.tokens.write') },
          ]}
          onChange={setScope}
        />
        <Select
          aria-label={t('settings.tokens.expires')}
          value={days ?? 0}
          popupMatchSelectWidth={false}
          options={spans.map((span) => ({
            value: span ?? 0,
            label: span === null ? t('settings.tokens.forever') : t('settings.tokens.days', { count: span }),
          }))}
          onChange={(span) => setDays(span || null)}
        />
        {limited && (
          <InputNumber
            aria-label={t('security.services.perMinute')}
            placeholder={t('security.services.perMinute')}
            className={styles.limit ?? ''}
            min={1}
            max={1_000_000}
            precision={0}
            value={perMinute}
            onChange={setPerMinute}
          />
        )}
        <Button
          htmlType="submit"
          icon={<KeyRound size={15} />}
          loading={making.isPending}
          disabled={!label.trim() || !ready}
        >
          {t('settings.tokens.make')}
        </Button>
      </form>
      {making.error && <ProblemNote error={making.error} />}
      {making.data && (
        <div role="status">
          <p>{t('settings.tokens.once')}</p>
          <div className={styles.tokenForm}>
            <code className={styles.shown}>{making.data.token}</code>
            <Button icon={<Copy size={15} />} onClick={() => copy(making.data?.token ?? '')}>
              {t('common.copy')}
            </Button>
          </div>
        </div>
      )}
    </div>
  )
}
