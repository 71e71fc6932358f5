import {
  AtSign,
  Calendar,
  CalendarClock,
  CircleDot,
  Coins,
  Globe,
  Hash,
  Link2,
  ListChecks,
  type LucideIcon,
  MapPin,
  Network,
  Percent,
  Phone,
  Sigma,
  SquareFunction,
  TextAlignStart,
  ToggleLeft,
  Type,
  User,
  Wallet,
  Workflow,
} from 'lucide-react'

const shapes: Record<string, LucideIcon> = {
  text: Type,
  long_text: TextAlignStart,
  number: Hash,
  money: Wallet,
  currency: Coins,
  percent: Percent,
  boolean: ToggleLeft,
  date: Calendar,
  instant: CalendarClock,
  choice: CircleDot,
  choices: ListChecks,
  link: Link2,
  person: User,
  department: Network,
  email: AtSign,
  phone: Phone,
  url: Globe,
  region: MapPin,
  autonumber: Workflow,
  formula: SquareFunction,
  rollup: Sigma,
}

/** The mark of a field type. */
export function TypeIcon({ type, size = 16 }: { type: string; size?: number }) {
  const Shape = shapes[type] ?? Type
  return <Shape size={size} strokeWidth={1.75} aria-hidden />
}

/** The order in which types are offered: the common ones first. */
export const typeOrder = Object.keys(shapes)
