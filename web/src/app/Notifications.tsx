import { Link } from '@tanstack/react-router'
import { Badge, Button, Popover, Progress, Tooltip } from 'antd'
import { Bell, BellOff, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '@/kernel/format'
import { dismissJob, type Job, useJobs } from '@/kernel/jobs'
import { useLanguage } from '@/kernel/language'
import { EmptyState } from '@/ui/EmptyState'
import styles from './Notifications.module.css'

/** The notification place: long jobs with their progress, until there is more to tell. */
export function Notifications() {
  const { t } = useTranslation()
  const jobs = useJobs()
  const [open, setOpen] = useState(false)
  const running = jobs.filter((job) => job.state === 'running').length
  const content =
    jobs.length === 0 ? (
      <EmptyState
        icon={<BellOff size={18} aria-hidden />}
        title={t('shell.noNotifications')}
        hint={t('shell.noNotificationsHint')}
      />
    ) : (
      <ul className={styles.jobs}>
        {jobs.map((job) => (
          <JobLine key={job.id} job={job} />
        ))}
      </ul>
    )
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomRight"
      arrow={false}
      content={
        <div className={styles.panel} role="dialog" aria-label={t('shell.notifications')}>
          {content}
        </div>
      }
    >
      <Tooltip title={open ? '' : t('shell.notifications')}>
        <Badge dot={jobs.length > 0} status={running > 0 ? 'processing' : 'success'} offset={[-8, 8]}>
          <Button type="text" icon={<Bell size={16} />} aria-label={t('shell.notifications')} />
        </Badge>
      </Tooltip>
    </Popover>
  )
}

function JobLine({ job }: { job: Job }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const done = formatNumber(job.done, language)
  const total = job.total === null ? null : formatNumber(job.total, language)
  const words = {
    running: total === null ? t('shell.jobs.running', { done }) : t('shell.jobs.runningOf', { done, total }),
    done: t('shell.jobs.done'),
    failed: job.error ?? t('shell.jobs.failed'),
    cancelled: t('shell.jobs.cancelled'),
  }[job.state]
  return (
    <li className={styles.job}>
      <div className={styles.jobHead}>
        <span className={styles.jobLabel}>{job.label}</span>
        {job.state === 'running' && job.cancel && (
          <Button type="link" size="small" onClick={job.cancel}>
            {t('shell.jobs.cancel')}
          </Button>
        )}
        {job.state === 'done' && job.href && (
          <a href={job.href} download>
            {t('shell.jobs.download')}
          </a>
        )}
        {job.page && <Link to={job.page}>{t('shell.jobs.open')}</Link>}
        {job.state !== 'running' && (
          <Button
            type="text"
            size="small"
            icon={<X size={14} />}
            aria-label={t('shell.jobs.dismiss')}
            onClick={() => dismissJob(job.id)}
          />
        )}
      </div>
      {job.state === 'running' && (
        <Progress
          size="small"
          showInfo={false}
          percent={job.total ? Math.round((100 * job.done) / job.total) : 0}
          aria-label={job.label}
        />
      )}
      <div className={styles.jobWords}>{words}</div>
    </li>
  )
}
