/**
 * The one file of design tokens: every colour, size and face that a page may use. `cssVariables` gives them to the
 * style sheets as `--lr-*`, `antTheme` gives the same ones to Ant Design.
 */
import type { ThemeConfig } from 'antd'

export type Mode = 'light' | 'dark'

const light = {
  /** Behind everything: navigation, empty space. */
  ground: '#f6f8f8',
  /** Where records are read and edited. */
  surface: '#ffffff',
  /** Popovers, drawers, cards that lie above a surface. */
  raised: '#ffffff',
  /** Table heads, footers, quiet wells. */
  sunken: '#fafbfb',
  hover: '#f0f4f4',
  selected: '#e3f3f0',
  line: '#e4e9e9',
  lineStrong: '#cdd6d6',
  text: '#17211f',
  textSoft: '#536260',
  textFaint: '#66736f',
  /** The mark itself; the same in both modes. */
  mark: '#0f766e',
  brand: '#0f766e',
  brandHover: '#0b655e',
  brandSoft: '#e3f3f0',
  brandText: '#0b655e',
  onBrand: '#ffffff',
  danger: '#b42318',
  dangerSoft: '#fdeceb',
  warning: '#8a5a00',
  warningSoft: '#fdf3dc',
  success: '#1a7340',
  successSoft: '#e6f5eb',
  info: '#1f5fa8',
  infoSoft: '#e8f1fb',
  shadow: '0 1px 2px rgb(16 32 30 / 5%), 0 8px 24px rgb(16 32 30 / 9%)',
  shadowSmall: '0 1px 2px rgb(16 32 30 / 7%)',
  scrim: 'rgb(16 28 26 / 36%)',
}

const dark: typeof light = {
  ground: '#0f1313',
  surface: '#161b1b',
  raised: '#1d2424',
  sunken: '#131818',
  hover: '#1f2727',
  selected: '#153430',
  line: '#283131',
  lineStrong: '#3b4747',
  text: '#e6ecea',
  textSoft: '#a3b0ad',
  textFaint: '#8b9996',
  mark: '#0f766e',
  brand: '#2fb8a8',
  brandHover: '#4cc9ba',
  brandSoft: '#143430',
  brandText: '#63d3c5',
  onBrand: '#04201d',
  danger: '#f58a80',
  dangerSoft: '#3d1c19',
  warning: '#e6b450',
  warningSoft: '#38290b',
  success: '#6ccf92',
  successSoft: '#12321f',
  info: '#82b6f2',
  infoSoft: '#14283f',
  shadow: '0 1px 2px rgb(0 0 0 / 40%), 0 12px 32px rgb(0 0 0 / 45%)',
  shadowSmall: '0 1px 2px rgb(0 0 0 / 40%)',
  scrim: 'rgb(0 0 0 / 55%)',
}

export type Palette = typeof light
export const palettes: Record<Mode, Palette> = { light, dark }

/** The colours a choice or a state may carry, by the name kept in the catalogue: text/dot colour and quiet ground. */
export const choiceColors = {
  gray: { light: ['#55605e', '#eef1f1'], dark: ['#b3bfbc', '#272f2f'] },
  red: { light: ['#b42318', '#fdeceb'], dark: ['#f58a80', '#3d1c19'] },
  orange: { light: ['#a3460b', '#fdeee2'], dark: ['#f2a168', '#3a220f'] },
  gold: { light: ['#8a5a00', '#fdf3dc'], dark: ['#e6b450', '#38290b'] },
  green: { light: ['#1a7340', '#e6f5eb'], dark: ['#6ccf92', '#12321f'] },
  teal: { light: ['#0b655e', '#e0f3f0'], dark: ['#63d3c5', '#143430'] },
  cyan: { light: ['#0a6480', '#e2f3f8'], dark: ['#6cc7e3', '#10303c'] },
  blue: { light: ['#1f5fa8', '#e8f1fb'], dark: ['#82b6f2', '#14283f'] },
  geekblue: { light: ['#4549b0', '#ecedfb'], dark: ['#a5a8f5', '#222450'] },
  purple: { light: ['#7440a8', '#f4ecfb'], dark: ['#c79bf0', '#321f47'] },
  pink: { light: ['#a8326f', '#fcebf3'], dark: ['#f093bf', '#3d1a2c'] },
} as const satisfies Record<string, Record<Mode, readonly [string, string]>>

export type ChoiceColor = keyof typeof choiceColors
export const choiceColorNames = Object.keys(choiceColors) as ChoiceColor[]

const fontFamily =
  '-apple-system, BlinkMacSystemFont, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", "Segoe UI", Roboto, "Helvetica Neue", sans-serif'
const monoFamily = 'ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", Menlo, Consolas, monospace'

/** Sizes in CSS pixels, on an 8 px grid with a 4 px half step. */
export const sizes = {
  font: 14,
  fontSmall: 12,
  fontLarge: 16,
  fontTitle: 18,
  row: 36,
  control: 32,
  controlSmall: 26,
  topBar: 48,
  navigation: 224,
  navigationNarrow: 52,
  phoneBar: 56,
  radius: 6,
  radiusLarge: 10,
  drawer: 480,
  drawerWide: 720,
} as const

/** Below this width (CSS pixels) pages take their phone form. */
export const phoneWidth = 768

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** The tokens as CSS custom properties for one mode, ready for a `<style>` element. */
export function cssVariables(mode: Mode): string {
  const lines = Object.entries(palettes[mode]).map(([name, value]) => `--lr-${kebab(name)}: ${value};`)
  for (const [name, value] of Object.entries(sizes)) lines.push(`--lr-${kebab(name)}: ${value}px;`)
  for (const [name, pair] of Object.entries(choiceColors)) {
    lines.push(`--lr-choice-${name}: ${pair[mode][0]};`, `--lr-choice-${name}-soft: ${pair[mode][1]};`)
  }
  lines.push(`--lr-face: ${fontFamily};`, `--lr-mono: ${monoFamily};`, `color-scheme: ${mode};`)
  return `:root{${lines.join('')}}`
}

/** The same tokens in Ant Design's words. */
export function antTheme(mode: Mode): ThemeConfig {
  const p = palettes[mode]
  return {
    token: {
      colorPrimary: p.brand,
      colorPrimaryHover: p.brandHover,
      colorLink: p.brandText,
      colorLinkHover: p.brandHover,
      colorInfo: p.brand,
      colorError: p.danger,
      colorWarning: p.warning,
      colorSuccess: p.success,
      // Grounds of notes; Ant Design would mix its own from the colours above, which are those of text.
      colorErrorBg: p.dangerSoft,
      colorWarningBg: p.warningSoft,
      colorSuccessBg: p.successSoft,
      colorInfoBg: p.infoSoft,
      colorErrorBorder: p.dangerSoft,
      colorWarningBorder: p.warningSoft,
      colorSuccessBorder: p.successSoft,
      colorInfoBorder: p.infoSoft,
      colorText: p.text,
      colorTextSecondary: p.textSoft,
      colorTextTertiary: p.textFaint,
      colorTextQuaternary: p.textFaint,
      colorTextPlaceholder: p.textFaint,
      colorTextDescription: p.textSoft,
      colorTextLightSolid: p.onBrand,
      colorBgBase: p.surface,
      colorBgContainer: p.surface,
      colorBgElevated: p.raised,
      colorBgLayout: p.ground,
      colorBgMask: p.scrim,
      colorBorder: p.lineStrong,
      colorBorderSecondary: p.line,
      colorSplit: p.line,
      controlItemBgHover: p.hover,
      controlItemBgActive: p.selected,
      controlItemBgActiveHover: p.selected,
      fontFamily,
      fontSize: sizes.font,
      controlHeight: sizes.control,
      controlHeightSM: sizes.controlSmall,
      borderRadius: sizes.radius,
      borderRadiusLG: sizes.radiusLarge,
      boxShadow: p.shadow,
      boxShadowSecondary: p.shadow,
      wireframe: false,
      motionDurationMid: '0.14s',
      motionDurationSlow: '0.2s',
    },
    components: {
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', fontWeight: 500 },
      Tooltip: {
        colorBgSpotlight: mode === 'light' ? '#1e2928' : '#e6ecea',
        colorTextLightSolid: mode === 'light' ? '#ffffff' : '#17211f',
      },
      Tag: { defaultBg: p.hover },
      Form: { verticalLabelPadding: '0 0 4px', itemMarginBottom: 16, labelColor: p.textSoft },
      Drawer: { paddingLG: 20 },
      Modal: { titleFontSize: sizes.fontLarge },
    },
  }
}
