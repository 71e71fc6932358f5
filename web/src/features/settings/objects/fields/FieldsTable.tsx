import { useQuery } from '@tanstack/react-query'
import { App, Button, Dropdown } from 'antd'
import { Ellipsis } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { Field, ObjectDescription } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { useNotify } from '@/ui/useNotify'
import settings from '../../settings.module.css'
import { fieldTypesQuery, useSchemaRefresh } from '../useSchema'
import { TypeIcon } from './TypeIcon'

interface FieldsTableProps {
  object: ObjectDescription
  fields: Field[]
  onOpen: (field: Field) => void
  onRetype: (field: Field) => void
}

const flags = ['required', 'unique', 'readonly', 'hidden', 'personal'] as const

/** The Fields of an Object, one line each. */
export function FieldsTable({ object, fields, onOpen, onRetype }: FieldsTableProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const { data: types = [] } = useQuery(fieldTypesQuery)
  const typeName = (key: string) => label(types.find((type) => type.key === key)?.label) || key
  return (
    <div className={settings.scroll}>
      <table className={settings.table}>
        <thead>
          <tr>
            <th>{t('settings.fields.field')}</th>
            <th className={settings.wideOnly}>{t('settings.objects.key')}</th>
            <th>{t('settings.fields.type')}</th>
            <th className={settings.wideOnly}>{t('settings.fields.flags')}</th>
            <th className={settings.wideOnly}>{t('settings.objects.origin')}</th>
            <th>
              <span className="visually-hidden">{t('common.more')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr key={field.key} data-pressable="" onClick={() => onOpen(field)}>
              <td>
                <button type="button" className={settings.strong} onClick={() => onOpen(field)}>
                  {label(field.label)}
                </button>
              </td>
              <td className={`${settings.key} ${settings.wideOnly}`}>{field.key}</td>
              <td>
                <span className={settings.named}>
                  <TypeIcon type={field.type} />
                  {typeName(field.type)}
                </span>
              </td>
              <td className={settings.wideOnly}>
                <span className={settings.marks}>
                  {field.key === object.name_field && (
                    <span className={settings.mark}>{t('settings.fields.nameField')}</span>
                  )}
                  {flags
                    .filter((flag) => field[flag])
                    .map((flag) => (
                      <span key={flag} className={settings.mark}>
                        {t(`settings.fields.${flag}`)}
                      </span>
                    ))}
                </span>
              </td>
              <td className={settings.wideOnly}>{t(`settings.origins.${field.origin}`)}</td>
              <td>
                {field.origin !== 'system' && (
                  <FieldMenu object={object} field={field} onOpen={onOpen} onRetype={onRetype} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface FieldMenuProps {
  object: ObjectDescription
  field: Field
  onOpen: (field: Field) => void
  onRetype: (field: Field) => void
}

function FieldMenu({ object, field, onOpen, onRetype }: FieldMenuProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const { modal } = App.useApp()
  const notify = useNotify()
  const refresh = useSchemaRefresh()
  const name = label(field.label)
  const restore = () =>
    void api.schema
      .restoreField(object.key, field.key)
      .then(refresh)
      .then(() => notify.done(t('common.undone')), notify.failed)
  const retire = async () => {
    try {
      await api.schema.retireField(object.key, field.key)
      await refresh()
      notify.done(t('settings.fields.retired', { name }), restore)
    } catch (error) {
      notify.failed(error)
    }
  }
  const ask = () =>
    modal.confirm({
      title: t('settings.fields.retireTitle', { name }),
      content: t('settings.fields.retireHint'),
      okText: t('settings.fields.retire'),
      okButtonProps: { danger: true },
      cancelText: t('common.cancel'),
      onOk: retire,
    })
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keeps a click on the menu from opening the line as well
    // biome-ignore lint/a11y/useKeyWithClickEvents: as above
    <span onClick={(event) => event.stopPropagation()}>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'edit', label: t('common.edit'), onClick: () => onOpen(field) },
            ...(field.computed
              ? []
              : [{ key: 'retype', label: t('settings.fields.retype'), onClick: () => onRetype(field) }]),
            { type: 'divider' as const },
            { key: 'retire', danger: true, label: t('settings.fields.retire'), onClick: ask },
          ],
        }}
      >
        <Button
          type="text"
          size="small"
          icon={<Ellipsis size={16} />}
          aria-label={t('settings.fields.menu', { name })}
        />
      </Dropdown>
    </span>
  )
}
