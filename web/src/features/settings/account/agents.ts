/** A browser's name of itself, as people say it: which browser, on which system. */
export interface Device {
  browser: string
  system: string
}

// In the order in which they must be looked for: most browsers also call themselves Chrome and Safari.
const browsers: [RegExp, string][] = [
  [/MicroMessenger\//, '微信 WeChat'],
  [/wxwork\//i, '企业微信 WeCom'],
  [/DingTalk/i, '钉钉 DingTalk'],
  [/Lark\//, '飞书 Feishu'],
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/(OPR|Opera)\//, 'Opera'],
  [/(Firefox|FxiOS)\//, 'Firefox'],
  [/(Chrome|CriOS|HeadlessChrome)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const systems: [RegExp, string][] = [
  [/HarmonyOS|OpenHarmony/, 'HarmonyOS'],
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/Linux/, 'Linux'],
]

const found = (names: [RegExp, string][], agent: string) => names.find(([shape]) => shape.test(agent))?.[1]

/** `null` for what is no browser that we know. */
export function deviceOf(agent: string | null): Device | null {
  const browser = found(browsers, agent ?? '')
  const system = found(systems, agent ?? '')
  return browser && system ? { browser, system } : null
}
