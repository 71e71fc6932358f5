import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { Input, Select } from 'antd'
import { Search } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { foundPlaces, type SettingsPlace } from '@/controls/settings/places'
import styles from './settings.module.css'

/** Few pages need no search. */
const searched = 5

/** What stands together, in the order in which the first of each group comes. */
function grouped<One>(all: One[], groupOf: (one: One) => SettingsPlace['group']): [SettingsPlace['group'], One[]][] {
  const groups = new Map<SettingsPlace['group'], One[]>()
  for (const one of all) groups.set(groupOf(one), [...(groups.get(groupOf(one)) ?? []), one])
  return [...groups]
}

/** The pages of the settings under the headings of their groups, narrowed down by what is typed. */
export function Places({ places }: { places: SettingsPlace[] }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const found = foundPlaces(places, typed)
  const press = (event: KeyboardEvent) => {
    const [first] = found
    if (event.key === 'Escape') setTyped('')
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || !first || !typed.trim()) return
    setTyped('')
    void navigate({ to: first.place.to })
  }
  return (
    <nav className={styles.places} aria-label={t('settings.title')}>
      {places.length >= searched && (
        <Input
          className={styles.placeSearch ?? ''}
          variant="filled"
          allowClear
          prefix={<Search size={14} aria-hidden />}
          placeholder={t('settingsPlaces.search')}
          aria-label={t('settingsPlaces.search')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={press}
        />
      )}
      {grouped(found, (one) => one.place.group).map(([group, members]) => (
        <section key={group} aria-label={t(`settingsPlaces.groups.${group}`)}>
          <h2 className={styles.placeGroup}>{t(`settingsPlaces.groups.${group}`)}</h2>
          {members.map(({ place: { to, text, Shape }, topics }) => (
            <Link
              key={to}
              to={to}
              className={styles.place}
              activeProps={{ 'data-current': '' }}
              onClick={() => setTyped('')}
            >
              <Shape size={16} strokeWidth={1.75} aria-hidden />
              <span className={styles.placeText}>
                {text}
                {topics.length > 0 && <small>{topics.join(' · ')}</small>}
              </span>
            </Link>
          ))}
        </section>
      ))}
      <div role="status">
        {found.length === 0 && (
          <p className={styles.placeNone}>
            {t('settingsPlaces.none', { typed: typed.trim() })}
            <span className={styles.hint}>{t('settingsPlaces.noneHint')}</span>
          </p>
        )}
      </div>
    </nav>
  )
}

/** The same on a phone: the page one is on, and a list to choose another from. */
export function PlaceChoice({ places }: { places: SettingsPlace[] }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const pathname = useLocation({ select: (location) => location.pathname })
  const here = places.find((place) => pathname.startsWith(place.to))
  return (
    <nav className={styles.placeChoice} aria-label={t('settings.title')}>
      <Select
        size="large"
        aria-label={t('settingsPlaces.choose')}
        value={here?.to ?? null}
        listHeight={420}
        showSearch={{
          filterOption: (typed, option) =>
            option !== undefined &&
            'value' in option &&
            foundPlaces(places, typed).some(({ place }) => place.to === option.value),
        }}
        options={grouped(places, (place) => place.group).map(([group, members]) => ({
          label: t(`settingsPlaces.groups.${group}`),
          title: t(`settingsPlaces.groups.${group}`),
          options: members.map(({ to, text, Shape }) => ({
            value: to,
            label: (
              <span className={styles.named}>
                <Shape size={16} strokeWidth={1.75} aria-hidden />
                {text}
              </span>
            ),
          })),
        }))}
        onChange={(to) => void navigate({ to })}
      />
    </nav>
  )
}
