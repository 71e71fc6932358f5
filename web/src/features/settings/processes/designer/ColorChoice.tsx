import { useTranslation } from 'react-i18next'
import { choiceColorNames } from '@/ui/tokens'
import styles from './designer.module.css'

interface ColorChoiceProps {
  value: string | null | undefined
  onChange: (color: string) => void
  disabled: boolean
}

/** The colours of the tokens in a row. */
export function ColorChoice({ value, onChange, disabled }: ColorChoiceProps) {
  const { t } = useTranslation()
  return (
    <fieldset className={styles.colors} disabled={disabled}>
      <legend className={styles.legend}>{t('settings.choices.color')}</legend>
      <div className={styles.swatches}>
        {choiceColorNames.map((name) => (
          <button
            key={name}
            type="button"
            className={styles.swatch}
            aria-pressed={name === value}
            aria-label={t(`settings.colors.${name}`)}
            title={t(`settings.colors.${name}`)}
            onClick={() => onChange(name)}
          >
            <span style={{ background: `var(--lr-choice-${name})` }} />
          </button>
        ))}
      </div>
    </fieldset>
  )
}
