/** What the palette offers besides records: pages and commands. */
import { useNavigate } from '@tanstack/react-router'
import { Columns3, FileUp, Languages, Moon, NotebookPen, Plus, Rows3, Stamp, Sun, Trash2, Undo2 } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Text } from '@/api/types'
import { useSettingsPlaces } from '@/controls/settings/places'
import { may, useObjects } from '@/kernel/describe'
import { useLabel, useLanguage } from '@/kernel/language'
import { useSetLanguage } from '@/kernel/session'
import { useUndo } from '@/kernel/undo'
import { ObjectIcon } from '@/ui/Icon'
import { useOverlays } from '@/ui/overlays'
import { useTheme } from '@/ui/theme'
import { useNotify } from '@/ui/useNotify'

export interface Entry {
  key: string
  icon: ReactNode
  label: string
  hint?: string
  /** Everything by which it is found. */
  words: string[]
  run: () => void
  /** A second way to run it (Shift with Enter). */
  also?: () => void
}

const icon = (Shape: typeof Plus) => <Shape size={16} strokeWidth={1.75} aria-hidden />
const both = (text: Text) => [text.zh, text.en]

export function usePages(): Entry[] {
  const { t } = useTranslation()
  const label = useLabel()
  const objects = useObjects()
  const settings = useSettingsPlaces()
  const navigate = useNavigate()
  return useMemo(() => {
    const pages: Entry[] = objects.flatMap((object) => {
      const to = (path: '/o/$object' | '/o/$object/board') => () =>
        void navigate({ to: path, params: { object: object.key } })
      const name = label(object.label_plural)
      const words = [...both(object.label_plural), object.key]
      const list: Entry = {
        key: `list:${object.key}`,
        icon: <ObjectIcon name={object.icon} />,
        label: name,
        words,
        ...(object.processes.length > 0 && { hint: t('palette.list') }),
        run: to('/o/$object'),
      }
      if (object.processes.length === 0) return [list]
      return [
        {
          ...list,
          key: `board:${object.key}`,
          icon: icon(Columns3),
          hint: t('palette.board'),
          words: [...words, '看板', 'board'],
          run: to('/o/$object/board'),
        },
        { ...list, icon: icon(Rows3), words: [...words, '列表', 'list'] },
      ]
    })
    const place = (key: string, shape: typeof Plus, text: string, words: string[], run: () => void): Entry => ({
      key,
      icon: icon(shape),
      label: text,
      words: [text, ...words],
      run,
    })
    if (objects.some((object) => object.processes.length > 0)) {
      const words = ['审批', 'approvals inbox']
      pages.push(place('approvals', Stamp, t('approvals.title'), words, () => void navigate({ to: '/approvals' })))
    }
    pages.push(
      place(
        'work-log',
        NotebookPen,
        t('workLog.title'),
        ['工作日志', 'work log'],
        () => void navigate({ to: '/work-log' }),
      ),
      ...(objects.some((object) => may(object, 'import'))
        ? [place('imports', FileUp, t('shell.imports'), ['导入', 'import'], () => void navigate({ to: '/imports' }))]
        : []),
      place(
        'recycle',
        Trash2,
        t('shell.recycle'),
        ['回收站', 'recycle bin trash'],
        () => void navigate({ to: '/recycle' }),
      ),
    )
    for (const { to, text, topics, Shape } of settings) {
      const hint = to === '/settings/account' ? {} : { hint: t('settings.title') }
      pages.push({ ...place(to, Shape, text, topics, () => void navigate({ to })), ...hint })
    }
    return pages
  }, [t, label, objects, settings, navigate])
}

export function useCommands(): Entry[] {
  const { t } = useTranslation()
  const label = useLabel()
  const language = useLanguage()
  const objects = useObjects()
  const overlays = useOverlays()
  const setLanguage = useSetLanguage()
  const theme = useTheme()
  const undo = useUndo()
  const notify = useNotify()
  return useMemo(() => {
    const creates: Entry[] = objects
      .filter((object) => may(object, 'create'))
      .map((object) => ({
        key: `create:${object.key}`,
        icon: icon(Plus),
        label: t('common.createObject', { object: label(object.label) }),
        words: [`新建${object.label.zh}`, `new ${object.label.en}`],
        run: () => overlays.create({ object: object.key }),
      }))
    const other = language === 'zh' ? 'en' : 'zh'
    const next = theme.mode === 'light' ? 'dark' : 'light'
    return [
      ...creates,
      {
        key: 'undo',
        icon: icon(Undo2),
        label: t('palette.undo'),
        words: ['撤销上一步', 'undo last action'],
        run: () => void undo().then(() => notify.done(t('common.undone')), notify.failed),
      },
      {
        key: 'theme',
        icon: icon(next === 'dark' ? Moon : Sun),
        label: t(`palette.${next}`),
        words: ['外观 深色 浅色', 'theme dark light'],
        run: () => theme.choose(next),
      },
      {
        key: 'language',
        icon: icon(Languages),
        label: t('palette.language', { language: t(`common.languages.${other}`) }),
        words: ['语言 中文 英文', 'language english chinese'],
        run: () => void setLanguage(other),
      },
    ]
  }, [t, label, language, objects, overlays, setLanguage, theme, undo, notify])
}
