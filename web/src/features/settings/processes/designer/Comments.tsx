import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Checkbox, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import { Avatar } from '@/controls/Avatar'
import { useMe } from '@/kernel/session'
import { ProblemNote } from '@/ui/ProblemView'
import { useDesigner } from './context'
import styles from './designer.module.css'
import { When } from './When'

/** What colleagues say to one stage, or (for the empty place) to the whole. */
export function Comments({ place }: { place: string }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { administrator } = useMe()
  const { definition, comments } = useDesigner()
  const [text, setText] = useState('')
  const [withResolved, setWithResolved] = useState(false)
  const refresh = () => client.invalidateQueries({ queryKey: ['process-comments', definition.key] })
  const say = useMutation({
    mutationFn: () => api.processes.comment(definition.key, { place, text }),
    onSuccess: () => {
      setText('')
      return refresh()
    },
  })
  const resolve = useMutation({
    mutationFn: ({ id, resolved }: { id: string; resolved: boolean }) =>
      api.processes.resolve(definition.key, id, resolved),
    onSuccess: refresh,
  })
  const here = comments.filter((one) => one.place === place)
  const resolved = here.filter((one) => one.resolved_at)
  const shown = withResolved ? here : here.filter((one) => !one.resolved_at)
  return (
    <div className={styles.talk}>
      {shown.length > 0 && (
        <ul className={styles.comments}>
          {shown.map((one) => (
            <li key={one.id} className={styles.comment} data-resolved={one.resolved_at ? '' : undefined}>
              <Avatar name={one.by_label} />
              <div>
                <p className={styles.commentHead}>
                  <strong>{one.by_label}</strong> <When at={one.at} />
                  {one.resolved_at && <span>{t('design.resolvedBy', { name: one.resolved_by_label ?? '' })}</span>}
                </p>
                <p className={styles.commentText}>{one.text}</p>
              </div>
              {administrator && (
                <Button
                  type="text"
                  size="small"
                  onClick={() => resolve.mutate({ id: one.id, resolved: !one.resolved_at })}
                >
                  {t(one.resolved_at ? 'design.reopen' : 'design.resolve')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {shown.length === 0 && <p className={styles.hint}>{t('design.noComments')}</p>}
      {resolved.length > 0 && (
        <Checkbox disabled={false} checked={withResolved} onChange={(event) => setWithResolved(event.target.checked)}>
          {t('design.showResolved', { count: resolved.length })}
        </Checkbox>
      )}
      {(say.error ?? resolve.error) && <ProblemNote error={say.error ?? resolve.error} />}
      <Input.TextArea
        disabled={false}
        aria-label={t('design.comment')}
        placeholder={t('design.commentHint')}
        autoSize={{ minRows: 2, maxRows: 8 }}
        maxLength={4000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className={styles.right}>
        <Button disabled={!text.trim()} loading={say.isPending} onClick={() => say.mutate()}>
          {t('design.say')}
        </Button>
      </div>
    </div>
  )
}
