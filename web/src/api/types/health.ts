/** How a record stands. */
import type { Text } from './catalogue'

export interface HealthSignal {
  key: string
  level: string
  label: Text
  /** The Condition in words. */
  condition: Text
  /** What is to be done about it. */
  action: Text
  evidence: { field: string; says: Text; value: unknown }[]
}

export interface RecordHealth {
  level: { key: string; label: Text; meaning: Text; action: Text; color: string | null } | null
  signals: HealthSignal[]
  /** Signals that cannot be judged. */
  unknown: Text[]
}
