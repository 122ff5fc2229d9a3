// The platform's own console against a running server: its people sign in with a second factor, see what is going on at
// merchants, unlock an account and freeze a merchant.
//
//   HANGU_PLATFORM    https://127.0.0.1:PORT    where the platform's console is served
//   HANGU_URL         https://127.0.0.1:PORT    where the merchants' is
//   HANGU_TOKEN_LINK  the token of a one-time link for the first operator
//   HANGU_MERCHANT    code of a merchant with an owner called "owner"
//
// And what stage.mjs takes. Ends with "N passed, N failed" and fails if anything failed.
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { openStage } from './stage.mjs'

const base = (process.env.HANGU_PLATFORM ?? '').replace(/\/$/, '')
const shop = (process.env.HANGU_URL ?? '').replace(/\/$/, '')
const token = process.env.HANGU_TOKEN_LINK ?? ''
const merchant = process.env.HANGU_MERCHANT ?? 'demo'
if (!base || !shop || !token) {
  console.error('HANGU_PLATFORM, HANGU_URL and HANGU_TOKEN_LINK are needed')
  process.exit(2)
}
const stage = await openStage(base)
const { addApp, answerPrompt, api, by, finish, flaws, go, listReady, newPage, settled, shot, step, welcome } = stage
const password = `Pass-${randomUUID()}`
let recovery = []

const A = await newPage()

console.log('platform console')
await step('a one-time link opens the platform console, which first wants a second factor', async () => {
  await welcome(A, token, password, '40-platform-welcome')
  await by(A, 'my-safety').waitFor()
  assert.equal((await api(A, '/platform/merchants')).status, 403)
  await go(A, '/merchants', 'my-safety') // there is no way around
  await by(A, 'password-warning').waitFor()
  recovery = await addApp(A)
})
await step('nothing is going on at first, and the merchants are listed', async () => {
  await go(A, '/')
  await by(A, 'going-on-nothing').waitFor()
  assert.equal(await by(A, 'tenant-name').innerText(), '平台控制台')
  assert.equal(await by(A, 'menu-orders').count(), 0)
  await shot(A, '41-platform-calm')
  await by(A, 'menu-merchants').click()
  const rows = await listReady(A, 'merchants')
  assert.ok((await rows.count()) >= 1)
  await shot(A, '42-platform-merchants')
})
await step('a session of the one console opens nothing at the other', async () => {
  const cookies = await A.context().cookies()
  assert.ok(cookies.some((one) => one.name === '__Host-hangu_platform'))
  assert.ok(!cookies.some((one) => one.name === '__Host-hangu_merchant'))
  const B = await A.context().newPage()
  await B.goto(`${shop}/`)
  await by(B, 'sign-in-form').waitFor()
  await by(B, 'sign-in-tenant').waitFor() // a merchant's people say whose they are
  assert.equal((await api(B, '/session')).status, 401)
  assert.equal((await api(B, '/platform/merchants')).status, 404)
  await B.close()
})
await step('strangers who guess at a merchant are seen at the platform while they do it', async () => {
  stage.current = A
  await go(A, '/going-on', 'going-on-nothing')
  const S = await newPage()
  await S.goto(`${shop}/#/sign-in`)
  await by(S, 'sign-in-form').waitFor()
  for (let i = 0; i < 5; i += 1) {
    await api(S, '/session', { method: 'POST', body: JSON.stringify({ tenant_code: merchant, login_name: 'owner', password: `guess ${i}` }) })
  }
  await S.context().close()
  await by(A, 'going-on-merchant').waitFor() // by itself
  await shot(A, '43-platform-going-on')
  await by(A, 'going-on-open').click()
  await by(A, 'drawer-merchant').getByTestId('lock-out').waitFor()
  await settled(A)
  await shot(A, '44-platform-merchant')
})
await step('the ledger of that merchant shows who tried, and has no business data', async () => {
  await by(A, 'merchant-ledger').click()
  const rows = await listReady(A, 'merchant_sign_ins')
  await rows.first().waitFor()
  await settled(A)
  await shot(A, '45-platform-ledger')
  assert.equal((await api(A, '/orders')).status, 404)
  assert.equal((await api(A, '/members')).status, 404)
})
await step('a locked account is unlocked with a reason', async () => {
  await go(A, `/merchants/${merchant}`, 'drawer-merchant')
  await by(A, 'lock-out-unlock').first().click()
  await answerPrompt(A, 'the owner called us')
  await by(A, 'no-lock-outs').waitFor()
  await go(A, '/audit')
  await listReady(A, 'audit')
  await A.locator('[data-testid="list-row"]', { hasText: merchant }).first().waitFor()
  await settled(A)
  await shot(A, '46-platform-audit')
})
await step('a merchant is frozen with a reason and thawed again', async () => {
  await go(A, `/merchants/${merchant}`, 'drawer-merchant')
  await by(A, 'merchant-freeze').click()
  await answerPrompt(A, 'the walk freezes it')
  await by(A, 'merchant-thaw').waitFor()
  await settled(A)
  await shot(A, '47-platform-frozen')
  await by(A, 'merchant-thaw').click()
  await answerPrompt(A, 'and thaws it again')
  await by(A, 'merchant-freeze').waitFor()
})
await step('what the platform was told is listed, and rings the bell', async () => {
  await go(A, '/platform-notices')
  await listReady(A, 'platform_notices')
  await settled(A)
  await shot(A, '48-platform-notices')
  await go(A, '/notices', 'notices')
  await settled(A)
  await shot(A, '49-platform-bell')
})
const pages = {
  'going-on': null, merchants: 'merchants', 'merchant-sign-ins': null, 'platform-notices': 'platform_notices', staff: 'staff', roles: 'roles', reviews: 'reviews', organisation: null,
  audit: 'audit', 'sign-ins': 'sign_ins', 'lock-outs': null, channels: 'channels', notices: null, 'my-safety': null,
}
for (const [width, height, locale] of [[1440, 900, 'en'], [390, 844, 'zh-CN']]) {
  await step(`every page of it at ${width} px in ${locale}; signing in asks for the second step`, async () => {
    const P = await newPage(width, height)
    stage.current = P
    await P.addInitScript((chosen) => localStorage.setItem('hangu.locale', JSON.stringify(chosen)), locale)
    await go(P, '/going-on')
    await by(P, 'sign-in-form').waitFor()
    assert.equal(await by(P, 'sign-in-tenant').count(), 0)
    await shot(P, `50-platform-${width}-sign-in`)
    const found = await flaws(P, locale, 'sign-in')
    await by(P, 'sign-in-login').fill('operator')
    await by(P, 'sign-in-password').fill(password)
    await by(P, 'sign-in-submit').click()
    await by(P, 'second-step-form').waitFor()
    await by(P, 'second-step-code').fill(recovery.pop())
    await by(P, 'second-step-submit').click()
    await by(P, 'going-on').waitFor()
    for (const [path, list] of Object.entries(pages)) {
      await go(P, `/${path}`, `page-${path.replaceAll('-', '_')}`)
      if (list) await listReady(P, list)
      await settled(P)
      await shot(P, `50-platform-${width}-${path}`)
      found.push(...(await flaws(P, locale, path)))
    }
    assert.deepEqual(found, [])
    await P.context().close()
  })
}
await finish()
