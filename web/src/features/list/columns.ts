/** Columns of a list: paths with their Fields, widths and what else must be read to draw them. */
import type { ObjectDescription } from '@/api/types'
import { controlOf } from '@/controls/registry'
import type { Language } from '@/i18n'
import { processOf } from '@/kernel/describe'
import { readText } from '@/kernel/language'
import type { PathField } from '@/kernel/paths'

export interface Column {
  path: string
  source: PathField
  width: number
  align: 'start' | 'end'
  /** Whether the Field belongs to the record itself, not to one it links to. */
  own: boolean
}

export interface ColumnSetting {
  key: string
  width?: number
}

const nameWidth = 264
export const narrowest = 64
export const widest = 720

/** What a list shows before anybody chose: the layout's columns, else the first Fields that are not hidden. */
export function startColumns(object: ObjectDescription): ColumnSetting[] {
  const wanted = object.layouts.list?.columns
  const keys = wanted?.length
    ? wanted
    : object.fields
        .filter((field) => !field.hidden)
        .map((field) => field.key)
        .slice(0, 8)
  const ordered = [object.name_field, ...keys.filter((key) => key !== object.name_field)]
  return ordered.map((key) => ({ key }))
}

/** About how wide a text is drawn, in CSS pixels. */
const widthOf = (text: string): number => [...text].reduce((sum, one) => sum + (one > '\u2e80' ? 13 : 7), 0)

/** The width at which the longest choice of a Field still shows in full. */
function choiceWidth({ field, owner }: PathField, language: Language): number {
  const labels =
    processOf(owner, field.key)?.states.map((state) => state.label) ?? field.choices.map((choice) => choice.label)
  const longest = Math.max(0, ...labels.map((label) => widthOf(readText(label, language))))
  return Math.max(96, Math.min(220, longest + 48))
}

/** The columns that can be drawn, the name first. */
export function columnsOf(
  object: ObjectDescription,
  settings: ColumnSetting[],
  paths: Map<string, PathField>,
  widths: Record<string, number>,
  language: Language,
): Column[] {
  return settings.flatMap(({ key, width }) => {
    const source = paths.get(key)
    if (!source) return []
    const control = controlOf(source.field.type)
    const numeric = source.field.kind === 'number'
    const usual = source.field.type === 'choice' ? choiceWidth(source, language) : control.width
    const start = key === object.name_field ? nameWidth : usual
    return [
      {
        path: key,
        source,
        width: widths[key] ?? width ?? start,
        align: numeric ? 'end' : control.align,
        own: !key.includes('.'),
      },
    ]
  })
}

/** Everything to read for the columns: their paths, the name, and neighbours such as an amount's currency. */
export function selectOf(object: ObjectDescription, columns: Column[]): string[] {
  const wanted = new Set<string>([object.name_field])
  for (const { path, source } of columns) {
    wanted.add(path)
    const prefix = path.slice(0, path.lastIndexOf('.') + 1)
    if (source.field.currency_field) wanted.add(prefix + source.field.currency_field)
    const process = processOf(source.owner, source.field.key)
    if (process?.process_field) wanted.add(prefix + process.process_field)
  }
  return [...wanted]
}

/** Whether a column can be summed: amounts and plain numbers, not percentages. */
export const isSummable = ({ source: { field } }: Column): boolean =>
  field.kind === 'number' &&
  field.type !== 'percent' &&
  (field.computed || field.type === 'money' || field.type === 'number')
