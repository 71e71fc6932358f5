import { Button, Popover, Select } from 'antd'
import { Spline } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLabel } from '@/kernel/language'
import { useDesigner } from './context'
import styles from './designer.module.css'
import { connect, connectInOrder, transitionsOf } from './edits'

const anywhere = '*'

/** Adds a transition without drawing: from where, to where. Where none are listed yet, all along the order at once. */
export function AddTransition() {
  const { t } = useTranslation()
  const label = useLabel()
  const { definition, change, open } = useDesigner()
  const [shown, setShown] = useState(false)
  const [from, setFrom] = useState<string | null>(null)
  const [to, setTo] = useState<string | null>(null)
  const states = definition.states.map((one) => ({ value: one.key, label: label(one.label) || one.key }))
  const add = () => {
    if (!to) return
    const [next, key] = connect(definition, from === anywhere ? null : from, to)
    change(next)
    setShown(false)
    setTo(null)
    open({ kind: 'transition', key, part: '' })
  }
  const panel = (
    <div className={styles.popover}>
      {transitionsOf(definition).length === 0 && (
        <>
          <p className={styles.hint}>{t('design.inOrderHint')}</p>
          <Button
            block
            onClick={() => {
              change(connectInOrder(definition))
              setShown(false)
            }}
          >
            {t('design.inOrder')}
          </Button>
        </>
      )}
      <Select
        aria-label={t('design.from')}
        placeholder={t('design.from')}
        value={from}
        options={[{ value: anywhere, label: t('design.fromAny') }, ...states]}
        onChange={setFrom}
      />
      <Select
        aria-label={t('design.to')}
        placeholder={t('design.to')}
        value={to}
        options={states.filter((one) => one.value !== from)}
        onChange={setTo}
      />
      <Button type="primary" block disabled={!from || !to} onClick={add}>
        {t('design.addMove')}
      </Button>
    </div>
  )
  return (
    <Popover open={shown} onOpenChange={setShown} trigger="click" placement="bottomLeft" arrow={false} content={panel}>
      <Button icon={<Spline size={14} />}>{t('design.addMove')}</Button>
    </Popover>
  )
}
