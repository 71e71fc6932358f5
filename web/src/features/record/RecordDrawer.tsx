import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { Maximize2, Pencil } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { may, useMaybeObject } from '@/kernel/describe'
import { useObjectOn, useRecord } from '@/kernel/records'
import { Bones } from '@/ui/Bones'
import { useOverlays } from '@/ui/overlays'
import { ProblemPanel } from '@/ui/ProblemView'
import { SideDrawer } from '@/ui/SideDrawer'
import { HeaderFacts } from './Facts'
import { RecordTabs } from './RecordPage'
import styles from './record.module.css'
import { StagePath } from './StagePath'
import { StageAnswer } from './stage/StageAnswer'
import { TaskOrigin } from './stage/TaskOrigin'

interface RecordDrawerProps {
  object: string
  id: string
  onClose: () => void
}

/** A quick look at one record beside the page; the page itself is one click away. */
export function RecordDrawer({ object: key, id, onClose }: RecordDrawerProps) {
  const { t } = useTranslation()
  const overlays = useOverlays()
  const object = useObjectOn(useMaybeObject(key), id)
  const { data, error, refetch } = useRecord(key, id)
  const edit = () => {
    onClose()
    overlays.edit(key, id)
  }
  return (
    <SideDrawer
      open
      wide
      title={object && data ? String(data[object.name_field] ?? '') : ''}
      onClose={onClose}
      extra={
        <span className={styles.drawerActions}>
          {object && data && may(object, 'edit') && (
            <Button type="text" size="small" icon={<Pencil size={14} aria-hidden />} onClick={edit}>
              {t('common.edit')}
            </Button>
          )}
          <Link to="/o/$object/$id" params={{ object: key, id }} onClick={onClose} className={styles.openPage}>
            <Maximize2 size={14} aria-hidden />
            {t('record.openPage')}
          </Link>
        </span>
      }
    >
      {object && data ? (
        <div className={styles.drawerBody}>
          <StagePath object={object} record={data} />
          <StageAnswer object={object} record={data} />
          <TaskOrigin object={object} record={data} />
          <HeaderFacts object={object} record={data} />
          <RecordTabs object={object} record={data} />
        </div>
      ) : error ? (
        <ProblemPanel error={error} onRetry={() => void refetch()} />
      ) : (
        <Bones />
      )}
    </SideDrawer>
  )
}
