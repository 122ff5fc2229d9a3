// What every walk through a console in Chromium stands on: the browser, steps that are counted, and words for what
// people do. Waits for conditions, never for a time.
//
//   HANGU_SHOTS       folder for screenshots            default: a new temporary folder
//   HANGU_CHROMIUM    path of the browser               default: /usr/bin/chromium
import assert from 'node:assert/strict'
import { createHash, createHmac, X509Certificate } from 'node:crypto'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'

const { chromium } = createRequire(new URL('../../web/console/package.json', import.meta.url))('playwright-core')

const patienceMs = 60_000 // a busy machine is no fault of the console

// `base` is where the console is served, without a slash at its end (a self-signed certificate is fine).
export async function openStage(base) {
  const shots = process.env.HANGU_SHOTS ?? mkdtempSync(join(tmpdir(), 'hangu-shots-'))
  mkdirSync(shots, { recursive: true })

  let passed = 0
  let failed = 0
  const faults = [] // what the browser itself complained about
  const stage = { current: null }

  async function step(name, work) {
    try {
      await work()
      passed += 1
      console.log(`  ok    ${name}`)
    } catch (error) {
      failed += 1
      console.log(`  FAIL  ${name}\n        ${String(error?.message ?? error).split('\n').slice(0, 12).join('\n        ')}`)
      await stage.current?.screenshot({ path: join(shots, `failed-${failed}.png`) }).catch(() => undefined)
      await stage.current?.reload().catch(() => undefined) // what stands open is not in the way of the next
    }
  }

  // The browser makes passkeys only where it trusts the certificate: it is told which key to trust.
  const spkiHash = await new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base)
    const socket = connect({ host: hostname, port: Number(port || 443), rejectUnauthorized: false }, () => {
      const certificate = new X509Certificate(socket.getPeerCertificate().raw)
      resolve(createHash('sha256').update(certificate.publicKey.export({ type: 'spki', format: 'der' })).digest('base64'))
      socket.end()
    })
    socket.on('error', reject)
  })

  const browser = await chromium.launch({
    executablePath: process.env.HANGU_CHROMIUM ?? '/usr/bin/chromium',
    args: [`--ignore-certificate-errors-spki-list=${spkiHash}`, '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic'],
  })

  // A browser of its own, or one more page of a browser: the same cookies.
  async function newPage(width = 1440, height = 900, of = null) {
    const context = of ?? (await browser.newContext({ ignoreHTTPSErrors: true, locale: 'zh-CN' }))
    context.setDefaultTimeout(patienceMs)
    const page = await context.newPage()
    await page.setViewportSize({ width, height })
    page.on('pageerror', (error) => faults.push(`page error: ${error}`))
    page.on('console', (message) => {
      if (/content security policy/i.test(message.text())) faults.push(message.text())
    })
    return page
  }
  const shot = (page, name) => page.screenshot({ path: join(shots, `${name}.png`) })
  const by = (page, id) => page.getByTestId(id)
  async function go(page, path, id, at = base) {
    stage.current = page
    await page.bringToFront() // what is behind does not move
    await page.goto(`${at}/#${path}`)
    if (id) await by(page, id).waitFor()
  }
  // The server as the page itself would ask it, with the cookie of the page.
  const api = (page, path, init = {}) =>
    page.evaluate(async ([path, init]) => {
      const answer = await fetch(`/api/v1${path}`, { ...init, headers: { 'Content-Type': 'application/json', ...init.headers } })
      const text = await answer.text()
      return { status: answer.status, body: text ? JSON.parse(text) : null }
    }, [path, init])
  async function answerPrompt(page, text) {
    await page.locator('.el-message-box input').fill(text)
    await page.locator('.el-message-box__btns .el-button--primary').click()
    await page.locator('.el-message-box').waitFor({ state: 'hidden' })
  }
  async function choose(page, id, text) {
    await by(page, id).click()
    await page.locator('.el-select-dropdown__item:visible', { hasText: text }).first().click()
  }
  async function listReady(page, name) {
    const list = by(page, `list-${name}`)
    await list.waitFor()
    await list.locator('[data-testid="list-row"], [data-testid^="state-"]').first().waitFor()
    return list.getByTestId('list-row')
  }
  const visible = (page, id) => page.locator(`[data-testid="${id}"]:visible`)
  const closeDrawer = async (page, name) => {
    await page.keyboard.press('Escape')
    await by(page, `drawer-${name}`).waitFor({ state: 'hidden' })
  }

  // What an authenticator app shows for a secret (RFC 6238).
  function appCode(base32) {
    const bits = [...base32].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
    const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))
    const counter = Buffer.alloc(8)
    counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
    const mac = createHmac('sha1', key).update(counter).digest()
    const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff
    return String(number % 1_000_000).padStart(6, '0')
  }
  // Nothing slides or fades any more; what turns for ever does not count.
  const settled = (page) =>
    page.waitForFunction(() => document.getAnimations().every((entry) => entry.playState !== 'running' || entry.effect?.getComputedTiming().iterations === Infinity))

  // A one-time link, a password, and for the platform's people the second factor that they must have.
  async function welcome(page, token, password, name = null, at = base) {
    stage.current = page
    await page.goto(`${at}/#/welcome?token=${token}`)
    await by(page, 'welcome-title').waitFor()
    if (name) await shot(page, name)
    await by(page, 'welcome-password').fill(password)
    await by(page, 'welcome-again').fill(password)
    await by(page, 'welcome-save').click()
  }
  async function addApp(page) {
    await by(page, 'totp-set-up').click()
    await by(page, 'totp-key').waitFor()
    assert.equal(await by(page, 'live-lost').count(), 0, 'nothing is lost for who has yet to add a second factor')
    const key = (await by(page, 'totp-key').innerText()).replaceAll(' ', '')
    await by(page, 'totp-code').fill(appCode(key))
    await by(page, 'totp-confirm').click()
    const recovery = (await visible(page, 'one-time-secret').innerText()).split('\n')
    await visible(page, 'one-time-done').click()
    await by(page, 'totp-on').waitFor()
    return recovery
  }

  const frameWords = 'h1, th, dt, .el-form-item__label, [data-testid="side-menu"], [data-testid^="state-"]'

  // What is wider than the window, and Chinese words of ours on an English page.
  async function flaws(page, locale, where) {
    const found = []
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    if (over > 0) found.push(`${where}: ${over} px too wide`)
    if (locale === 'en') {
      const words = await page.locator(frameWords).evaluateAll((all) => all.map((entry) => entry.textContent ?? '').filter((text) => /[\u4e00-\u9fff]/.test(text)))
      found.push(...words.map((text) => `${where}: ${text.trim()}`))
    }
    return found
  }
  // One page looked at in every language and width; `open` brings each there.
  const looks = [[1440, 1000, 'zh-CN'], [1440, 1000, 'en'], [390, 1300, 'zh-CN'], [390, 1300, 'en']] // high: all is seen
  async function newLooks(of) {
    const pages = []
    for (const [width, height, locale] of looks) {
      const page = await newPage(width, height, of)
      await page.addInitScript((chosen) => localStorage.setItem('hangu.locale', JSON.stringify(chosen)), locale)
      pages.push({ page, locale, width })
    }
    return pages
  }
  async function lookAt(pages, name, open) {
    const found = []
    for (const { page, locale, width } of pages) {
      stage.current = page
      await page.bringToFront()
      await open(page)
      await settled(page)
      await shot(page, `${name}-${width}-${locale}`)
      found.push(...(await flaws(page, locale, `${name} ${width}`)))
    }
    assert.deepEqual(found, [])
  }
  // Says what came of it, and ends the process; `tidy` first ends what the walk itself started.
  async function finish(tidy = async () => undefined) {
    await step('the browser had nothing to complain about', async () => {
      assert.deepEqual(faults, [])
    })
    await browser.close()
    await tidy()
    console.log(`screenshots: ${shots}`)
    console.log(`${passed} passed, ${failed} failed`)
    process.exit(failed > 0 ? 1 : 0)
  }

  return Object.assign(stage, { addApp, answerPrompt, api, appCode, by, choose, closeDrawer, faults, finish, flaws, go, listReady, lookAt, newLooks, newPage, settled, shot, step, visible, welcome })
}
