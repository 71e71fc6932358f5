import { Button } from 'antd'
import { ChevronDown, Compass, Copy } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription, RecordData, Standing } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { TabStrip } from '@/ui/TabStrip'
import { useCopy } from '@/ui/useCopy'
import { Outputs } from './Outputs'
import styles from './stage.module.css'

const parts = ['why', 'how', 'done', 'focus', 'difficulty', 'effect'] as const

interface GuidanceCardProps {
  object: ObjectDescription
  record: RecordData
  standing: Standing
}

/** How to go about the stage, what to say, what to leave behind; folded until one wants to know. */
export function GuidanceCard({ object, record, standing }: GuidanceCardProps) {
  const { t } = useTranslation()
  const { guidance } = standing
  const [chosen, setChosen] = useState('')
  const tabs = [
    ...(parts.some((part) => guidance[part])
      ? [{ key: 'guide', label: t('stage.guidance.guide'), children: <Guide standing={standing} /> }]
      : []),
    ...(guidance.script
      ? [{ key: 'script', label: t('stage.guidance.script'), children: <Script standing={standing} /> }]
      : []),
    {
      key: 'outputs',
      label: t('stage.guidance.outputs'),
      children: <Outputs object={object} record={record} standing={standing} />,
    },
  ]
  const open = tabs.find((tab) => tab.key === chosen) ?? tabs[0]
  if (!open || !standing.state || (tabs.length === 1 && standing.outputs.length === 0 && !standing.goal)) return null
  return (
    <details className={styles.card}>
      <summary className={styles.cardHead}>
        <Compass size={14} aria-hidden />
        <h3>{t('stage.guidance.title')}</h3>
        <ChevronDown size={14} aria-hidden className={styles.chevron} />
      </summary>
      <TabStrip label={t('stage.guidance.title')} tabs={tabs} value={open.key} onChange={setChosen}>
        {open.children}
      </TabStrip>
    </details>
  )
}

function Guide({ standing }: { standing: Standing }) {
  const { t } = useTranslation()
  const label = useLabel()
  return (
    <dl className={styles.guide}>
      {parts.map((part) => {
        const text = standing.guidance[part]
        return text ? (
          <div key={part}>
            <dt>{t(`stage.guidance.${part}`)}</dt>
            <dd>{label(text)}</dd>
          </div>
        ) : null
      })}
    </dl>
  )
}

function Script({ standing }: { standing: Standing }) {
  const { t } = useTranslation()
  const label = useLabel()
  const text = label(standing.guidance.script)
  const copy = useCopy()
  return (
    <div className={styles.script}>
      <blockquote>{text}</blockquote>
      <Button size="small" icon={<Copy size={13} aria-hidden />} onClick={() => copy(text, t('stage.guidance.copied'))}>
        {t('stage.guidance.copy')}
      </Button>
    </div>
  )
}
