import { useMutation } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { Fingerprint } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import { makePasskey, passkeysWork } from '@/kernel/passkeys'
import { ProblemNote } from '@/ui/ProblemView'
import styles from './security.module.css'
import { useConfirmed } from './useConfirmed'

/** Makes a passkey in this browser. */
export function PasskeySetUp({ onDone }: { onDone: (codes: string[]) => void }) {
  const { t } = useTranslation()
  const { confirmed, dialog } = useConfirmed()
  const [label, setLabel] = useState('')
  const make = useMutation({
    mutationFn: async () => {
      const begun = await confirmed(api.me.beginPasskey)
      const credential = begun && (await makePasskey(begun.options))
      return credential && (await api.me.addPasskey({ ticket: begun.ticket, credential, label: label.trim() }))
    },
    onSuccess: (added) => {
      if (!added) return
      setLabel('')
      onDone(added.recovery_codes)
    },
  })
  if (!passkeysWork()) return <p className={styles.lead}>{t('security.passkeys.cannot')}</p>
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (label.trim()) make.mutate()
  }
  return (
    <>
      {dialog}
      <form className={styles.line} onSubmit={submit}>
        <Input
          aria-label={t('security.passkeys.name')}
          placeholder={t('security.passkeys.name')}
          maxLength={100}
          value={label}
          onChange={(event) => setLabel(event.target.value)}
        />
        <Button htmlType="submit" icon={<Fingerprint size={15} />} loading={make.isPending} disabled={!label.trim()}>
          {t('security.passkeys.make')}
        </Button>
      </form>
      {make.error && <ProblemNote error={make.error} />}
    </>
  )
}
