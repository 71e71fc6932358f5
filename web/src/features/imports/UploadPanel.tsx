import { useNavigate } from '@tanstack/react-router'
import { Button, Checkbox, Progress, Select } from 'antd'
import { FileUp } from 'lucide-react'
import { type DragEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import { type ApiProblem, asProblem } from '@/api/problem'
import type { ObjectSummary } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { ProblemNote } from '@/ui/ProblemView'
import styles from './imports.module.css'
import type { ImportJob } from './types'

const endings = '.csv,.tsv,.txt,.xlsx,.xlsm,.xls,.xlsb,.ods'

interface UploadPanelProps {
  objects: ObjectSummary[]
  wanted: string | undefined
}

/** Choose the Object, give the file; the analysis opens when it is there. */
export function UploadPanel({ objects, wanted }: UploadPanelProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const navigate = useNavigate()
  const chooser = useRef<HTMLInputElement>(null)
  const [object, setObject] = useState(() => objects.find((one) => one.key === wanted)?.key ?? objects[0]?.key ?? '')
  const [history, setHistory] = useState(false)
  const [over, setOver] = useState(false)
  const [share, setShare] = useState<number | null>(null)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const hasProcess = (objects.find((one) => one.key === object)?.processes.length ?? 0) > 0

  const send = async (file: File | undefined) => {
    if (!file) return
    setProblem(null)
    setShare(0)
    const form = new FormData()
    form.set('object', object)
    if (history && hasProcess) form.set('history', 'true')
    form.set('file', file)
    try {
      const job = await api.imports.upload<ImportJob>(form, ({ loaded, total }) => setShare(total ? loaded / total : 0))
      await navigate({ to: '/imports/$id', params: { id: job.id } })
    } catch (thrown) {
      setProblem(asProblem(thrown))
    } finally {
      setShare(null)
    }
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void send(event.dataTransfer.files[0])
  }
  const drag = (event: DragEvent) => {
    event.preventDefault()
    setOver(true)
  }
  return (
    <section className={styles.upload} aria-label={t('imports.title')}>
      <div className={styles.uploadChoice}>
        <label htmlFor="import-object">{t('imports.into')}</label>
        <Select
          id="import-object"
          showSearch={{ optionFilterProp: 'label' }}
          popupMatchSelectWidth={false}
          className={styles.objectSelect ?? ''}
          value={object}
          options={objects.map((one) => ({ value: one.key, label: label(one.label_plural) }))}
          onChange={setObject}
        />
        {hasProcess && (
          <Checkbox checked={history} onChange={(event) => setHistory(event.target.checked)}>
            {t('imports.asHistory')}
          </Checkbox>
        )}
      </div>
      {problem && <ProblemNote error={problem} />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button within is the first */}
      <div
        className={styles.drop}
        data-over={over || undefined}
        onDragOver={drag}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <FileUp size={28} strokeWidth={1.5} aria-hidden />
        {share === null ? (
          <>
            <p className={styles.dropTitle}>{t('imports.drop')}</p>
            <Button type="primary" onClick={() => chooser.current?.click()}>
              {t('imports.choose')}
            </Button>
            <p className={styles.quiet}>{history && hasProcess ? t('imports.historyHint') : t('imports.kinds')}</p>
          </>
        ) : (
          <div className={styles.sending} role="status">
            <Progress percent={Math.round(share * 100)} size="small" />
            <p className={styles.quiet}>{share < 1 ? t('imports.sending') : t('imports.reading')}</p>
          </div>
        )}
        <input
          ref={chooser}
          type="file"
          className="visually-hidden"
          tabIndex={-1}
          aria-label={t('imports.choose')}
          accept={endings}
          onChange={(event) => {
            void send(event.target.files?.[0])
            event.target.value = ''
          }}
        />
      </div>
    </section>
  )
}
