// "Chrome 120 · Windows" of what a browser says of itself; the text as it is when nothing is known.
const browsers: [RegExp, string][] = [
  [/MicroMessenger\/(\d+)/, 'WeChat'], [/Edg\/(\d+)/, 'Edge'], [/OPR\/(\d+)/, 'Opera'], [/Firefox\/(\d+)/, 'Firefox'],
  [/(?:Headless)?Chrome\/(\d+)/, 'Chrome'], [/Version\/(\d+).*Safari/, 'Safari'],
]
const systems: [RegExp, string][] = [
  [/HarmonyOS/, 'HarmonyOS'], [/Android/, 'Android'], [/iPhone/, 'iPhone'], [/iPad/, 'iPad'], [/Windows/, 'Windows'], [/Mac OS X/, 'macOS'], [/Linux/, 'Linux'],
]

export function browserName(agent: string): string {
  const browser = browsers.map(([pattern, name]) => ({ name, found: pattern.exec(agent) })).find((one) => one.found)
  const system = systems.find(([pattern]) => pattern.test(agent))?.[1]
  const name = browser ? `${browser.name} ${browser.found?.[1] ?? ''}`.trim() : ''
  return [name, system].filter(Boolean).join(' · ') || agent || '–'
}
