import { Button, Dropdown, Tooltip } from 'antd'
import { Check, Languages, Monitor, Moon, Sun } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { languages } from '@/i18n'
import { useLanguage } from '@/kernel/language'
import type { ThemeChoice } from '@/kernel/preferences'
import { useSetLanguage } from '@/kernel/session'
import { useTheme } from './theme'

const themeIcons = { light: Sun, dark: Moon, system: Monitor }
const themes: ThemeChoice[] = ['light', 'dark', 'system']

/** The mark before what is chosen; the same width where nothing is. */
export function Chosen({ chosen }: { chosen: boolean }) {
  return <Check size={14} aria-hidden style={{ visibility: chosen ? 'visible' : 'hidden' }} />
}

/** The switch between the languages of the pages. */
export function LanguageSwitch() {
  const { t } = useTranslation()
  const current = useLanguage()
  const choose = useSetLanguage()
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: languages.map((language) => ({
          key: language,
          label: t(`common.languages.${language}`),
          icon: <Chosen chosen={language === current} />,
          onClick: () => void choose(language),
        })),
      }}
    >
      <Tooltip title={t('common.appearance.language')}>
        <Button type="text" icon={<Languages size={16} />} aria-label={t('common.appearance.language')} />
      </Tooltip>
    </Dropdown>
  )
}

/** The switch between light, dark and as the system has it. */
export function ThemeSwitch() {
  const { t } = useTranslation()
  const { choice, choose, mode } = useTheme()
  const Shape = themeIcons[mode]
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: themes.map((theme) => ({
          key: theme,
          label: t(`common.appearance.${theme}`),
          icon: <Chosen chosen={theme === choice} />,
          onClick: () => choose(theme),
        })),
      }}
    >
      <Tooltip title={t('common.appearance.theme')}>
        <Button type="text" icon={<Shape size={16} />} aria-label={t('common.appearance.theme')} />
      </Tooltip>
    </Dropdown>
  )
}
