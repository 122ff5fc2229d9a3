// Every field of every page that takes a secret: hidden while it is typed, open to paste and to password managers.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

function pages(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? pages(path) : path.endsWith('.vue') ? [path] : []
  })
}
const root = join(process.cwd(), 'src')
const inputs = pages(root).flatMap((path) =>
  [...readFileSync(path, 'utf8').matchAll(/<(?:el-input|input)\s[^>]*>/g)].map(([tag]) => ({ path, tag })))

it('hide a password while it is typed, and show it when asked to', () => {
  const found = inputs.filter(({ tag }) => /password/i.test(tag) && !/autocomplete="(?:username|one-time-code)"/.test(tag))
  expect(found.length).toBeGreaterThanOrEqual(6)
  for (const { path, tag } of found) {
    expect(tag, path).toContain('type="password"')
    expect(tag, path).toContain('show-password')
    expect(tag, path).toMatch(/autocomplete="(?:current|new)-password"/)
  }
})

it('let people paste and let password managers fill', () => {
  for (const { path, tag } of inputs) expect(tag, path).not.toMatch(/autocomplete="off"|@paste|@copy|onpaste/)
  for (const path of pages(root)) expect(readFileSync(path, 'utf8'), path).not.toMatch(/@paste[.=]|addEventListener\('paste'/)
})
