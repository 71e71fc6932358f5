import { useMutation } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { Smartphone } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import { ProblemNote } from '@/ui/ProblemView'
import styles from './security.module.css'
import { useConfirmed } from './useConfirmed'

interface TotpSetUpProps {
  /** Whether there is an app already, which the new one replaces. */
  again?: boolean
  /** With recovery codes where it is the first factor. */
  onDone: (codes: string[]) => void
}

/** Sets up an authenticator app: scan, type the first code, done. */
export function TotpSetUp({ again = false, onDone }: TotpSetUpProps) {
  const { t } = useTranslation()
  const field = useId()
  const { confirmed, dialog } = useConfirmed()
  const [code, setCode] = useState('')
  const begin = useMutation({ mutationFn: () => confirmed(api.me.beginTotp) })
  const finish = useMutation({
    mutationFn: (ticket: string) => api.me.confirmTotp({ ticket, code }),
    onSuccess: (added) => {
      begin.reset()
      setCode('')
      onDone(added.recovery_codes)
    },
  })
  const begun = begin.data
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (begun) finish.mutate(begun.ticket)
  }
  return (
    <>
      {dialog}
      {!begun && (
        <div>
          <Button icon={<Smartphone size={15} />} loading={begin.isPending} onClick={() => begin.mutate()}>
            {t(again ? 'security.totp.replace' : 'security.totp.begin')}
          </Button>
        </div>
      )}
      {begin.error && <ProblemNote error={begin.error} />}
      {begun && (
        <form className={styles.totp} onSubmit={submit}>
          <img className={styles.qr} src={begun.qr} alt={t('security.totp.qr')} />
          <div className={styles.form}>
            <p className={styles.lead}>{t('security.totp.scan')}</p>
            <code className={styles.secret}>{begun.secret.match(/.{1,4}/g)?.join(' ')}</code>
            <label htmlFor={field}>{t('security.totp.code')}</label>
            <Input
              id={field}
              autoFocus
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={9}
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
            {finish.error && <ProblemNote error={finish.error} />}
            <div className={styles.buttons}>
              <Button onClick={() => begin.reset()}>{t('common.cancel')}</Button>
              <Button type="primary" htmlType="submit" loading={finish.isPending} disabled={!code.trim()}>
                {t('security.totp.finish')}
              </Button>
            </div>
          </div>
        </form>
      )}
    </>
  )
}
