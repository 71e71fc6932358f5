import { useQuery } from '@tanstack/react-query'
import { Button, Input, Modal } from 'antd'
import { type FormEvent, type ReactNode, useCallback, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import { asProblem } from '@/api/problem'
import { ProblemNote } from '@/ui/ProblemView'
import styles from './security.module.css'
import { securityQuery } from './useSecurity'

interface Waiting {
  goOn: () => void
  giveUp: () => void
}

export interface Confirmed {
  /** Runs a call; where the server wants the person to confirm first, asks them and runs it again. `null`: they did not. */
  confirmed: <T>(work: () => Promise<T>) => Promise<T | null>
  /** To be drawn somewhere on the page. */
  dialog: ReactNode
}

/** Calls that change the keys of an account: the server takes them only from who proved lately who they are. */
export function useConfirmed(): Confirmed {
  const [waiting, setWaiting] = useState<Waiting | null>(null)
  const confirmed = useCallback(async <T,>(work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work()
    } catch (error) {
      if (asProblem(error).code !== 'confirm_needed') throw error
    }
    const yes = await new Promise<boolean>((resolve) =>
      setWaiting({ goOn: () => resolve(true), giveUp: () => resolve(false) }),
    )
    setWaiting(null)
    return yes ? await work() : null
  }, [])
  return { confirmed, dialog: waiting && <ConfirmDialog {...waiting} /> }
}

function ConfirmDialog({ goOn, giveUp }: Waiting) {
  const { t } = useTranslation()
  const field = useId()
  const { data: security } = useQuery(securityQuery)
  const [byCode, setByCode] = useState(false)
  const [value, setValue] = useState('')
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const code = byCode || security?.has_password === false
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await api.me.confirm(code ? { code: value } : { password: value })
      goOn()
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  const nothing = security && !security.has_password && !security.totp_since
  return (
    <Modal open title={t('security.confirm.title')} footer={null} onCancel={giveUp} destroyOnHidden>
      {nothing ? (
        <p className={styles.lead}>{t('security.confirm.again')}</p>
      ) : (
        <form className={styles.form} onSubmit={(event) => void submit(event)}>
          <p className={styles.lead}>{t('security.confirm.lead')}</p>
          <label htmlFor={field}>{t(code ? 'security.confirm.code' : 'security.confirm.password')}</label>
          {code ? (
            <Input
              id={field}
              autoFocus
              autoComplete="one-time-code"
              value={value}
              onChange={(event) => setValue(event.target.value)}
            />
          ) : (
            <Input.Password
              id={field}
              autoFocus
              autoComplete="current-password"
              value={value}
              onChange={(event) => setValue(event.target.value)}
            />
          )}
          {problem !== null && <ProblemNote error={problem} />}
          <div className={styles.buttons}>
            {security?.has_password && security.totp_since && (
              <Button
                type="link"
                onClick={() => {
                  setByCode(!byCode)
                  setValue('')
                }}
              >
                {t(byCode ? 'security.confirm.usePassword' : 'security.confirm.useCode')}
              </Button>
            )}
            <Button type="primary" htmlType="submit" loading={busy} disabled={!value}>
              {t('security.confirm.submit')}
            </Button>
          </div>
        </form>
      )}
    </Modal>
  )
}
